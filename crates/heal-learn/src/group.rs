use std::collections::BTreeSet;

use crate::draft::{Draft, Reach, draft};
use crate::example::Example;
use crate::frame::Frame;
use crate::hole::Breadth;
use crate::message::Freedom;
use crate::sketch::Generality;
use crate::trial::Trial;

/// The reach by which it is decided whether edits agree: no further than the examples force.
const STRICT: Reach =
    Reach { freedom: Freedom::Quoted, generality: Generality::Strict, breadth: Breadth::Narrow };

/// Parts examples into groups whose edits agree: some rule mends each of a group.
///
/// Agglomerative: of all pairs of groups the one whose common rule is best comes together, as long as there is one.
pub(crate) fn agreeing<'a>(examples: &[&'a Example]) -> Vec<Vec<&'a Example>> {
    let mut groups: Vec<Vec<&Example>> = same(examples);
    let mut scores: Vec<Vec<Option<Score>>> = Vec::new();
    for one in 0..groups.len() {
        scores.push((0..one).map(|other| score(&groups[one], &groups[other], examples)).collect());
    }
    loop {
        let pairs = scores.iter().enumerate().flat_map(|(one, row)| {
            row.iter().enumerate().filter_map(move |(other, score)| Some(((*score)?, one, other)))
        });
        let Some((_, one, other)) = pairs.min() else { return groups };
        let taken = groups.remove(one);
        groups[other].extend(taken);
        groups[other].sort_by(|left, right| left.id.cmp(&right.id));
        scores.remove(one);
        for row in &mut scores {
            if row.len() > one {
                row.remove(one);
            }
        }
        for third in 0..groups.len() {
            let (larger, smaller) = (third.max(other), third.min(other));
            if larger != smaller {
                scores[larger][smaller] = score(&groups[larger], &groups[smaller], examples);
            }
        }
    }
}

/// How a rule does on examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Outcomes {
    /// Where it does what a person did.
    pub(crate) right: usize,
    /// Where it does something else.
    pub(crate) wrong: usize,
}

impl Outcomes {
    /// Whether it is right at least three times as often as it is wrong.
    pub(crate) fn holds(self) -> bool {
        self.wrong * 3 <= self.right
    }
}

/// Tries a rule on examples.
pub(crate) fn record(draft: &Draft, examples: &[&Example]) -> Outcomes {
    let mut outcomes = Outcomes::default();
    let Some(trial) = Trial::new(&draft.rule) else { return outcomes };
    for example in examples {
        match trial.mend(&example.diagnostic, &example.path, &example.content) {
            Some(found) if found.as_bytes() == &*example.mended => outcomes.right += 1,
            Some(_) => outcomes.wrong += 1,
            None => {}
        }
    }
    outcomes
}

/// Best first: the more trusted frame, then more literal text in the pattern, then less in the replacement.
type Score = (Frame, std::cmp::Reverse<usize>, usize);

fn score(one: &[&Example], other: &[&Example], bucket: &[&Example]) -> Option<Score> {
    let both: Vec<&Example> = one.iter().chain(other).copied().collect();
    let (draft, _) = best(&both, STRICT, bucket)?;
    Some((draft.frame, std::cmp::Reverse(draft.weight), draft.written))
}

/// The rule of the most trusted frame that mends all examples, and does not go wrong on too many of its bucket. One that
/// never goes wrong there comes before a weak one that does.
pub(crate) fn best(examples: &[&Example], reach: Reach, bucket: &[&Example]) -> Option<(Draft, Outcomes)> {
    let first = examples.first()?;
    let mut found = None;
    for frame in Frame::all(first) {
        let Some(draft) = draft(examples, frame, reach).filter(|draft| draft.words >= 2) else { continue };
        let outcomes = record(&draft, bucket);
        if outcomes.wrong == 0 {
            return Some((draft, outcomes));
        }
        if outcomes.holds() {
            found = found.or(Some((draft, outcomes)));
        }
        if found.is_some() && !frame.is_weak() {
            return found;
        }
    }
    found
}

/// How much a pattern must say, and how many characters it may write of its own, to be believed of a few.
const SAYS: usize = 2;
const INVENTS: usize = 2;

/// Whether examples agree by chance: among many ends of what sounds like the same failure two that have a pattern in
/// common are soon found. Not so where half of them agree or the diagnostic itself says where it lies, and not where the
/// pattern says more than one letter and is either all literal, or writes hardly anything that did not stand there and
/// mends none of the others wrongly.
pub(crate) fn by_chance(draft: &Draft, examples: &[&Example], bucket: &[&Example]) -> bool {
    let few = distinct(examples) * 2 < bucket.len();
    let modest = || draft.written <= INVENTS && record(draft, bucket).wrong == 0;
    draft.frame.is_weak() && few && !(draft.weight >= SAYS && (draft.is_literal || modest()))
}

/// Puts examples together that are the same in message, old and new text.
pub(crate) fn same<'a>(examples: &[&'a Example]) -> Vec<Vec<&'a Example>> {
    let mut groups: Vec<Vec<&Example>> = Vec::new();
    for &example in examples {
        match groups.iter_mut().find(|group| group[0].essence() == example.essence()) {
            Some(group) => group.push(example),
            None => groups.push(vec![example]),
        }
    }
    groups
}

/// How many examples are distinct in message, old and new text.
pub(crate) fn distinct(examples: &[&Example]) -> usize {
    examples.iter().map(|example| example.essence()).collect::<BTreeSet<_>>().len()
}
