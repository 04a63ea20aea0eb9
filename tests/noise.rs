//! No built-in rule fires on what tools print when all is well.

use std::fs;
use std::path::{Path, PathBuf};

use heal::Reading;
use heal::model::Playbook;
use heal::rule_test::noise;

/// The files below a folder, with their paths, in their order.
pub(super) fn outputs(folder: &Path, all: &mut Vec<(String, Vec<u8>)>) {
    let entries = fs::read_dir(folder).expect("the corpus can be listed");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            outputs(&path, all);
        } else {
            all.push((path.display().to_string(), fs::read(&path).expect("it can be read")));
        }
    }
}

#[test]
fn no_rule_fires_on_a_run_that_passed() {
    let mut passing = Vec::new();
    outputs(&super::book::root().join("tests/corpus/passing"), &mut passing);
    assert!(passing.len() > 100, "{} outputs", passing.len());
    let playbooks: Vec<Playbook> = super::gates::playbooks();
    let found = noise(&playbooks, &passing, &Reading::built_in());
    let told: Vec<String> = found.iter().map(|(path, one)| format!("{} on {path}", one.rule)).collect();
    assert_eq!(told, [] as [String; 0]);
}
