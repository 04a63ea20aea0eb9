use std::collections::BTreeMap;

use heal_model::{Evidence, Incident, Lesson, Playbook};

use crate::draft::{Draft, Reach};
use crate::example::Example;
use crate::group::{agreeing, best, distinct};
use crate::hole::Breadth;
use crate::message::Freedom;
use crate::signature::signature;
use crate::sketch::Generality;

/// How lessons are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How many distinct incidents a rule needs.
    pub min_occurrences: u32,
}

impl Default for Policy {
    fn default() -> Self {
        Self { min_occurrences: 2 }
    }
}

/// Draws lessons.
pub fn distil(incidents: &[Incident], _playbooks: &[Playbook], _passing: &[String], policy: &Policy) -> Vec<Lesson> {
    let mut examples: Vec<Example> =
        incidents.iter().filter_map(|incident| Example::of(incident).ok()).collect();
    examples.sort_by(|one, other| one.id.cmp(&other.id));
    let mut buckets: BTreeMap<String, Vec<&Example>> = BTreeMap::new();
    for example in &examples {
        buckets.entry(signature(&example.diagnostic).key).or_default().push(example);
    }
    let mut found: Vec<(Draft, Vec<&Example>, usize, usize)> = Vec::new();
    for bucket in buckets.values() {
        for group in agreeing(bucket) {
            if distinct(&group) < policy.min_occurrences as usize {
                continue;
            }
            for reach in REACHES {
                let all: Vec<&Example> = examples.iter().collect();
                if let Some((draft, outcomes)) = best(&group, reach, &all) {
                    found.push((draft, group.clone(), outcomes.right, outcomes.wrong));
                    break;
                }
            }
        }
    }
    found.sort_by_key(|(draft, group, _, wrong)| {
        (*wrong > 0, draft.frame, std::cmp::Reverse(draft.weight), std::cmp::Reverse(group.len()), group[0].id.clone())
    });
    found
        .into_iter()
        .map(|(draft, group, right, wrong)| Lesson {
            rule: draft.rule,
            evidence: Evidence {
                incidents: group.iter().map(|example| example.id.clone()).collect(),
                distinct: u32::try_from(distinct(&group)).unwrap_or(u32::MAX),
            },
            gates: vec![heal_model::Gate { name: format!("{:?}", draft.frame), passed: wrong == 0, detail: format!("{right}/{wrong}") }],
        })
        .collect()
}

const REACHES: [Reach; 3] = [
    Reach { freedom: Freedom::Quoted, generality: Generality::Copies, breadth: Breadth::Wide },
    Reach { freedom: Freedom::Different, generality: Generality::Copies, breadth: Breadth::Narrow },
    Reach { freedom: Freedom::Different, generality: Generality::Strict, breadth: Breadth::Narrow },
];
