//! `schemas/journal.schema.json` is what the types say, and every record that is written fits it.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files")]

mod support;

use std::fs;
use std::path::Path;

use heal_exec::{Warrant, journal_schema};
use heal_model::{Command, Fix, Invocation, Origin, Plan, RuleId};
use serde_json::Value;
use support::{PATIENCE, Project, plan};

#[test]
fn the_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/journal.schema.json");
    let schema = serde_json::to_string_pretty(&journal_schema()).expect("JSON") + "\n";
    if std::env::var_os("HEAL_UPDATE").is_some() {
        fs::write(&path, &schema).expect("the schema is written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, schema, "rewrite it with HEAL_UPDATE=1 cargo test -p heal-exec --test schema");
}

#[test]
fn every_record_fits_the_schema() {
    let project = Project::with(&[("a.txt", "old"), ("b.txt", "gone")]);
    let edits =
        [("a.txt", Some("old"), Some("new")), ("b.txt", Some("gone"), None), ("c/d.txt", None, Some("made"))];
    project.apply(&edits).expect("applied");
    project.host().undo(None).expect("undone");
    for script in ["exit 3", "printf more >> a.txt"] {
        let plan = Plan { fixes: vec![fix(script)], ..plan(&edits) };
        project.host().apply(&plan, &Warrant::none(), PATIENCE).expect("a receipt");
    }
    let validator = jsonschema::validator_for(&journal_schema()).expect("a schema");
    let records = project.kept("ops");
    let endings: Vec<_> = records.iter().filter_map(|path| path.extension()?.to_str()).collect();
    assert_eq!(endings, ["commit", "intent", "commit", "intent", "intent", "rolledback", "commit", "intent"]);
    for path in records {
        let text = fs::read_to_string(&path).expect("a record");
        let record: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        let errors: Vec<String> = validator.iter_errors(&record).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{}: {record:#}", path.display());
    }
}

fn fix(script: &str) -> Fix {
    let command = Command::new(Invocation::Shell(script.to_owned()));
    Fix {
        commands: vec![command],
        ..Fix::new(RuleId::new("demo", "rule"), Origin::Named("demo.yaml".to_owned()), "demo")
    }
}
