use heal_model::{Applicability, Diagnostic, Level, Note, Replacement, Suggestion};
use serde_json::Value;

use super::value::{file, list, number, owned, text};

/// A message of cargo: the compiler's, wrapped. `None` where it is no message of cargo.
pub(crate) fn cargo(value: &Value) -> Option<Vec<Diagnostic>> {
    match text(value, "reason")? {
        "compiler-message" => Some(rustc(&value["message"]).unwrap_or_default()),
        reason if reason.starts_with("compiler-") || reason.starts_with("build-") => Some(Vec::new()),
        "timing-info" => Some(Vec::new()),
        _ => None,
    }
}

/// A message of the compiler. `None` where it is none.
pub(crate) fn rustc(value: &Value) -> Option<Vec<Diagnostic>> {
    let message = text(value, "message");
    if let (Some("artifact" | "future_incompat" | "unused_extern"), None) =
        (text(value, "$message_type"), message)
    {
        return Some(Vec::new());
    }
    let message = message?;
    if !value["spans"].is_array() || !value["children"].is_array() {
        return None;
    }
    let spans = list(value, "spans");
    if spans.is_empty() && is_summary(value, message) {
        return Some(Vec::new());
    }
    let code = owned(&value["code"], "code");
    let tool =
        if code.as_ref().is_some_and(|code| code.starts_with("clippy::")) { "clippy" } else { "rustc" };
    let mut diagnostic = Diagnostic { code, ..Diagnostic::new(tool, level(value), message) };
    if let Some(span) = primary(spans) {
        diagnostic.file = file(span, "file_name");
        diagnostic.line = number(span, "line_start");
        diagnostic.column = number(span, "column_start");
        diagnostic.end_line = number(span, "line_end");
        diagnostic.end_column = number(span, "column_end");
    }
    diagnostic.notes = spans.iter().filter_map(label).collect();
    for child in list(value, "children") {
        let edits = suggestions(child);
        if edits.is_empty() {
            diagnostic.notes.extend(note(child));
        }
        diagnostic.suggestions.extend(edits);
    }
    Some(vec![diagnostic])
}

/// Whether a message only counts what came before it.
fn is_summary(value: &Value, message: &str) -> bool {
    text(value, "level") == Some("failure-note")
        || message.starts_with("aborting due to ")
        || message.ends_with(" emitted") && message.contains("warning")
}

fn level(value: &Value) -> Level {
    match text(value, "level") {
        Some("warning") => Level::Warning,
        Some("help") => Level::Help,
        Some("note" | "failure-note") => Level::Note,
        _ => Level::Error,
    }
}

/// The span that it is about: of several primary ones the first, and of what a macro expands to the place where the
/// macro was called.
fn primary(spans: &[Value]) -> Option<&Value> {
    let mut span = spans.iter().find(|span| span["is_primary"] == true).or_else(|| spans.first())?;
    while is_foreign(span) && span["expansion"]["span"].is_object() {
        span = &span["expansion"]["span"];
    }
    Some(span)
}

/// Whether a span lies in the standard library's source.
fn is_foreign(span: &Value) -> bool {
    text(span, "file_name")
        .is_some_and(|file| file.starts_with("/rustc/") || file.contains("/lib/rustlib/src/"))
}

fn label(span: &Value) -> Option<Note> {
    Some(at(span, Level::Note, text(span, "label")?))
}

fn note(child: &Value) -> Option<Note> {
    let message = text(child, "message")?;
    let none = Value::Null;
    Some(at(primary(list(child, "spans")).unwrap_or(&none), level(child), message))
}

fn at(span: &Value, level: Level, message: &str) -> Note {
    Note {
        level,
        message: message.to_owned(),
        file: file(span, "file_name"),
        line: number(span, "line_start"),
        column: number(span, "column_start"),
    }
}

/// The edits that one child offers. Its parts belong together; where one span comes again, another way begins.
fn suggestions(child: &Value) -> Vec<Suggestion> {
    let parts: Vec<(Replacement, Applicability)> = list(child, "spans").iter().filter_map(part).collect();
    let mut ways: Vec<Vec<Replacement>> = Vec::new();
    let least = parts.iter().map(|(_, applicability)| *applicability).min();
    for (part, _) in parts {
        let same = |other: &Replacement| other.file == part.file && other.bytes == part.bytes;
        match ways.last_mut() {
            Some(way) if !way.iter().any(same) => way.push(part),
            _ => ways.push(vec![part]),
        }
    }
    let least = least.unwrap_or(Applicability::Unspecified);
    // Of several ways none is the right one for sure.
    let applicability = if ways.len() > 1 { least.min(Applicability::MaybeIncorrect) } else { least };
    let message = text(child, "message").unwrap_or_default();
    ways.into_iter()
        .map(|replacements| Suggestion { message: message.to_owned(), applicability, replacements })
        .collect()
}

fn part(span: &Value) -> Option<(Replacement, Applicability)> {
    let replacement = Replacement {
        file: file(span, "file_name")?,
        line: number(span, "line_start")?,
        column: number(span, "column_start")?,
        end_line: number(span, "line_end")?,
        end_column: number(span, "column_end")?,
        bytes: span["byte_start"].as_u64().zip(span["byte_end"].as_u64()),
        text: span["suggested_replacement"].as_str()?.to_owned(),
        seen: list(span, "text").iter().filter_map(|line| line["text"].as_str()).map(str::to_owned).collect(),
    };
    let applicability = match text(span, "suggestion_applicability") {
        Some("MachineApplicable") => Applicability::MachineApplicable,
        // "Unspecified" is a word of rustc's, for edits that nobody vouches for.
        Some("MaybeIncorrect" | "Unspecified") => Applicability::MaybeIncorrect,
        Some("HasPlaceholders") => Applicability::HasPlaceholders,
        _ => Applicability::Unspecified,
    };
    Some((replacement, applicability))
}
