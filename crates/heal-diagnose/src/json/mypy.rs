use heal_model::{Diagnostic, Level};
use serde_json::Value;

use super::value::{file, note, number, owned, place, text};

/// A line of `mypy --output json`. `None` where it is none.
pub(crate) fn mypy(value: &Value) -> Option<Vec<Diagnostic>> {
    let level = match text(value, "severity")? {
        "error" => Level::Error,
        "warning" => Level::Warning,
        "note" => Level::Note,
        _ => return None,
    };
    value.get("hint")?;
    let mut diagnostic = Diagnostic::new("mypy", level, text(value, "message")?);
    diagnostic.code = owned(value, "code");
    // Its columns count from 0 here, and -1 is none.
    let column = value["column"].as_u64().and_then(|column| u32::try_from(column + 1).ok());
    place(&mut diagnostic, file(value, "file"), number(value, "line"), column);
    let hints = text(value, "hint").into_iter().flat_map(str::lines);
    diagnostic.notes.extend(hints.map(|hint| note(Level::Help, hint)));
    Some(vec![diagnostic])
}
