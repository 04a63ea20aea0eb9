use heal_model::{Bytes, Part, RelPath};

use crate::splice::splices;
use crate::text::is_text;

/// What makes one file of another, in parts as small as they can be.
pub(crate) fn parts(
    path: &RelPath,
    before: Option<&Bytes>,
    after: Option<&Bytes>,
    whole: bool,
    executable: bool,
) -> Vec<Part> {
    let path = path.clone();
    match (before, after) {
        (None, None) => Vec::new(),
        (None, Some(after)) => vec![Part::Create { path, content: after.clone(), executable }],
        (Some(_), None) => vec![Part::Delete { path }],
        (Some(before), Some(after)) if before == after => Vec::new(),
        (Some(before), Some(after)) if whole || !is_text(before) || !is_text(after) => {
            vec![Part::Replace { path, content: after.clone() }]
        }
        (Some(before), Some(after)) => {
            let splice = |(range, text)| Part::Splice { path: path.clone(), range, text };
            splices(before, after).into_iter().map(splice).collect()
        }
    }
}
