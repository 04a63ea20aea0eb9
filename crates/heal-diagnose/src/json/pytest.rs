use heal_model::{Diagnostic, Level, Note};
use serde_json::Value;

use super::value::{file, list, note, number, owned, place, text};

/// A test of pytest-json-report. `None` where it is none.
pub(crate) fn test(value: &Value) -> Option<Vec<Diagnostic>> {
    let id = text(value, "nodeid")?;
    text(value, "outcome")?;
    let stages = ["setup", "call", "teardown"].map(|stage| &value[stage]);
    Some(stages.into_iter().filter_map(|stage| failure(stage, id)).collect())
}

/// One stage of a test that failed.
fn failure(stage: &Value, id: &str) -> Option<Diagnostic> {
    if text(stage, "outcome")? != "failed" {
        return None;
    }
    let crash = &stage["crash"];
    let whole = text(crash, "message").or_else(|| text(stage, "longrepr"))?;
    let (code, message) = exception(whole);
    let mut diagnostic = Diagnostic { code, ..Diagnostic::new("pytest", Level::Error, message) };
    place(&mut diagnostic, file(crash, "path"), number(crash, "lineno"), None);
    diagnostic.notes.push(note(Level::Note, &format!("test {id}")));
    diagnostic.notes.extend(list(stage, "traceback").iter().map(frame));
    Some(diagnostic)
}

/// A collector of pytest-json-report that failed, a file that can't be imported, and what pytest prints of it.
pub(crate) fn collector(value: &Value) -> Option<(Diagnostic, String)> {
    let id = text(value, "nodeid")?;
    if text(value, "outcome")? != "failed" {
        return None;
    }
    let whole = text(value, "longrepr")?;
    let mut diagnostic = Diagnostic::new("pytest", Level::Error, whole.lines().next().unwrap_or(whole));
    diagnostic.file = file(value, "nodeid");
    diagnostic.notes.push(note(Level::Note, &format!("test {id}")));
    Some((diagnostic, whole.to_owned()))
}

/// A warning of pytest-json-report. `None` where it is none.
pub(crate) fn warning(value: &Value) -> Option<Vec<Diagnostic>> {
    let mut diagnostic = Diagnostic::new("pytest", Level::Warning, text(value, "message")?);
    diagnostic.code = Some(owned(value, "category")?);
    place(&mut diagnostic, file(value, "filename"), number(value, "lineno"), None);
    Some(vec![diagnostic])
}

/// The exception's type and what it says. A plain assertion has no words of its own.
fn exception(whole: &str) -> (Option<String>, &str) {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
    };
    match whole.split_once(": ") {
        Some((name, message)) if is_name(name) && !message.trim().is_empty() => {
            (Some(name.to_owned()), message.trim())
        }
        _ if whole.starts_with("assert ") => (Some("AssertionError".to_owned()), whole.trim()),
        _ => (None, whole.trim()),
    }
}

fn frame(frame: &Value) -> Note {
    let message = text(frame, "message").unwrap_or_default();
    Note { file: file(frame, "path"), line: number(frame, "lineno"), ..note(Level::Note, message) }
}
