use heal_model::{
    Applicability, DiagnosticTrigger, ExitCodes, LinePattern, Offered, OutputTrigger, Pattern, PatternKind,
    Trigger,
};
use serde_json::{Map, Value, json};

use super::AmendError;

/// A trigger as it is written; lessons look at output alone.
pub(super) fn trigger(trigger: &Trigger) -> Result<Value, AmendError> {
    match trigger {
        Trigger::Output(output) => Ok(json!({ "output": observed(output)? })),
        Trigger::Diagnostic(diagnostic) => Ok(json!({ "diagnostic": diagnosed(diagnostic) })),
        _ => Err(AmendError::Unwritable { what: "a trigger other than `output` and `diagnostic`" }),
    }
}

fn observed(output: &OutputTrigger) -> Result<Value, AmendError> {
    if output.not.is_some() || output.count.is_some() {
        return Err(AmendError::Unwritable { what: "`not` or `count` in its trigger" });
    }
    let mut map = match (&output.lines[..], output.within) {
        ([LinePattern { pattern, optional: false }], None) => keys(pattern),
        (lines, within) => {
            let key = if within.is_some() { "sequence" } else { "lines" };
            let mut map = Map::new();
            map.insert(key.to_owned(), lines.iter().map(line).collect());
            map.extend(within.map(|within| ("within".to_owned(), json!(within))));
            map
        }
    };
    let mut put = |key: &str, value: Option<Value>| map.extend(value.map(|value| (key.to_owned(), value)));
    put("command", output.command.as_ref().map(pattern));
    put("exit", output.exit.as_ref().map(exit));
    put("stream", output.stream.map(|stream| json!(stream)));
    let short = map.len() == 1 && map.contains_key("regex");
    Ok(if short { map["regex"].clone() } else { Value::Object(map) })
}

fn line(line: &LinePattern) -> Value {
    if !line.optional {
        return pattern(&line.pattern);
    }
    let mut map = keys(&line.pattern);
    map.insert("optional".to_owned(), json!(true));
    Value::Object(map)
}

fn diagnosed(diagnostic: &DiagnosticTrigger) -> Value {
    let mut map = Map::new();
    let mut put = |key: &str, value: Option<Value>| map.extend(value.map(|value| (key.to_owned(), value)));
    put("tool", diagnostic.tool.as_ref().map(|tool| json!(tool)));
    put("code", diagnostic.code.as_ref().map(pattern));
    put("level", diagnostic.level.map(|level| json!(level)));
    put("message", diagnostic.message.as_ref().map(pattern));
    put("file", diagnostic.file.as_ref().map(|file| json!(file)));
    put("help", diagnostic.help.as_ref().map(pattern));
    put("suggestion", diagnostic.suggestion.map(offered));
    put("not", diagnostic.not.as_deref().map(diagnosed));
    Value::Object(map)
}

fn offered(offered: Offered) -> Value {
    match offered {
        Offered::Nothing => json!(false),
        Offered::AtLeast(Applicability::Unspecified) => json!(true),
        Offered::AtLeast(least) => json!(least),
        Offered::Unsure => json!("unsure"),
    }
}

/// A pattern in its shortest form.
fn pattern(pattern: &Pattern) -> Value {
    if pattern.kind == PatternKind::Regex && !pattern.unicode {
        return json!(pattern.source);
    }
    Value::Object(keys(pattern))
}

fn keys(pattern: &Pattern) -> Map<String, Value> {
    let key = match pattern.kind {
        PatternKind::Regex => "regex",
        PatternKind::Text => "text",
    };
    let mut map = Map::from_iter([(key.to_owned(), json!(pattern.source))]);
    if pattern.unicode {
        map.insert("unicode".to_owned(), json!(true));
    }
    map
}

fn exit(codes: &ExitCodes) -> Value {
    match codes {
        ExitCodes::Failure => json!("failure"),
        ExitCodes::Codes(codes) => match codes[..] {
            [one] => json!(one),
            _ => json!(codes),
        },
    }
}
