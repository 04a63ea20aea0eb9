use heal_model::{Plan, RelPath};

use crate::apply_error::ApplyError;

/// The most files that one plan may change.
const MOST_FILES: u64 = 64;
/// The most bytes that a file may have, before or after.
const LARGEST_FILE: u64 = 8 << 20;
/// The most bytes of all files together, before and after.
const LARGEST_PLAN: u64 = 128 << 20;

/// Holds a plan against what any plan may do, whoever made it.
pub(crate) fn check(plan: &Plan) -> Result<(), ApplyError> {
    if let Some(edit) = plan.edits.iter().find(|edit| is_gits(&edit.path)) {
        return Err(ApplyError::Protected { path: edit.path.clone() });
    }
    let sizes = || {
        let contents = plan.edits.iter().flat_map(|edit| [&edit.content.before, &edit.content.after]);
        contents.flatten().map(|content| content.len() as u64)
    };
    at_most("files", plan.edits.len() as u64, MOST_FILES)?;
    at_most("bytes of one file", sizes().max().unwrap_or(0), LARGEST_FILE)?;
    at_most("bytes", sizes().sum(), LARGEST_PLAN)
}

/// Refuses what is too much.
pub(crate) fn at_most(what: &'static str, count: u64, most: u64) -> Result<(), ApplyError> {
    if count <= most { Ok(()) } else { Err(ApplyError::Large { what, count, most }) }
}

/// Whether a path is git's own, however the file system may fold its name.
fn is_gits(path: &RelPath) -> bool {
    path.as_str().split('/').any(|part| {
        let visible =
            part.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}'));
        let name: String = visible.flat_map(char::to_lowercase).collect();
        let name = name.split("::").next().unwrap_or_default().trim_end_matches(['.', ' ']);
        name == ".git" || name == "git~1"
    })
}
