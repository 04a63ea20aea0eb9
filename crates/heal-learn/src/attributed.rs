use std::collections::BTreeSet;
use std::ops::Range;

use crate::hunk::Hunk;
use crate::text::line_at;
use crate::tree::words;

/// How many lines from a diagnostic a change still counts as one about it.
const NEAR: u32 = 3;

/// The hunks about a diagnostic: those near it, those beside them, for a pair of braces is one change, and those that
/// change or name the same words; all where none is near.
pub(crate) fn attributed(before: &str, hunks: &[Hunk], span: &Range<usize>, message: &str) -> Vec<Hunk> {
    let runs: Vec<&[Hunk]> = hunks.chunk_by(|one, next| distance(before, one, &next.old) <= NEAR).collect();
    let is_near = |run: &[Hunk]| run.iter().any(|hunk| distance(before, hunk, span) <= NEAR);
    let near: Vec<&Hunk> = runs.iter().filter(|run| is_near(run)).copied().flatten().collect();
    if near.is_empty() {
        return hunks.to_vec();
    }
    let mut theirs = quoted_words(message);
    theirs.extend(near.iter().flat_map(|hunk| changed_words(before, hunk)));
    let related = |hunk: &Hunk| changed_words(before, hunk).iter().any(|word| theirs.contains(word));
    hunks.iter().filter(|hunk| near.contains(hunk) || related(hunk)).cloned().collect()
}

/// How many lines lie between a hunk and a span.
pub(crate) fn distance(before: &str, hunk: &Hunk, span: &Range<usize>) -> u32 {
    let first = line_at(before, hunk.old.start);
    let last = line_at(before, hunk.old.end.saturating_sub(1).max(hunk.old.start));
    let (start, end) = (line_at(before, span.start), line_at(before, span.end));
    if first > end { first - end } else { start.saturating_sub(last) }
}

fn changed_words(before: &str, hunk: &Hunk) -> BTreeSet<String> {
    let own =
        |text: &str| words(text).filter(|word| word.len() > 1).map(str::to_owned).collect::<BTreeSet<_>>();
    own(&before[hunk.old.clone()]).symmetric_difference(&own(&hunk.new)).cloned().collect()
}

fn quoted_words(message: &str) -> BTreeSet<String> {
    let parts = message.split(['`', '\'', '"']);
    parts.skip(1).step_by(2).flat_map(words).filter(|word| word.len() > 1).map(str::to_owned).collect()
}
