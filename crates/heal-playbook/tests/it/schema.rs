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
