//! The whole language: each key, in each of its forms, and what it means.

use std::collections::BTreeSet;

use serde_json::Value;

const TEXT: &str = include_str!("every-key.yaml");
const MEANING: &str = include_str!("every-key.meaning.json");

#[test]
fn every_key_means_what_it_should() {
    let loaded = crate::load(TEXT.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.warnings, []);
    let meaning = serde_json::to_string_pretty(&loaded.playbook).expect("plain data");
    crate::current("tests/it/every-key.meaning.json", MEANING, &meaning);
    let again: heal_model::Playbook = serde_json::from_str(&meaning).expect("what was written");
    assert_eq!(again, loaded.playbook);
}

/// So that a new key is not forgotten in the test above.
#[test]
fn every_key_is_in_the_example() {
    let value: Value = serde_yaml::from_str(TEXT).expect("YAML");
    let mut used = BTreeSet::new();
    keys(&value, &mut used);
    let schema = heal_playbook::schema();
    let mut known = BTreeSet::new();
    properties(&schema, &mut known);
    assert_eq!(known.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new());
}

fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            found.insert(key.clone());
            keys(value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

fn properties(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(keywords) => keywords.iter().for_each(|(keyword, value)| {
            if keyword == "properties" {
                found.extend(value.as_object().into_iter().flat_map(|keys| keys.keys().cloned()));
            }
            properties(value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| properties(item, found)),
        _ => {}
    }
}
