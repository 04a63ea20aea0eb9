//! What the built-in rules name in the recorded output of real tools that failed; `HEAL_UPDATE=1` writes it down.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use heal::Reading;
use heal::rule_test::noise;

/// The recordings, by their paths below `tests/corpus/failing`.
fn recorded(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut outputs = Vec::new();
    super::noise::outputs(folder, &mut outputs);
    let below = |path: &str| {
        let below = Path::new(path).strip_prefix(folder).expect("it was found in there");
        below.display().to_string()
    };
    outputs.into_iter().map(|(path, output)| (below(&path), output)).collect()
}

fn corpus() -> PathBuf {
    super::book::root().join("tests/corpus")
}

#[test]
fn each_recorded_failure_is_named_as_it_was() {
    let outputs = recorded(&corpus().join("failing"));
    let mut named: BTreeMap<String, BTreeSet<String>> =
        outputs.iter().map(|(path, _)| (path.clone(), BTreeSet::new())).collect();
    for (path, finding) in noise(&super::gates::playbooks(), &outputs, &Reading::built_in()) {
        named.entry(path).or_default().insert(finding.rule.to_string());
    }
    let lines = named.into_iter().map(|(path, rules)| {
        let rules: Vec<String> = rules.into_iter().collect();
        format!("{path}: {}", if rules.is_empty() { "nothing".to_owned() } else { rules.join(", ") })
    });
    let now: Vec<String> = lines.collect();
    let expected = corpus().join("failing.expected");
    if std::env::var_os("HEAL_UPDATE").is_some() {
        fs::write(expected, now.join("\n") + "\n").expect("it can be written");
        return;
    }
    let before = fs::read_to_string(expected).expect("it can be read");
    let before: BTreeSet<&str> = before.lines().collect();
    let new: Vec<&String> = now.iter().filter(|line| !before.contains(line.as_str())).collect();
    assert_eq!(new, [] as [&String; 0], "HEAL_UPDATE=1 writes failing.expected anew");
    assert_eq!(now.len(), before.len(), "recordings are missing");
}

#[test]
fn the_list_of_recordings_is_whole() {
    let readme = fs::read_to_string(corpus().join("README.md")).expect("it can be read");
    let (_, tables) = readme.split_once("\n## Failing\n").expect("it has a part on failures");
    let table = tables.split_once("\n## ").map_or(tables, |(table, _)| table);
    let listed: BTreeSet<String> = table
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
        .collect();
    let there: BTreeSet<String> =
        recorded(&corpus().join("failing")).into_iter().map(|(path, _)| path).collect();
    let unlisted: Vec<&String> = there.difference(&listed).collect();
    let lost: Vec<&String> = listed.difference(&there).collect();
    assert_eq!((unlisted, lost), (Vec::new(), Vec::new()));
}
