use heal_model::{Applicability, Diagnostic, Level, Note, Replacement, Suggestion};
use serde::Deserialize;
use serde_json::Value;

use super::value::{list, number, owned, text};

/// The name of the tool of a SARIF run.
pub(crate) fn tool(value: &Value) -> Option<String> {
    owned(&value["driver"], "name").map(|name| name.to_lowercase())
}

/// A result of a SARIF run. `None` where it is none.
pub(crate) fn result(value: &Value, tool: &str) -> Option<Vec<Diagnostic>> {
    let message = words(&value["message"])?;
    let passes = matches!(text(value, "kind"), Some("pass" | "notApplicable"));
    if passes || !list(value, "suppressions").is_empty() {
        return Some(Vec::new());
    }
    let level = match text(value, "level") {
        Some("error") => Level::Error,
        Some("note" | "none") => Level::Note,
        _ => Level::Warning,
    };
    let mut diagnostic = Diagnostic::new(tool, level, message);
    diagnostic.code = owned(value, "ruleId").or_else(|| owned(&value["rule"], "id"));
    if let Some(place) = list(value, "locations").first().map(|location| &location["physicalLocation"]) {
        let region = &place["region"];
        diagnostic.file = uri(&place["artifactLocation"]);
        diagnostic.line = number(region, "startLine");
        diagnostic.column = number(region, "startColumn");
        diagnostic.end_line = number(region, "endLine");
        diagnostic.end_column = number(region, "endColumn");
    }
    diagnostic.notes = list(value, "relatedLocations").iter().filter_map(related).collect();
    diagnostic.suggestions = list(value, "fixes").iter().filter_map(fix).collect();
    Some(vec![diagnostic])
}

fn words(message: &Value) -> Option<&str> {
    text(message, "text").or_else(|| text(message, "markdown"))
}

fn related(location: &Value) -> Option<Note> {
    let place = &location["physicalLocation"];
    if place.is_null() && words(&location["message"]).is_none() {
        return None;
    }
    Some(Note {
        level: Level::Note,
        message: words(&location["message"]).unwrap_or_default().to_owned(),
        file: uri(&place["artifactLocation"]),
        line: number(&place["region"], "startLine"),
        column: number(&place["region"], "startColumn"),
    })
}

/// What a report proposes; the format has no word for how sure that is.
fn fix(fix: &Value) -> Option<Suggestion> {
    let of_file = |change: &Value| -> Option<Vec<Replacement>> {
        let file = uri(&change["artifactLocation"])?;
        list(change, "replacements").iter().map(|part| replacement(part, &file)).collect()
    };
    let all: Option<Vec<_>> = list(fix, "artifactChanges").iter().map(of_file).collect();
    Some(Suggestion {
        message: words(&fix["description"]).unwrap_or_default().to_owned(),
        applicability: Applicability::deserialize(&fix["properties"]["applicability"])
            .unwrap_or(Applicability::MaybeIncorrect),
        replacements: all.map(|all| all.concat()).filter(|all| !all.is_empty())?,
    })
}

fn replacement(part: &Value, file: &str) -> Option<Replacement> {
    let region = &part["deletedRegion"];
    let line = number(region, "startLine")?;
    let column = number(region, "startColumn").unwrap_or(1);
    Some(Replacement {
        file: file.to_owned(),
        line,
        column,
        end_line: number(region, "endLine").unwrap_or(line),
        end_column: number(region, "endColumn")?,
        seen: Vec::new(),
        bytes: None,
        text: part["insertedContent"]["text"].as_str().unwrap_or_default().to_owned(),
    })
}

/// The file of an artifact location: its URI without scheme, `%20` and the like decoded.
fn uri(location: &Value) -> Option<String> {
    let uri = text(location, "uri")?;
    let path = uri.strip_prefix("file://").unwrap_or(uri);
    let drive = |path: &str| path.as_bytes().get(1) == Some(&b':');
    let path = path.strip_prefix('/').filter(|rest| drive(rest)).unwrap_or(path);
    Some(decoded(path).replace('\\', "/"))
}

fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(code) => {
                out.push(code);
                rest = &after[2..];
            }
            None => {
                out.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
