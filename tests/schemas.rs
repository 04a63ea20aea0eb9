//! The schemas that are checked in are those that the types come to; `HEAL_UPDATE=1` writes them.

use std::fs;
use std::path::Path;

use serde_json::Value;

#[track_caller]
fn check(name: &str, now: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(name);
    let now = serde_json::to_string_pretty(now).expect("a schema has text keys alone") + "\n";
    if std::env::var_os("HEAL_UPDATE").is_some() {
        fs::write(&path, now).expect("the schema can be written");
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == now, "schemas/{name} is not current: HEAL_UPDATE=1 cargo test writes it");
}

#[test]
fn the_report_schema_is_current() {
    check("report.schema.json", &heal::report::schema());
}

#[test]
fn the_playbook_schema_is_current() {
    check("playbook.schema.json", &heal::playbooks::schema());
}

#[test]
fn the_schema_of_extractors_is_current() {
    check("extract.schema.json", &heal::diagnosing::schema());
}

#[test]
fn the_journal_schema_is_current() {
    check("journal.schema.json", &heal::acting::journal_schema());
}
