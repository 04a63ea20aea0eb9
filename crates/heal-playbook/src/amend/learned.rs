use heal_model::{
    Action, Anchor, Applicability, CaptureType, Content, Expectation, FileTrigger, LineChange, LinePosition,
    Occurrences, PatternKind, PatternTemplate, Provenance, Rule, RuleTest, Safety, Severity, Step, Template,
    Trigger, Verify,
};
use serde_json::{Map, Value, json};

use super::{AmendError, observed};

/// A learned rule as it is written. What lessons never have is refused: a rule that runs commands is a person's to write.
pub(super) fn written(rule: &Rule) -> Result<Value, AmendError> {
    if rule.retry.is_some() || rule.timeout.is_some() {
        return Err(AmendError::Unwritable { what: "a policy of its own" });
    }
    let mut map = Map::new();
    put(&mut map, "id", Some(rule.id.rule()));
    put(&mut map, "title", Some(rule.title.as_str()));
    put(&mut map, "category", rule.category.as_deref());
    put(&mut map, "severity", Some(rule.severity).filter(|severity| *severity != Severity::default()));
    put(&mut map, "safety", Some(rule.safety).filter(|safety| *safety != Safety::default()));
    put(&mut map, "explain", rule.explain.as_deref());
    put_some(&mut map, "links", json!(rule.links));
    put_some(&mut map, "also", json!(rule.also));
    let captures = rule.captures.iter().map(|(name, kind)| (name.clone(), capture_type(kind)));
    put_some(&mut map, "captures", captures.collect());
    map.insert("trigger".to_owned(), observed::trigger(&rule.trigger)?);
    put_some(&mut map, "steps", rule.steps.iter().map(step).collect::<Result<_, _>>()?);
    if let Some(verified) = &rule.verify {
        map.insert("verify".to_owned(), verify(verified)?);
    }
    put_some(&mut map, "tests", rule.tests.iter().map(test).collect());
    put_some(&mut map, "learned", rule.learned.as_ref().map(provenance).unwrap_or_default());
    Ok(Value::Object(map))
}

/// Adds a key that may be left out.
fn put(map: &mut Map<String, Value>, key: &str, value: Option<impl serde::Serialize>) {
    if let Some(value) = value {
        map.insert(key.to_owned(), json!(value));
    }
}

/// Adds a list or map unless it is empty.
fn put_some(map: &mut Map<String, Value>, key: &str, value: Value) {
    let empty = match &value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        other => other.is_null(),
    };
    if !empty {
        map.insert(key.to_owned(), value);
    }
}

fn capture_type(kind: &CaptureType) -> Value {
    match kind {
        CaptureType::Ident => json!("ident"),
        CaptureType::Path => json!("path"),
        CaptureType::Version => json!("version"),
        CaptureType::Int => json!("int"),
        CaptureType::Line => json!("line"),
        CaptureType::Enum(texts) => json!({ "enum": texts }),
    }
}

fn step(step: &Step) -> Result<Value, AmendError> {
    if step.retry.is_some() || step.timeout.is_some() {
        return Err(AmendError::Unwritable { what: "a step with a policy of its own" });
    }
    let (name, body) = action(&step.action)?;
    let mut map = Map::new();
    map.insert(name.to_owned(), body);
    put(&mut map, "as", step.bind.as_deref());
    put(&mut map, "when", step.when.as_ref().map(condition).transpose()?);
    Ok(Value::Object(map))
}

/// The one condition that learned steps have: that some line of a file fits.
fn condition(when: &Trigger) -> Result<Value, AmendError> {
    let unwritable = AmendError::Unwritable { what: "a step's condition other than `contains`" };
    let Trigger::File(file) = when else { return Err(unwritable) };
    match &file.contains {
        Some(pattern)
            if *file == (FileTrigger { contains: Some(pattern.clone()), ..FileTrigger::at(&file.path) }) =>
        {
            Ok(json!({ "file": { "path": file.path, "contains": pattern.source } }))
        }
        _ => Err(unwritable),
    }
}

fn action(action: &Action) -> Result<(&'static str, Value), AmendError> {
    Ok(match action {
        Action::Find(find) => {
            let mut map = Map::new();
            map.insert("files".to_owned(), globs(&find.files));
            put(&mut map, "above", find.above.as_ref());
            search(&mut map, "text", &find.pattern);
            put(&mut map, "one", Some(find.one).filter(|one| !one));
            ("find", Value::Object(map))
        }
        Action::Edit(edit) => {
            let mut map = Map::new();
            map.insert("files".to_owned(), globs(&edit.files));
            search(&mut map, "search", &edit.search);
            put(&mut map, "replace", Some(&edit.replace));
            put(&mut map, "occurrences", Some(edit.occurrences).filter(|which| *which != Occurrences::All));
            put(&mut map, "at", edit.at.as_ref().map(anchor));
            ("edit", Value::Object(map))
        }
        Action::Line(line) => ("line", line_change(line)),
        Action::Create(create) => match &create.content {
            Content::Inline(content) => {
                let mut map = Map::new();
                put(&mut map, "path", Some(&create.path));
                put(&mut map, "content", Some(content));
                put(&mut map, "executable", Some(create.executable).filter(|executable| *executable));
                ("create", Value::Object(map))
            }
            Content::Asset(_) => return Err(AmendError::Unwritable { what: "a template file" }),
        },
        Action::Set(set) => ("set", json!({ "file": set.at.file, "key": set.at.key, "value": set.value })),
        Action::Remove(remove) => ("remove", json!({ "file": remove.at.file, "key": remove.at.key })),
        Action::Copy(copy) => ("copy", json!({ "from": copy.from, "to": copy.to })),
        Action::Move(moved) => ("move", json!({ "from": moved.from, "to": moved.to })),
        Action::Delete(delete) => ("delete", json!(delete.path)),
        Action::Suggestions(taken) if taken.applicability == Applicability::MachineApplicable => {
            ("suggestions", json!(true))
        }
        Action::Suggestions(taken) => ("suggestions", json!({ "applicability": taken.applicability })),
        Action::Guide(text) => ("guide", json!(text)),
        Action::Snapshot(_) => return Err(AmendError::Unwritable { what: "a `snapshot` step" }),
        Action::Run(_) => return Err(AmendError::Unwritable { what: "a `run` step" }),
        Action::Signal(_) => return Err(AmendError::Unwritable { what: "a `signal` step" }),
        Action::Restore(_) | Action::Patch(_) | Action::Choose(_) => {
            return Err(AmendError::Unwritable { what: "a `restore`, `patch` or `choose` step" });
        }
    })
}

fn globs(files: &[Template]) -> Value {
    match files {
        [one] => json!(one),
        many => json!(many),
    }
}

/// A pattern under `regex`, or as text under the key that the action has for it.
fn search(map: &mut Map<String, Value>, text: &str, pattern: &PatternTemplate) {
    let key = match pattern.kind {
        PatternKind::Regex => "regex",
        PatternKind::Text => text,
    };
    map.insert(key.to_owned(), json!(pattern.source));
}

fn anchor(anchor: &Anchor) -> Value {
    let mut map = Map::new();
    put(&mut map, "line", Some(&anchor.line));
    put(&mut map, "column", anchor.column.as_ref());
    put(&mut map, "within", Some(anchor.within).filter(|within| *within > 0));
    put(&mut map, "to", anchor.to.as_ref().map(|to| json!({ "line": to.line, "column": to.column })));
    Value::Object(map)
}

fn line_change(line: &heal_model::Line) -> Value {
    let mut map = Map::new();
    put(&mut map, "file", Some(&line.file));
    match &line.change {
        LineChange::Absent(pattern) => put(&mut map, "absent", Some(&pattern.source)),
        LineChange::Present { line, position } => {
            put(&mut map, "present", Some(line));
            match position {
                LinePosition::Start => put(&mut map, "at", Some("start")),
                LinePosition::End => {}
                LinePosition::After(pattern) => put(&mut map, "after", Some(&pattern.source)),
                LinePosition::Before(pattern) => put(&mut map, "before", Some(&pattern.source)),
            }
        }
    }
    Value::Object(map)
}

fn verify(verify: &Verify) -> Result<Value, AmendError> {
    if *verify == (Verify { rerun: true, ..Verify::default() }) {
        return Ok(json!({ "rerun": true }));
    }
    Err(AmendError::Unwritable { what: "a verification other than `rerun`" })
}

fn test(test: &RuleTest) -> Value {
    let mut map = Map::new();
    put(&mut map, "name", test.name.as_deref());
    put(&mut map, "output", test.input.output.as_deref());
    put(&mut map, "command", test.input.command.as_deref());
    put(&mut map, "exit", test.input.exit);
    put_some(&mut map, "files", json!(test.input.files));
    put_some(&mut map, "env", json!(test.input.env));
    put_some(&mut map, "expect", expectation(&test.expect));
    Value::Object(map)
}

fn expectation(expect: &Expectation) -> Value {
    let mut map = Map::new();
    put(&mut map, "match", expect.matches.map(|count| if count == 0 { json!("none") } else { json!(count) }));
    put_some(&mut map, "captures", json!(expect.captures));
    put_some(&mut map, "files", json!(expect.files));
    put_some(&mut map, "commands", json!(expect.commands));
    put(&mut map, "guide", expect.guide.as_deref());
    put(&mut map, "refused", expect.refused.as_deref());
    Value::Object(map)
}

fn provenance(learned: &Provenance) -> Value {
    let mut map = Map::new();
    put_some(&mut map, "incidents", json!(learned.incidents));
    put(&mut map, "since", learned.since.as_deref());
    put(&mut map, "signature", learned.signature.as_deref());
    Value::Object(map)
}
