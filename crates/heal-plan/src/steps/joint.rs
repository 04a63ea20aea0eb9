use std::ops::Range;

use heal_model::RefusalCode;

use crate::refused::{Refused, quoted};
use crate::text::Text;

/// Passes on what takes the place of a whole stretch, unless it would grow together with what stands beside that:
/// where `if(x)` becomes `ifx`, a tool meant something else by the stretch. What is only put in may.
pub(super) fn apart(text: &Text, range: &Range<usize>, new: String) -> Result<String, Refused> {
    let bytes: &[u8] = &text.bytes;
    let (head, old, tail) = (&bytes[..range.start], &bytes[range.clone()], &bytes[range.end..]);
    let joints = |middle: &[u8]| {
        let (first, last) =
            if middle.is_empty() { (tail.first(), head.last()) } else { (middle.first(), middle.last()) };
        [grow(head.last(), first), grow(last, tail.first())]
    };
    let is_new = joints(new.as_bytes()).iter().zip(joints(old)).any(|(now, before)| *now && !before);
    if !is_new || old.is_empty() {
        return Ok(new);
    }
    let reason = format!("{} would grow together with what stands beside it", quoted(&new));
    Err(Refused::new(RefusalCode::Invalid, reason))
}

/// Whether two bytes side by side make one word of two.
fn grow(left: Option<&u8>, right: Option<&u8>) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    left.is_some_and(is_word) && right.is_some_and(is_word)
}
