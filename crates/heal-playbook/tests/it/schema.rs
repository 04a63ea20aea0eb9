use std::collections::BTreeSet;

use serde_json::Value;

const CHECKED_IN: &str = include_str!("../../../../schemas/playbook.schema.json");

#[test]
fn the_schema_that_is_checked_in_is_current() {
    let schema = format!("{:#}\n", heal_playbook::schema());
    crate::current("../../schemas/playbook.schema.json", CHECKED_IN, &schema);
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

/// An editor offers the examples, so each must be one, and the keys that take some learning have one.
#[test]
fn examples_are_what_their_keys_take() {
    let schema = heal_playbook::schema();
    let (mut wrong, mut keys) = (Vec::new(), BTreeSet::new());
    let mut all = vec![&schema];
    while let Some(one) = all.pop() {
        for (key, property) in one["properties"].as_object().into_iter().flatten() {
            let Some(examples) = property["examples"].as_array() else { continue };
            keys.insert(key.as_str());
            let mut alone = property.clone();
            alone["$defs"] = schema["$defs"].clone();
            let validator = jsonschema::draft202012::new(&alone).expect("it compiles");
            wrong.extend(
                examples.iter().filter(|one| !validator.is_valid(one)).map(|one| format!("{key}: {one}")),
            );
        }
        all.extend(one.as_object().into_iter().flat_map(|members| members.values()));
        all.extend(one.as_array().into_iter().flatten());
    }
    assert_eq!(wrong, Vec::<String>::new());
    let without: Vec<&str> = LEARNED.iter().copied().filter(|key| !keys.contains(key)).collect();
    assert_eq!(without, Vec::<&str>::new());
}

/// Keys whose values are more than a word.
const LEARNED: [&str; 24] = [
    "sources",
    "files",
    "captures",
    "verify",
    "tests",
    "output",
    "diagnostic",
    "file",
    "document",
    "process",
    "probe",
    "sequence",
    "lines",
    "not",
    "count",
    "find",
    "edit",
    "line",
    "create",
    "set",
    "run",
    "when",
    "recover",
    "keep",
];

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
