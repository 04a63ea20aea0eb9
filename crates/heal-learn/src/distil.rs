use std::cmp::Reverse;
use std::collections::BTreeMap;

use heal_model::{Evidence, Incident, Lesson, Playbook};

use crate::draft::{Draft, Reach, mends_all};
use crate::example::Example;
use crate::gates::Checks;
use crate::group::{Outcomes, agreeing, best, by_chance, distinct, record, same};
use crate::guard::{at_end, guarded, tied};
use crate::hole::Breadth;
use crate::message::Freedom;
use crate::naming::named;
use crate::once::literal;
use crate::policy::Policy;
use crate::signature::signature;
use crate::sketch::Generality;

/// How far a rule may reach, the furthest first: the first that passes all gates is taken.
const REACHES: [Reach; 3] = [
    Reach { freedom: Freedom::Quoted, generality: Generality::Copies, breadth: Breadth::Wide },
    Reach { freedom: Freedom::Quoted, generality: Generality::Copies, breadth: Breadth::Narrow },
    Reach { freedom: Freedom::Different, generality: Generality::Strict, breadth: Breadth::Narrow },
];

/// Draws lessons from incidents: rules that mend each of a group of them as a person did, the most specific first.
///
/// A lesson may be written when each of its gates has passed; the others say what stands against them. `passing` are
/// outputs of runs that passed. The same incidents give the same lessons in whatever order they come.
///
/// Groups are found by comparing each pair of a bucket of one signature, so the time grows with the square of its size:
/// some 20 ms for ten incidents of one kind.
#[must_use]
pub fn distil(
    incidents: &[Incident],
    playbooks: &[Playbook],
    passing: &[String],
    policy: &Policy,
) -> Vec<Lesson> {
    let mut examples: Vec<Example> =
        incidents.iter().filter_map(|incident| Example::of(incident).ok()).collect();
    examples.sort_by(|one, other| one.rank().cmp(&other.rank()));
    examples.dedup();
    let all: Vec<&Example> = examples.iter().collect();
    let checks = Checks { policy, playbooks, passing };
    let mut found: Vec<Found<'_>> = Vec::new();
    for bucket in buckets(&all).values() {
        for group in agreeing(bucket) {
            let common = Found::of(&group, bucket, &all, &checks);
            let each = same(&group);
            let single = each.iter().filter(|_| each.len() > 1 || common.is_none());
            let mut single =
                single.filter_map(|alike| Found::of(alike, bucket, &all, &checks)).collect::<Vec<_>>();
            // What agrees by chance, or only where it was seen, is still known again, each for itself.
            single.retain(|one| common.as_ref().is_none_or(|all| one.knows(one) && !all.knows(one)));
            found.extend(single);
            found.extend(common);
        }
    }
    found.sort_by_key(Found::rank);
    found.into_iter().map(|found| found.lesson(policy)).collect()
}

/// Examples by the key of their signature, where that says enough.
fn buckets<'a>(examples: &[&'a Example]) -> BTreeMap<String, Vec<&'a Example>> {
    let mut buckets: BTreeMap<String, Vec<&Example>> = BTreeMap::new();
    for &example in examples {
        let signature = signature(&example.diagnostic);
        if signature.is_specific {
            buckets.entry(signature.key).or_default().push(example);
        }
    }
    buckets
}

/// A rule, the examples it was made from, and how it does on all.
struct Found<'a> {
    draft: Draft,
    examples: Vec<&'a Example>,
    outcomes: Outcomes,
    gates: Vec<heal_model::Gate>,
}

impl<'a> Found<'a> {
    /// The rule for a group: of those that mend it the one that reaches furthest and passes all gates, or fails the fewest.
    fn of(
        group: &[&'a Example],
        bucket: &[&'a Example],
        all: &[&'a Example],
        checks: &Checks<'_>,
    ) -> Option<Self> {
        let drafts: Vec<Draft> = if distinct(group) < 2 {
            literal(group).into_iter().collect()
        } else {
            let found = REACHES.iter().filter_map(|&reach| best(group, reach, all));
            let found = found.filter(|(draft, _)| !by_chance(draft, group, bucket));
            let guarded = found.map(|(draft, _)| guarded(&draft, group).unwrap_or(draft));
            guarded
                .flat_map(|draft| {
                    let closer = [at_end(&draft, group), tied(&draft, group)];
                    std::iter::once(draft).chain(closer.into_iter().flatten())
                })
                .collect()
        };
        let found = drafts.into_iter().map(|draft| {
            let outcomes = record(&draft, all);
            let gates = checks.gates(&draft, group, outcomes);
            Self { draft, examples: group.to_vec(), outcomes, gates }
        });
        // Of several that fail equally few the first: it reaches furthest.
        found.min_by_key(|found| found.gates.iter().filter(|gate| !gate.passed).count())
    }

    /// Whether it mends what another was made of, among other lines as well.
    fn knows(&self, other: &Self) -> bool {
        let elsewhere = other.examples.first().and_then(|example| example.elsewhere());
        elsewhere.is_some_and(|one| mends_all(&self.draft.rule, &[&one]))
    }

    /// What never went wrong comes first, then specific before general: what was seen once goes by whole lines; then by
    /// frame and by how much the pattern says.
    fn rank(&self) -> impl Ord + use<> {
        let id = self.examples.first().map(|example| example.id.clone());
        let once = distinct(&self.examples) < 2;
        let weight = Reverse(self.draft.weight);
        (self.outcomes.wrong > 0, Reverse(once), self.draft.frame, weight, Reverse(self.examples.len()), id)
    }

    fn lesson(self, policy: &Policy) -> Lesson {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Lesson {
            evidence: Evidence {
                incidents: self.examples.iter().map(|example| example.id.clone()).collect(),
                distinct: count(distinct(&self.examples)),
                right: count(self.outcomes.right),
                wrong: count(self.outcomes.wrong),
            },
            rule: named(self.draft.rule, &self.examples, policy),
            gates: self.gates,
        }
    }
}
