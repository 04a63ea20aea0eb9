//! Reading only the built-in rules that may fire on an output leaves out none that does.

use std::fs;

use heal::model::{Asset, Origin, Playbook};
use heal::playbooks::{Input, load};
use heal::rule_test::example;
use heal::{Reading, builtin_for};

/// All that is built in.
pub(super) fn playbooks() -> Vec<Playbook> {
    let mut all = Vec::new();
    let folder = fs::read_dir(super::book::root().join("playbooks")).expect("they are there");
    for entry in folder {
        let path = entry.expect("an entry can be read").path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = fs::read(&path).expect("it can be read");
            let assets = |path: &str| Asset { path: path.to_owned(), content: None };
            let origin = Origin::Builtin(path.display().to_string());
            all.push(load(&Input { origin, text: &text, assets: &assets }).expect("it is valid").playbook);
        }
    }
    all
}

#[test]
fn a_rule_that_fires_is_among_those_that_are_read() {
    let mut tried = 0;
    for rule in playbooks().iter().flat_map(|playbook| &playbook.rules) {
        let fires = rule.tests.iter().filter(|test| test.expect.matches != Some(0));
        for output in fires.filter_map(|test| test.input.output.as_deref()) {
            let read = builtin_for(output.as_bytes());
            let is_read = read.iter().flat_map(|playbook| &playbook.rules).any(|one| one.id == rule.id);
            assert!(is_read, "{} fires on {output:?}", rule.id);
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried} outputs were tried");
}

#[test]
fn every_rule_shows_what_it_finds_and_what_it_must_not() {
    let mut lacking = Vec::new();
    for rule in playbooks().iter().flat_map(|playbook| &playbook.rules) {
        let (silent, found): (Vec<_>, Vec<_>) =
            rule.tests.iter().partition(|test| test.expect.matches == Some(0));
        if silent.is_empty() || found.is_empty() || rule.explain.is_none() {
            lacking.push(rule.id.as_str().to_owned());
        }
    }
    assert_eq!(lacking, [] as [String; 0]);
}

#[test]
fn every_explanation_has_an_example() {
    let mut lacking = Vec::new();
    for playbook in heal::builtin() {
        let of_output =
            playbook.rules.iter().filter(|rule| rule.tests.iter().any(|test| test.input.output.is_some()));
        let without = of_output.filter(|rule| example(&playbook, rule, &Reading::built_in()).is_none());
        lacking.extend(without.map(|rule| rule.id.as_str().to_owned()));
    }
    assert_eq!(lacking, [] as [String; 0]);
}
