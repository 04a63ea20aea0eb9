use heal_model::{Diagnostic, Level, Note};
use serde_json::Value;

/// What is at a key, as text that is not empty.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value[key].as_str().filter(|text| !text.is_empty())
}

/// What is at a key, as text of one's own.
pub(crate) fn owned(value: &Value, key: &str) -> Option<String> {
    text(value, key).map(str::to_owned)
}

/// What is at a key, as a number of a line or column, from 1: tools that know none write 0.
pub(crate) fn number(value: &Value, key: &str) -> Option<u32> {
    value[key].as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| *number > 0)
}

/// What is at a key, as a list.
pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// A file as the tool names it, `/` between its parts.
pub(crate) fn file(value: &Value, key: &str) -> Option<String> {
    text(value, key).map(|file| file.replace('\\', "/"))
}

/// A note without a place.
pub(crate) fn note(level: Level, message: &str) -> Note {
    Note { level, message: message.to_owned(), file: None, line: None, column: None }
}

/// Puts a diagnostic at a place.
pub(crate) fn place(
    diagnostic: &mut Diagnostic,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
) {
    (diagnostic.file, diagnostic.line, diagnostic.column) = (file, line, column);
}
