//! The shape of the code, held to the map in `crates/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The crates that stand in a row and never import each other.
const STAGES: [&str; 6] =
    ["heal-playbook", "heal-diagnose", "heal-match", "heal-plan", "heal-exec", "heal-learn"];

/// Licences that a crate in the binary may have; an expression fits when one of its alternatives is here.
const LICENCES: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

/// Crates that must not come in, even through another, and why.
const DENIED: [(&str, &str); 6] = [
    ("serde_yaml", "archived in 2024; yaml_serde continues it"),
    ("serde_yml", "RUSTSEC-2025-0068: unsound and unmaintained"),
    ("yaml-rust", "RUSTSEC-2024-0320: unmaintained"),
    ("atty", "RUSTSEC-2021-0145: unaligned read, unmaintained"),
    ("ansi_term", "RUSTSEC-2021-0139: unmaintained"),
    ("openssl", "heal needs no network at run time"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout is there")
}

/// What `cargo metadata` says of this platform, with the network shut off.
pub(crate) fn metadata() -> Value {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc can be run");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", host])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

/// The crates that each crate of the workspace imports outside of tests.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let members: BTreeSet<&str> =
        metadata["workspace_members"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let packages = metadata["packages"].as_array().expect("a list");
    let ours =
        packages.iter().filter(|package| package["id"].as_str().is_some_and(|id| members.contains(id)));
    let imports = ours.map(|package| {
        let dependencies = package["dependencies"].as_array().expect("a list").iter();
        let names = dependencies.filter(|one| one["kind"].is_null()).filter_map(|one| one["name"].as_str());
        (package["name"].as_str().expect("a name").to_owned(), names.map(str::to_owned).collect())
    });
    imports.collect()
}

/// Every Rust file of the checkout, as paths from its root.
fn sources() -> Vec<PathBuf> {
    let mut folders = vec![root().join("crates"), root().join("tests")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn no_stage_imports_another() {
    let imports = imports();
    let crossings: Vec<String> = STAGES
        .iter()
        .flat_map(|stage| imports[*stage].iter().map(move |other| (stage, other)))
        .filter(|(_, other)| STAGES.contains(&other.as_str()) || *other == "heal")
        .map(|(stage, other)| format!("{stage} imports {other}"))
        .collect();
    assert_eq!(crossings, Vec::<String>::new());
}

#[test]
fn the_model_imports_only_serde() {
    let imports = imports();
    let names: Vec<&str> = imports["heal-model"].iter().map(String::as_str).collect();
    assert_eq!(names, ["serde", "serde_json"]);
}

#[test]
fn the_map_shows_every_crate() {
    let map = fs::read_to_string(root().join("crates/README.md")).expect("the map is there");
    let missing: Vec<String> =
        imports().into_keys().filter(|name| !map.contains(&format!("[`{name}`]({name})"))).collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn no_file_is_over_400_lines() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|path| (fs::read_to_string(&path).expect("a source is text").lines().count(), path))
        .filter(|(lines, _)| *lines > 400)
        .map(|(lines, path)| format!("{} has {lines}", path.display()))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn every_licence_is_allowed() {
    let refused: Vec<String> = packages(&metadata())
        .into_iter()
        .filter(|(_, _, licence)| !fits(licence))
        .map(|(name, version, licence)| format!("{name} {version}: {licence}"))
        .collect();
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn no_denied_crate_comes_in() {
    let found: Vec<String> = packages(&metadata())
        .into_iter()
        .filter_map(|(name, version, _)| {
            let (_, reason) = DENIED.iter().find(|(denied, _)| *denied == name)?;
            Some(format!("{name} {version}: {reason}"))
        })
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

/// Name, version and licence of every crate that heal is built or tested with.
pub(crate) fn packages(metadata: &Value) -> Vec<(String, String, String)> {
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().expect("a list").iter();
    packages
        .map(|package| (text(package, "name"), text(package, "version"), text(package, "license")))
        .collect()
}

/// Whether a licence expression can be met: `OR` needs one side, `AND` both; the old `/` means `OR`.
fn fits(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let fits = either(&mut words);
    fits && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>) -> bool {
    let mut fits = both(words);
    while words.next_if_eq(&"OR").is_some() {
        fits |= both(words);
    }
    fits
}

fn both(words: &mut Words<'_>) -> bool {
    let mut fits = one(words);
    while words.next_if_eq(&"AND").is_some() {
        fits &= one(words);
    }
    fits
}

fn one(words: &mut Words<'_>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        return either(words) & words.next_if_eq(&")").is_some();
    }
    let mut name = words.next().unwrap_or_default().to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        name = format!("{name} WITH {}", words.next().unwrap_or_default());
    }
    LICENCES.contains(&name.as_str())
}

#[test]
fn licence_expressions_are_read() {
    assert!(fits("MIT OR Apache-2.0") && fits("MIT/GPL-3.0") && fits("Apache-2.0 AND MIT"));
    assert!(fits("(MIT OR GPL-3.0) AND Unicode-3.0") && !fits("GPL-3.0 AND (MIT OR Apache-2.0)"));
    assert!(fits("Apache-2.0 WITH LLVM-exception OR GPL-3.0") && !fits("MIT AND (MIT"));
    assert!(!fits("GPL-3.0-only") && !fits("MIT AND GPL-3.0-only") && !fits(""));
}
