use std::collections::BTreeSet;

use crate::draft::{Draft, Reach, draft};
use crate::example::Example;
use crate::frame::Frame;
use crate::hole::Breadth;
use crate::message::Freedom;
use crate::sketch::Generality;

/// The reach by which it is decided whether edits agree: no further than the examples force.
const STRICT: Reach =
    Reach { freedom: Freedom::Different, generality: Generality::Strict, breadth: Breadth::Narrow };

/// Parts examples into groups whose edits agree: some rule mends each of a group.
///
/// Agglomerative: of all pairs of groups the one whose common rule is best comes together, as long as there is one.
pub(crate) fn agreeing<'a>(examples: &[&'a Example]) -> Vec<Vec<&'a Example>> {
    let mut groups: Vec<Vec<&Example>> = same(examples);
    let mut scores: Vec<Vec<Option<Score>>> = Vec::new();
    for one in 0..groups.len() {
        scores.push((0..one).map(|other| score(&groups[one], &groups[other])).collect());
    }
    loop {
        let pairs = scores.iter().enumerate().flat_map(|(one, row)| {
            row.iter().enumerate().filter_map(move |(other, score)| Some((score.clone()?, one, other)))
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
                scores[larger][smaller] = score(&groups[larger], &groups[smaller]);
            }
        }
    }
}

/// Best first: the more trusted frame, then more literal text in the pattern, then less in the replacement.
type Score = (Frame, std::cmp::Reverse<usize>, usize);

fn score(one: &[&Example], other: &[&Example]) -> Option<Score> {
    let both: Vec<&Example> = one.iter().chain(other).copied().collect();
    let draft = best(&both, STRICT)?;
    Some((draft.frame, std::cmp::Reverse(draft.weight), draft.written))
}

/// The rule of the most trusted frame that mends all examples.
pub(crate) fn best(examples: &[&Example], reach: Reach) -> Option<Draft> {
    let first = examples.first()?;
    Frame::all(first).into_iter().find_map(|frame| {
        let draft = draft(examples, frame, reach)?;
        (draft.words >= 2).then_some(draft)
    })
}

/// Puts examples together that are the same in message, old and new text.
fn same<'a>(examples: &[&'a Example]) -> Vec<Vec<&'a Example>> {
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
