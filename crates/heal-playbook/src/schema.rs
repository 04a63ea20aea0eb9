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
        bound(schema);
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

/// Gives a whole number the bounds of the type that it is read as.
fn bound(schema: &mut Schema) {
    let bounds = match schema.get("format").and_then(Value::as_str) {
        Some("uint32") => (json!(u32::MIN), json!(u32::MAX)),
        Some("int32") => (json!(i32::MIN), json!(i32::MAX)),
        Some("uint64") => (json!(u64::MIN), json!(u64::MAX)),
        _ => return,
    };
    for (keyword, bound) in [("minimum", bounds.0), ("maximum", bounds.1)] {
        if schema.get(keyword).is_none() {
            schema.insert(keyword.to_owned(), bound);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert, proptest};
    use proptest::sample::{Index, select};
    use serde_json::{Value, json};

    use super::VALIDATOR;
    use crate::written;

    fn every_key() -> Value {
        serde_yaml::from_str(include_str!("../tests/it/every-key.yaml")).expect("YAML")
    }

    /// Every place in a document, as a JSON pointer.
    fn places(value: &Value, here: &str, found: &mut Vec<String>) {
        found.push(here.to_owned());
        let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
        match value {
            Value::Object(members) => {
                members
                    .iter()
                    .for_each(|(key, value)| places(value, &format!("{here}/{}", escaped(key)), found));
            }
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| places(item, &format!("{here}/{index}"), found));
            }
            _ => {}
        }
    }

    /// The document with one value or key changed.
    fn changed() -> impl Strategy<Value = Value> {
        let values = [
            json!(null),
            json!(true),
            json!(1),
            json!(-1),
            json!(0.5),
            json!(1e20),
            json!(u64::MAX),
            json!(i64::MIN),
            json!("x"),
            json!("5s"),
            json!([]),
            json!(["x"]),
            json!([1]),
            json!({}),
            json!({"regex": "x"}),
            json!({"text": 1}),
            json!([{"guide": "x"}]),
        ];
        (any::<Index>(), select(values.to_vec()), prop::bool::ANY).prop_map(|(at, value, add)| {
            let mut document = every_key();
            let mut found = Vec::new();
            places(&document, "", &mut found);
            let place = document.pointer_mut(&found[at.index(found.len())]).expect("a place of the document");
            match place.as_object_mut() {
                Some(members) if add => drop(members.insert("nothing".to_owned(), value)),
                _ => *place = value,
            }
            document
        })
    }

    #[test]
    fn both_take_every_key() {
        let document = every_key();
        assert!(VALIDATOR.is_valid(&document));
        serde_json::from_value::<written::Playbook>(document).expect("serde takes it too");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// What the schema takes, serde takes; and what serde refuses for a key or a type, the schema refuses first, so that
        /// serde's own words, which have no place, are never needed.
        #[test]
        fn the_schema_is_the_stricter(document in changed()) {
            let read = serde_json::from_value::<written::Playbook>(document.clone());
            prop_assert!(read.is_ok() || !VALIDATOR.is_valid(&document), "{:?}", read.err());
        }

        /// Types and keys are the same to both: what the schema refuses for them, serde refuses.
        #[test]
        fn serde_is_no_laxer_about_types_and_keys(document in changed()) {
            let about_types = VALIDATOR.iter_errors(&document).any(|error| {
                let keyword = error.kind().keyword();
                let optional = error.instance().is_null();
                matches!(keyword, "type" | "additionalProperties" | "required") && !optional
            });
            let read = serde_json::from_value::<written::Playbook>(document);
            prop_assert!(!about_types || read.is_err());
        }
    }
}
