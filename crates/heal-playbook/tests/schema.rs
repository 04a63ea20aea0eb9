//! The JSON Schema that is checked in: current, valid, and explained on every key.
#![allow(missing_docs, reason = "tests")]

use serde_json::Value;

const CHECKED_IN: &str = include_str!("../../../schemas/playbook.schema.json");

#[test]
fn the_schema_that_is_checked_in_is_current() {
    let current = format!("{:#}\n", heal_playbook::schema());
    if update() {
        write(&current);
    } else {
        assert!(CHECKED_IN == current, "run HEAL_UPDATE=1 cargo test -p heal-playbook");
    }
}

#[expect(clippy::disallowed_methods, reason = "a person asks for new expectations through the environment")]
fn update() -> bool {
    std::env::var("HEAL_UPDATE").is_ok()
}

#[expect(clippy::disallowed_methods, reason = "the schema is generated into the source tree")]
fn write(schema: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/playbook.schema.json");
    std::fs::write(path, schema).expect("the schema is written");
}

#[test]
fn the_schema_is_one() {
    let schema = heal_playbook::schema();
    assert!(jsonschema::meta::validate(&schema).is_ok());
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::draft202012::new(&schema).expect("it compiles");
}

/// An editor explains what a key means, so none may be without a description.
#[test]
fn every_key_is_explained() {
    let mut silent = Vec::new();
    visit(&heal_playbook::schema(), "", &mut silent);
    assert_eq!(silent, Vec::<String>::new());
}

fn visit(schema: &Value, place: &str, silent: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else { return };
    for (keyword, value) in keywords {
        let place = format!("{place}/{keyword}");
        if keyword == "properties" || keyword == "$defs" {
            for (key, property) in value.as_object().into_iter().flatten() {
                if property["description"].as_str().is_none_or(|text| !text.ends_with(['.', '…', ':', '1']))
                {
                    silent.push(format!("{place}/{key}"));
                }
                visit(property, &format!("{place}/{key}"), silent);
            }
        } else {
            visit(value, &place, silent);
        }
    }
}
