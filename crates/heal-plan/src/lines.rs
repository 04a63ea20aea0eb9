use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Above so many lines between the first and the last change, lines are paired by their number instead of compared:
/// Myers' algorithm takes time that grows with the square of the differences.
const MOST_COMPARED: usize = 20_000;

/// Lines of the old text that lines of the new text take the place of; either may be none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// Indices of old lines.
    pub(crate) old: Range<usize>,
    /// Indices of new lines.
    pub(crate) new: Range<usize>,
}

/// A text's lines, each with its end.
pub(crate) fn split(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|&byte| byte == b'\n').collect()
}

/// The lines that differ, in order; lines without difference lie between any two changes.
pub(crate) fn diff(old: &[&[u8]], new: &[&[u8]]) -> Vec<Change> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let tail =
        old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    if old_middle.len() + new_middle.len() > MOST_COMPARED {
        return paired(old_middle, new_middle, head);
    }
    let ops = capture_diff_slices(Algorithm::Myers, old_middle, new_middle);
    let mut changes: Vec<Change> = Vec::new();
    for op in ops.iter().filter(|op| op.tag() != DiffTag::Equal) {
        let (old, new) = (shifted(op.old_range(), head), shifted(op.new_range(), head));
        match changes.last_mut() {
            Some(last) if last.old.end == old.start && last.new.end == new.start => {
                last.old.end = old.end;
                last.new.end = new.end;
            }
            _ => changes.push(Change { old, new }),
        }
    }
    changes
}

fn paired(old: &[&[u8]], new: &[&[u8]], head: usize) -> Vec<Change> {
    if old.len() != new.len() {
        return vec![Change { old: shifted(0..old.len(), head), new: shifted(0..new.len(), head) }];
    }
    let differs = (0..old.len()).filter(|&line| old[line] != new[line]);
    differs
        .map(|line| Change { old: shifted(line..line + 1, head), new: shifted(line..line + 1, head) })
        .collect()
}

fn shifted(range: Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}
