use heal_model::{Diagnostic, Level, Note, Replacement, Suggestion};
use serde_json::{Map, Value, json};

/// Writes diagnostics as one SARIF 2.1.0 log: a run for each tool, in the order in which the tools first spoke.
#[must_use]
pub fn sarif(diagnostics: &[Diagnostic]) -> Value {
    let mut tools: Vec<&str> = Vec::new();
    for diagnostic in diagnostics {
        if !tools.contains(&diagnostic.tool.as_str()) {
            tools.push(&diagnostic.tool);
        }
    }
    let runs: Vec<Value> = tools.into_iter().map(|tool| run(tool, diagnostics)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": runs,
    })
}

fn run(tool: &str, diagnostics: &[Diagnostic]) -> Value {
    let own: Vec<&Diagnostic> = diagnostics.iter().filter(|diagnostic| diagnostic.tool == tool).collect();
    let mut codes: Vec<&str> = Vec::new();
    let mut rules: Vec<Value> = Vec::new();
    for (code, diagnostic) in own.iter().filter_map(|one| Some((one.code.as_deref()?, one))) {
        if !codes.contains(&code) {
            codes.push(code);
            rules.push(json!({ "id": code, "shortDescription": { "text": first_line(diagnostic) } }));
        }
    }
    let results: Vec<Value> = own.into_iter().map(|diagnostic| result(diagnostic, &codes)).collect();
    json!({
        "tool": { "driver": { "name": tool, "rules": rules } },
        "columnKind": "unicodeCodePoints",
        "results": results,
    })
}

/// What stands for a rule that nothing but its results is known of.
fn first_line(diagnostic: &Diagnostic) -> &str {
    diagnostic.message.lines().next().unwrap_or_default()
}

fn result(diagnostic: &Diagnostic, codes: &[&str]) -> Value {
    let level = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Help | Level::Note => "note",
    };
    let mut result = Map::new();
    if let Some(code) = &diagnostic.code {
        result.insert("ruleId".into(), json!(code));
        result.insert("ruleIndex".into(), json!(codes.iter().position(|known| known == code)));
    }
    result.insert("level".into(), json!(level));
    result.insert("message".into(), json!({ "text": words(diagnostic) }));
    if let Some(file) = &diagnostic.file {
        let region = [
            ("startLine", diagnostic.line),
            ("startColumn", diagnostic.column),
            ("endLine", diagnostic.end_line),
            ("endColumn", diagnostic.end_column),
        ];
        result.insert("locations".into(), json!([{ "physicalLocation": place(file, &region) }]));
    }
    let lists = [
        ("relatedLocations", once(diagnostic.notes.iter().filter_map(related))),
        ("fixes", once(diagnostic.suggestions.iter().filter(|one| !one.replacements.is_empty()).map(fix))),
    ];
    for (name, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
        result.insert(name.into(), values.into());
    }
    Value::Object(result)
}

/// Each value once: SARIF allows no doubles here.
fn once(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for value in values {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

/// The message, and the notes that have no place of their own.
fn words(diagnostic: &Diagnostic) -> String {
    let loose = diagnostic.notes.iter().filter(|note| note.file.is_none());
    let notes: String = loose.map(|note| format!("\n{}: {}", name(note.level), note.message)).collect();
    format!("{}{notes}", diagnostic.message)
}

fn name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Help => "help",
        Level::Note => "note",
    }
}

fn place(file: &str, region: &[(&str, Option<u32>)]) -> Value {
    let region: Map<String, Value> =
        region.iter().filter_map(|(key, value)| Some(((*key).to_owned(), json!((*value)?)))).collect();
    let mut place = Map::new();
    place.insert("artifactLocation".into(), json!({ "uri": uri(file) }));
    if region.contains_key("startLine") {
        place.insert("region".into(), Value::Object(region));
    }
    Value::Object(place)
}

fn related(note: &Note) -> Option<Value> {
    let region = [("startLine", note.line), ("startColumn", note.column)];
    Some(json!({
        "physicalLocation": place(note.file.as_ref()?, &region),
        "message": { "text": note.message },
    }))
}

fn fix(suggestion: &Suggestion) -> Value {
    let mut files: Vec<&str> = Vec::new();
    for part in &suggestion.replacements {
        if !files.contains(&part.file.as_str()) {
            files.push(&part.file);
        }
    }
    let change = |file: &&str| {
        let parts = suggestion.replacements.iter().filter(|part| part.file == **file);
        json!({ "artifactLocation": { "uri": uri(file) }, "replacements": parts.map(replacement).collect::<Vec<_>>() })
    };
    json!({
        "description": { "text": suggestion.message },
        "properties": { "applicability": suggestion.applicability },
        "artifactChanges": files.iter().map(change).collect::<Vec<_>>(),
    })
}

fn replacement(part: &Replacement) -> Value {
    json!({
        "deletedRegion": {
            "startLine": part.line,
            "startColumn": part.column,
            "endLine": part.end_line,
            "endColumn": part.end_column,
        },
        "insertedContent": { "text": part.text },
    })
}

/// A path as a URI: absolute ones with their scheme, what a URI may not hold encoded.
fn uri(file: &str) -> String {
    let drive = file.as_bytes().get(1) == Some(&b':');
    let scheme = match file {
        _ if drive => "file:///",
        _ if file.starts_with('/') => "file://",
        _ => "",
    };
    let encoded = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' | b'+' | b'@' => {
            char::from(byte).to_string()
        }
        b':' if drive => ":".to_owned(),
        _ => format!("%{byte:02X}"),
    };
    format!("{scheme}{}", file.bytes().map(encoded).collect::<String>())
}
