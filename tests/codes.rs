//! Every error code that `rustc --explain` knows is known here: what it means, and what to try.

use std::collections::BTreeSet;
use std::fs;

use heal::Reading;
use heal::matching::Inspector;
use heal::model::{MemoryWorld, Playbook, Rule, Used};
use heal::planning::{Choices, Context, plan};
use heal::rule_test::noise;

/// The codes of rustc 1.95.
fn codes() -> Vec<String> {
    let text = fs::read_to_string(super::book::root().join("tests/corpus/rustc-codes.txt"));
    text.expect("the list can be read").lines().map(str::to_owned).collect()
}

/// What a person is told of a finding's rule: why it happens, and what to do, each line that is not empty.
fn lines(rule: &Rule, guides: &[String]) -> (usize, usize) {
    let full = |text: &str| text.lines().filter(|line| !line.trim().is_empty()).count();
    (rule.explain.as_deref().map_or(0, full), guides.iter().map(|guide| full(guide)).sum())
}

#[test]
fn every_code_is_explained() {
    let playbooks: Vec<Playbook> =
        super::gates::playbooks().into_iter().filter(|one| one.name.starts_with("rust")).collect();
    let codes = codes();
    let output = |code: &String| format!("error[{code}]: what it says\n --> src/main.rs:1:1\n").into_bytes();
    let outputs: Vec<(String, Vec<u8>)> = codes.iter().map(|code| (code.clone(), output(code))).collect();
    let (inspect, world, choices) = (Inspector::new(&playbooks), MemoryWorld::default(), Choices::default());
    let used = Used::default();
    let context =
        Context { playbooks: &playbooks, world: &world, inspect: &inspect, choices: &choices, used: &used };
    let mut known = BTreeSet::new();
    for (code, finding) in noise(&playbooks, &outputs, &Reading::built_in()) {
        let guides: Vec<String> = plan(std::slice::from_ref(&finding), &context)
            .fixes
            .into_iter()
            .flat_map(|fix| fix.guides)
            .collect();
        let mut rules = playbooks.iter().flat_map(|one| &one.rules);
        let rule = rules.find(|rule| rule.id == finding.rule).expect("a finding's rule is there");
        let (why, what) = lines(rule, &guides);
        if why >= 1 && what >= 1 && why + what >= 2 {
            known.insert(code);
        }
    }
    let unknown: Vec<&String> = codes.iter().filter(|code| !known.contains(*code)).collect();
    assert_eq!(unknown, [] as [&String; 0]);
    assert!(codes.len() > 500, "{} codes", codes.len());
}

/// A newer compiler that explains more is noticed.
#[test]
fn the_list_of_codes_is_whole() {
    if !super::real::has("rustc", &["rustc", "--version"]) {
        return;
    }
    let codes = codes();
    let number = |code: &String| code[1..].parse::<u32>().expect("a code is a letter and digits");
    let last = codes.iter().map(number).max().expect("there are codes");
    let asked = (last - 5..last + 15).map(|number| format!("E{number:04}"));
    let explained = |code: &String| {
        let told = std::process::Command::new("rustc").args(["--explain", code]).output();
        told.expect("rustc runs").status.success()
    };
    let newest: Vec<String> = asked.filter(explained).collect();
    let listed: Vec<String> = codes.iter().filter(|code| number(code) >= last - 5).cloned().collect();
    assert_eq!(newest, listed, "tests/corpus/rustc-codes.txt lacks some");
}
