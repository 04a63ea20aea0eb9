use heal_model::{Applicability, Diagnostic, Level, Replacement, Suggestion};
use serde_json::Value;

use super::value::{file, list, number, place, text};

/// A comment of `shellcheck --format json`, or all of those of `json1`. `None` where it is neither.
pub(crate) fn shellcheck(value: &Value) -> Option<Vec<Diagnostic>> {
    match value["comments"].as_array() {
        Some(comments) => comments.iter().map(|one| comment(one, Tab::Character)).collect(),
        None => Some(vec![comment(value, Tab::Width)?]),
    }
}

/// What columns count for a tab.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Character,
    /// So much that it reaches the next multiple of eight: where that is can't be told from the report.
    Width,
}

fn comment(value: &Value, tab: Tab) -> Option<Diagnostic> {
    let level = match text(value, "level")? {
        "error" => Level::Error,
        "warning" => Level::Warning,
        "info" | "style" => Level::Note,
        _ => return None,
    };
    let (path, code) = (file(value, "file")?, value["code"].as_u64()?);
    let mut diagnostic = Diagnostic::new("shellcheck", level, text(value, "message")?);
    diagnostic.code = Some(format!("SC{code}"));
    place(&mut diagnostic, Some(path.clone()), number(value, "line"), number(value, "column"));
    (diagnostic.end_line, diagnostic.end_column) = (number(value, "endLine"), number(value, "endColumn"));
    if tab == Tab::Character {
        diagnostic.suggestions.extend(suggestion(&value["fix"], &path));
    }
    Some(diagnostic)
}

fn suggestion(fix: &Value, path: &str) -> Option<Suggestion> {
    let parts = list(fix, "replacements").iter().map(|edit| part(edit, path));
    let replacements: Vec<Replacement> =
        parts.collect::<Option<_>>().filter(|all: &Vec<_>| !all.is_empty())?;
    Some(Suggestion { message: String::new(), applicability: Applicability::Unspecified, replacements })
}

fn part(edit: &Value, path: &str) -> Option<Replacement> {
    Some(Replacement {
        file: path.to_owned(),
        line: number(edit, "line")?,
        column: number(edit, "column")?,
        end_line: number(edit, "endLine")?,
        end_column: number(edit, "endColumn")?,
        seen: Vec::new(),
        bytes: None,
        text: edit["replacement"].as_str()?.to_owned(),
    })
}
