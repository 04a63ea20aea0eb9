use std::ops::Range;

use heal_model::Bytes;

use crate::lines::{Change, diff, split};

/// Which bytes of a text other bytes take the place of, in order and apart from each other.
pub(crate) fn splices(before: &[u8], after: &[u8]) -> Vec<(Range<usize>, Bytes)> {
    let (old, new) = (split(before), split(after));
    let (old_at, new_at) = (offsets(&old), offsets(&new));
    let mut splices = Vec::new();
    for change in diff(&old, &new) {
        for Change { old, new } in by_line(change) {
            let range = old_at[old.start]..old_at[old.end];
            splices.extend(trimmed(before, range, &after[new_at[new.start]..new_at[new.end]]));
        }
    }
    splices
}

/// Where each line starts, and where the last one ends.
fn offsets(lines: &[&[u8]]) -> Vec<usize> {
    let mut offsets = vec![0];
    let mut end = 0;
    for line in lines {
        end += line.len();
        offsets.push(end);
    }
    offsets
}

/// As many lines for as many are line for line, so that other fixes may have the rest of each line.
fn by_line(change: Change) -> Vec<Change> {
    if change.old.len() != change.new.len() {
        return vec![change];
    }
    let pairs = change.old.zip(change.new);
    pairs.map(|(old, new)| Change { old: old..old + 1, new: new..new + 1 }).collect()
}

/// A splice without the bytes that stay, cut between characters.
fn trimmed(before: &[u8], range: Range<usize>, text: &[u8]) -> Option<(Range<usize>, Bytes)> {
    let old = &before[range.clone()];
    let mut head = old.iter().zip(text).take_while(|(old, new)| old == new).count();
    while head > 0 && (is_inside(old, head) || is_inside(text, head)) {
        head -= 1;
    }
    let (old_rest, text_rest) = (&old[head..], &text[head..]);
    let mut tail =
        old_rest.iter().rev().zip(text_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    while tail > 0
        && (is_inside(old_rest, old_rest.len() - tail) || is_inside(text_rest, text_rest.len() - tail))
    {
        tail -= 1;
    }
    let text = &text_rest[..text_rest.len() - tail];
    let range = range.start + head..range.end - tail;
    (!range.is_empty() || !text.is_empty()).then(|| (range, text.into()))
}

/// Whether an offset lies inside a UTF-8 character.
fn is_inside(bytes: &[u8], offset: usize) -> bool {
    bytes.get(offset).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000)
}

/// Makes a text of another by splices that lie in order and apart.
pub(crate) fn apply<'a>(
    before: &[u8],
    splices: impl IntoIterator<Item = (&'a Range<usize>, &'a Bytes)>,
) -> Bytes {
    let mut after = Vec::with_capacity(before.len());
    let mut copied = 0;
    for (range, text) in splices {
        after.extend_from_slice(&before[copied..range.start]);
        after.extend_from_slice(text);
        copied = range.end;
    }
    after.extend_from_slice(&before[copied..]);
    after.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

    use super::{apply, splices};

    #[track_caller]
    fn check(before: &str, after: &str, expected: &[(usize, usize, &str)]) {
        let found = splices(before.as_bytes(), after.as_bytes());
        let found: Vec<_> =
            found.iter().map(|(range, text)| (range.start, range.end, text.text().expect("text"))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn splices_are_as_small_as_they_can_be() {
        check("a\n", "a\n", &[]);
        check("from a import x\n", "from b import x\n", &[(5, 6, "b")]);
        check("a1\na2\n", "b1\nb2\n", &[(0, 1, "b"), (3, 4, "b")]);
        check("a\nc\n", "a\nb\nc\n", &[(2, 2, "b\n")]);
        check("a\nb\n", "b\n", &[(0, 2, "")]);
        check("é\n", "è\n", &[(0, 2, "è")]);
        check("a", "a\n", &[(1, 1, "\n")]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn splices_make_the_one_of_the_other(before in "[ab\n]{0,24}", after in "[ab\né]{0,24}") {
            let found = splices(before.as_bytes(), after.as_bytes());
            let made = apply(before.as_bytes(), found.iter().map(|(range, text)| (range, text)));
            prop_assert_eq!(made.text(), Some(after.as_str()));
            prop_assert!(found.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start));
        }
    }
}
