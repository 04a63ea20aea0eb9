use heal_model::{Diagnostic, Level};
use serde_json::Value;

use super::value::{file, note, number, owned, place, text};

/// A message of `pylint --output-format=json`, or all of those of `json2`. `None` where it is neither.
pub(crate) fn pylint(value: &Value) -> Option<Vec<Diagnostic>> {
    match value["statistics"].is_object() {
        true => value["messages"].as_array()?.iter().map(message).collect(),
        false => Some(vec![message(value)?]),
    }
}

fn message(value: &Value) -> Option<Diagnostic> {
    let level = match text(value, "type")? {
        "error" | "fatal" => Level::Error,
        "warning" => Level::Warning,
        "convention" | "refactor" | "info" => Level::Note,
        _ => return None,
    };
    value["module"].as_str()?;
    let mut diagnostic = Diagnostic::new("pylint", level, text(value, "message")?);
    diagnostic.code = owned(value, "messageId").or_else(|| owned(value, "message-id"));
    place(&mut diagnostic, file(value, "path"), number(value, "line"), column(value, "column"));
    diagnostic.end_line = number(value, "endLine");
    diagnostic.end_column = column(value, "endColumn");
    diagnostic.notes.extend(text(value, "symbol").map(|symbol| note(Level::Note, symbol)));
    Some(diagnostic)
}

/// Its columns count from 0.
fn column(value: &Value, key: &str) -> Option<u32> {
    value[key].as_u64().and_then(|column| u32::try_from(column + 1).ok())
}
