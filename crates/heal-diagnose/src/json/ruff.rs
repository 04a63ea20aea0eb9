use heal_model::{Applicability, Diagnostic, Level, Replacement, Suggestion};
use serde_json::Value;

use super::value::{file, list, number, owned, place, text};

/// A diagnostic of ruff. `None` where it is none.
pub(crate) fn ruff(value: &Value) -> Option<Vec<Diagnostic>> {
    let path = file(value, "filename")?;
    let (start, end) = (&value["location"], &value["end_location"]);
    let (row, _) = (number(start, "row")?, number(end, "row")?);
    let level = match text(value, "severity") {
        Some("warning") => Level::Warning,
        Some("info") => Level::Note,
        _ => Level::Error,
    };
    let mut diagnostic = Diagnostic::new("ruff", level, text(value, "message")?);
    diagnostic.code = owned(value, "code");
    place(&mut diagnostic, Some(path.clone()), Some(row), number(start, "column"));
    (diagnostic.end_line, diagnostic.end_column) = (number(end, "row"), number(end, "column"));
    diagnostic.suggestions.extend(suggestion(&value["fix"], &path));
    Some(vec![diagnostic])
}

fn suggestion(fix: &Value, path: &str) -> Option<Suggestion> {
    let replacements: Option<Vec<Replacement>> =
        list(fix, "edits").iter().map(|edit| part(edit, path)).collect();
    let applicability = match text(fix, "applicability") {
        Some("safe") => Applicability::MachineApplicable,
        Some("unsafe") => Applicability::MaybeIncorrect,
        _ => Applicability::Unspecified,
    };
    let message = text(fix, "message").unwrap_or_default().to_owned();
    Some(Suggestion { message, applicability, replacements: replacements.filter(|all| !all.is_empty())? })
}

fn part(edit: &Value, path: &str) -> Option<Replacement> {
    let (start, end) = (&edit["location"], &edit["end_location"]);
    Some(Replacement {
        file: path.to_owned(),
        line: number(start, "row")?,
        column: number(start, "column")?,
        end_line: number(end, "row")?,
        end_column: number(end, "column")?,
        seen: Vec::new(),
        bytes: None,
        text: edit["content"].as_str()?.to_owned(),
    })
}
