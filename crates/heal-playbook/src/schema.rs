use std::sync::LazyLock;

use jsonschema::Validator;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, generate::SchemaSettings};
use serde_json::{Value, json};

use crate::written;

/// The JSON Schema of a playbook: draft 2020-12, a description on every key.
#[must_use]
pub fn schema() -> Value {
    SCHEMA.clone()
}

/// The same, kept.
pub(crate) static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let settings = SchemaSettings::draft2020_12().with_transform(Absent);
    let mut schema = settings.into_generator().into_root_schema_for::<written::Playbook>();
    schema.insert("title".to_owned(), json!("Playbook of heal"));
    schema.to_value()
});

/// Compiled when the first playbook is loaded: about 1 ms.
pub(crate) static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::draft202012::new(&SCHEMA)
        .expect("a test compiles the schema, and it does not depend on input")
});

/// Alternatives of which each asks for one key: just one of the keys may be there.
pub(crate) fn exactly(keys: &[&str]) -> Value {
    keys.iter().map(|key| json!({ "required": [key] })).collect()
}

/// The same for several groups of keys.
pub(crate) fn exactly_each(groups: &[&[&str]]) -> Value {
    groups.iter().map(|keys| json!({ "oneOf": exactly(keys) })).collect()
}

/// A key that may be left out is not one that may be null; that an empty list is its default goes without saying.
#[derive(Clone)]
struct Absent;

impl Transform for Absent {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
        for property in properties.values_mut().filter_map(Value::as_object_mut) {
            property.remove("default");
            if let Some(Value::Array(branches)) = property.remove("anyOf") {
                let value = branches.into_iter().find(|branch| branch["type"] != "null");
                property.extend(value.and_then(|value| value.as_object().cloned()).into_iter().flatten());
            }
            for keyword in ["type", "enum"] {
                let Some(Value::Array(values)) = property.get_mut(keyword) else { continue };
                values.retain(|value| !value.is_null() && value != "null");
                if let ("type", [one]) = (keyword, values.as_slice()) {
                    let one = one.clone();
                    property.insert(keyword.to_owned(), one);
                }
            }
        }
    }
}
