use heal_model::{Diagnostic, Level};
use serde_json::Value;

use super::value::{file, note, number, place, text};

/// All that `terraform validate -json` says. `None` where it is something else.
pub(crate) fn terraform(value: &Value) -> Option<Vec<Diagnostic>> {
    value["format_version"].as_str()?;
    value["diagnostics"].as_array()?.iter().map(one).collect()
}

fn one(value: &Value) -> Option<Diagnostic> {
    let level = match text(value, "severity")? {
        "error" => Level::Error,
        "warning" => Level::Warning,
        _ => return None,
    };
    let mut diagnostic = Diagnostic::new("terraform", level, text(value, "summary")?);
    let range = &value["range"];
    let (start, end) = (&range["start"], &range["end"]);
    place(&mut diagnostic, file(range, "filename"), number(start, "line"), number(start, "column"));
    (diagnostic.end_line, diagnostic.end_column) = (number(end, "line"), number(end, "column"));
    diagnostic.notes.extend(text(value, "detail").map(|detail| note(Level::Note, detail)));
    Some(diagnostic)
}
