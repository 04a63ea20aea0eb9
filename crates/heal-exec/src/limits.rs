use heal_model::Plan;

use crate::apply::is_gits;
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

fn at_most(what: &'static str, count: u64, most: u64) -> Result<(), ApplyError> {
    if count <= most { Ok(()) } else { Err(ApplyError::Large { what, count, most }) }
}
