//! `heal schema extract` says of files of extractors what reading them says.

#![allow(clippy::disallowed_methods, reason = "these tests look at the files that heal comes with")]

use std::fs;
use std::path::Path;

use heal_diagnose::{load, schema};
use jsonschema::Validator;
use serde_json::Value;

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).expect("a schema")
}

#[track_caller]
fn check(extractor: &str, is_well_formed: bool) {
    let yaml = format!("extract: 1\nextractors:\n  - {extractor}\n");
    let value: Value = serde_yaml::from_str(&yaml).expect("YAML");
    assert_eq!(load(&yaml).is_ok(), is_well_formed, "reading {yaml}");
    assert_eq!(validator().is_valid(&value), is_well_formed, "the schema of {yaml}");
}

#[test]
fn every_file_that_heal_comes_with_fits_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/extract");
    let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let files: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect();
    assert!(files.len() > 10, "{files:?}");
    for file in files {
        let value: Value = serde_yaml::from_str(&fs::read_to_string(&file).expect("text")).expect("YAML");
        let problems: Vec<String> = validator().iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(problems, Vec::<String>::new(), "{}", file.display());
    }
}

#[test]
fn it_refuses_what_reading_refuses() {
    check("{name: a, start: '^(?<message>.+)$'}", true);
    check("{name: a, start: ['^a(?<message>.+)$', '^b(?<message>.+)$'], levels: {C: note}}", true);
    check("{name: a, enter: '^> (?<file>.+)$', leave: ^<$}", true);
    check("{name: a, envelope: '^(?<lane>x) '}", true);
    check("{start: ^a$}", false);
    check("{name: a}", false);
    check("{name: a, start: ^a$, envelope: ^b}", false);
    check("{name: a, start: ^a$, leave: ^b$}", false);
    check("{name: a, start: []}", false);
    check("{name: a, start: ^a$, stat: ^b$}", false);
    check("{name: a, start: ^a$, set: {massage: no}}", false);
    check("{name: a, start: ^a$, levels: {C: worst}}", false);
    check("{name: a, start: ^a$, gap: -1}", false);
    check("{name: a, start: ^a$, body: [{line: ^b$, to: nobody}]}", false);
    check("{name: a, start: ^a$, body: [{line: ^b$, keep: both}]}", false);
    check("{name: a, start: ^a$, end: ^b$}", false);
}

#[test]
fn every_key_is_explained() {
    let schema = schema();
    let objects = [&schema].into_iter().chain(schema["$defs"].as_object().expect("definitions").values());
    let keys = objects.filter_map(|object| object["properties"].as_object()).flatten();
    let (all, silent): (Vec<_>, Vec<_>) = keys.partition(|(_, value)| value["description"].is_string());
    assert!(silent.is_empty(), "{silent:?}");
    assert!(all.len() > 40, "{}", all.len());
}
