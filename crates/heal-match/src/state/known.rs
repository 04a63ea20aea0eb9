use std::collections::BTreeMap;
use std::sync::OnceLock;

use heal_model::{Asset, Bytes, Playbook};
use jsonschema::Validator;
use serde_json::Value;

use super::read::parse;

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

impl Known {
    /// What a playbook brings.
    pub(crate) fn new(playbook: &Playbook) -> Self {
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
