use heal_model::{Diagnostic, Level, Note};
use serde_json::Value;

use super::value::{file, list, note, number, owned, place, text};

/// The failures of a test of pytest-json-report, each with what pytest prints of it. `None` where it is none.
pub(crate) fn test(value: &Value) -> Option<Vec<(Diagnostic, String)>> {
    let id = text(value, "nodeid")?;
    text(value, "outcome")?;
    Some(STAGES.iter().filter_map(|stage| failure(&value[stage], id)).collect())
}

/// What pytest prints of a test's stages that failed. `None` where it is no test.
pub(crate) fn printed(value: &Value) -> Option<Vec<String>> {
    text(value, "nodeid")?;
    text(value, "outcome")?;
    let failed = STAGES.iter().map(|stage| &value[stage]).filter(|stage| stage["outcome"] == "failed");
    let parts = failed.flat_map(|stage| ["longrepr", "stdout", "stderr"].map(|part| owned(stage, part)));
    Some(parts.flatten().collect())
}

/// What is done for a test, in order.
const STAGES: [&str; 3] = ["setup", "call", "teardown"];

/// One stage of a test that failed.
fn failure(stage: &Value, id: &str) -> Option<(Diagnostic, String)> {
    if text(stage, "outcome")? != "failed" {
        return None;
    }
    let crash = &stage["crash"];
    let whole = text(crash, "message").or_else(|| text(stage, "longrepr"))?;
    let (code, message) = exception(whole);
    let mut diagnostic = Diagnostic { code, ..Diagnostic::new("pytest", Level::Error, message) };
    place(&mut diagnostic, file(crash, "path"), number(crash, "lineno"), None);
    diagnostic.notes.push(note(Level::Note, &format!("test {id}")));
    let printed = owned(stage, "longrepr").unwrap_or_default();
    if printed.is_empty() {
        diagnostic.notes.extend(list(stage, "traceback").iter().map(frame));
    }
    Some((diagnostic, printed))
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

/// What pytest prints of a collector that failed. `None` where it is none.
pub(crate) fn collector_printed(value: &Value) -> Option<Vec<String>> {
    value["nodeid"].as_str()?;
    let failed = text(value, "outcome")? == "failed";
    Some(owned(value, "longrepr").filter(|_| failed).into_iter().collect())
}

/// What pytest prints of a warning, below the test that it came of. `None` where it is none.
pub(crate) fn warning_printed(value: &Value) -> Option<Vec<String>> {
    let warning = warning(value)?.pop()?;
    let (file, code) = (warning.file.unwrap_or_default(), warning.code.unwrap_or_default());
    Some(vec![format!("  {file}:{}: {code}: {}", warning.line.unwrap_or_default(), warning.message)])
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
