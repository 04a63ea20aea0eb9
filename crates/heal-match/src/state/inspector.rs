use std::collections::BTreeMap;

use heal_model::{Found, Inspect, Playbook, RuleId, Trigger, World};

use super::known::Known;
use super::listing::Listing;
use super::look::Look;
use super::spot::{Captures, Spot};

/// Decides what holds of files, documents, processes and the environment.
///
/// It knows the playbooks' variables and the schemas they refer to; a schema compiles when it is first needed.
pub struct Inspector {
    playbooks: BTreeMap<String, Known>,
}

impl Inspector {
    /// Takes what the playbooks' conditions may refer to; of two playbooks with one name, the first counts.
    #[must_use]
    pub fn new(playbooks: &[Playbook]) -> Self {
        let mut all = BTreeMap::new();
        for playbook in playbooks {
            all.entry(playbook.name.clone()).or_insert_with(|| Known::new(playbook));
        }
        Self { playbooks: all }
    }

    /// Every place where a trigger holds, given what has been captured before.
    pub(crate) fn look(
        &self,
        rule: &RuleId,
        trigger: &Trigger,
        given: &Captures,
        world: &dyn World,
        listing: &Listing,
    ) -> (Vec<Spot>, Vec<String>) {
        let mut look = Look::new(self.playbooks.get(rule.playbook()), world, listing);
        let spots = look.spots(trigger, given);
        (spots, look.doubts)
    }
}

impl Inspect for Inspector {
    fn inspect(&self, rule: &RuleId, trigger: &Trigger, world: &dyn World) -> Found {
        let (spots, doubts) = self.look(rule, trigger, &Captures::new(), world, &Listing::default());
        found(rule, spots, doubts)
    }
}

/// Makes findings of places, and doubts of what could not be decided.
pub(crate) fn found(rule: &RuleId, spots: Vec<Spot>, doubts: Vec<String>) -> Found {
    let doubt = |message| heal_model::Doubt { rule: Some(rule.clone()), message };
    Found {
        findings: spots.into_iter().map(|spot| spot.finding(rule)).collect(),
        doubts: doubts.into_iter().map(doubt).collect(),
    }
}
