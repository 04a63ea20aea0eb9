use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// A stretch of the old text, in bytes, and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hunk {
    pub(crate) old: Range<usize>,
    pub(crate) new: String,
}

/// Above so many differing lines two texts are not compared.
const MOST: usize = 4_000;

/// The lines that differ, one hunk for each run of them; `None` where the texts are too different to compare.
pub(crate) fn hunks(before: &str, after: &str) -> Option<Vec<Hunk>> {
    let (old, new) = (lines(before), lines(after));
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    if old_middle.len() + new_middle.len() > MOST {
        return None;
    }
    let (old_at, new_at) = (offsets(&old), offsets(&new));
    let mut hunks: Vec<Hunk> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old_middle, new_middle) {
        if op.tag() == DiffTag::Equal {
            continue;
        }
        let range = old_at[head + op.old_range().start]..old_at[head + op.old_range().end];
        let text = &after[new_at[head + op.new_range().start]..new_at[head + op.new_range().end]];
        match hunks.last_mut() {
            Some(last) if last.old.end == range.start => {
                last.old.end = range.end;
                last.new.push_str(text);
            }
            _ => hunks.push(Hunk { old: range, new: text.to_owned() }),
        }
    }
    Some(hunks)
}

/// A text with hunks applied; they lie in order and apart.
pub(crate) fn applied(before: &str, hunks: &[Hunk]) -> String {
    let mut after = String::with_capacity(before.len());
    let mut copied = 0;
    for hunk in hunks {
        after.push_str(&before[copied..hunk.old.start]);
        after.push_str(&hunk.new);
        copied = hunk.old.end;
    }
    after.push_str(&before[copied..]);
    after
}

/// The smallest stretch that two texts differ in: of the old one, and how long it is in the new one.
pub(crate) fn least(before: &str, after: &str) -> (Range<usize>, usize) {
    let pairs = before.chars().zip(after.chars());
    let head: usize = pairs.take_while(|(old, new)| old == new).map(|(old, _)| old.len_utf8()).sum();
    let (old, new) = (&before[head..], &after[head..]);
    let pairs = old.chars().rev().zip(new.chars().rev());
    let tail: usize = pairs.take_while(|(old, new)| old == new).map(|(old, _)| old.len_utf8()).sum();
    (head..before.len() - tail, new.len() - tail)
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn offsets(lines: &[&str]) -> Vec<usize> {
    let mut offsets = vec![0];
    let mut end = 0;
    for line in lines {
        end += line.len();
        offsets.push(end);
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::{Hunk, applied, hunks, least};

    #[track_caller]
    fn check(before: &str, after: &str, expected: &[(&str, &str)]) {
        let found = hunks(before, after).expect("short texts");
        let shown: Vec<(&str, &str)> =
            found.iter().map(|Hunk { old, new }| (&before[old.clone()], new.as_str())).collect();
        assert_eq!(shown, expected);
        assert_eq!(applied(before, &found), after);
    }

    #[test]
    fn hunks_of_lines() {
        check("a\nb\nc\n", "a\nx\nc\n", &[("b\n", "x\n")]);
        check("a\nb\n", "b\nc", &[("a\n", ""), ("", "c")]);
        check("a", "a", &[]);
    }

    #[test]
    fn the_least_difference() {
        assert_eq!(least("f((x))", "f(x)"), (2..5, 1));
        assert_eq!(least("é;", "è;"), (0..2, 2));
    }
}
