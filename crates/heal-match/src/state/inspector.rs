use std::collections::BTreeMap;
use std::sync::OnceLock;

use heal_model::{Asset, Bytes, Found, Inspect, Playbook, RuleId, Trigger, World};
use jsonschema::Validator;
use serde_json::Value;

use super::look::{Captures, Look, Spot};
use super::paths::Listing;
use super::read::parse;

/// Decides what holds of files, documents, processes and the environment.
///
/// It knows the playbooks' variables and the schemas they refer to; a schema compiles when it is first needed.
pub struct Inspector {
    playbooks: BTreeMap<String, Known>,
}

/// What conditions of one playbook may refer to.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) vars: BTreeMap<String, Value>,
    schemas: BTreeMap<String, Schema>,
}

struct Schema {
    content: Option<Bytes>,
    validator: OnceLock<Result<Validator, String>>,
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

impl Known {
    fn new(playbook: &Playbook) -> Self {
        let schema = |asset: &Asset| Schema { content: asset.content.clone(), validator: OnceLock::new() };
        let schemas = playbook.assets.iter().map(|(name, asset)| (name.clone(), schema(asset)));
        Self { vars: playbook.vars.clone(), schemas: schemas.collect() }
    }

    /// A schema that the playbook refers to, ready to validate.
    pub(crate) fn schema(&self, name: &str) -> Result<&Validator, String> {
        let missing = || format!("the schema {name} is missing");
        let schema = self.schemas.get(name).ok_or_else(missing)?;
        let compiled = schema.validator.get_or_init(|| {
            let content = schema.content.as_ref().ok_or_else(missing)?;
            let value = parse(name, content)?;
            jsonschema::validator_for(&value).map_err(|error| format!("the schema {name}: {error}"))
        });
        compiled.as_ref().map_err(Clone::clone)
    }
}
