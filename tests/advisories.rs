//! What is known against the crates that heal is built and tested with: RustSec's advisories, kept here so that the check
//! needs no network. They are as old as the first line of the file says.

use std::fs;

use semver::{Version, VersionReq};

use crate::architecture::{metadata, packages};
use crate::book::root;

/// One advisory: the versions of a crate that it does not speak of are those with the fix and those before the fault.
struct Advisory<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'a str,
    fine: Vec<VersionReq>,
}

#[test]
fn no_advisory_speaks_of_a_crate_in_use() {
    let text = fs::read_to_string(root().join("tests/advisories.txt")).expect("the advisories are there");
    let advisories: Vec<Advisory<'_>> = text.lines().filter_map(advisory).collect();
    assert!(advisories.len() > 500, "{} advisories", advisories.len());
    let packages = packages(&metadata());
    let spoken_of = packages.iter().flat_map(|(name, version, _)| {
        let version = Version::parse(version).expect("cargo knows versions");
        let of = advisories.iter().filter(move |one| one.name == name && one.speaks_of(&version));
        of.map(move |one| format!("{name}: {} ({})", one.id, one.kind))
    });
    assert_eq!(spoken_of.collect::<Vec<_>>(), Vec::<String>::new());
}

/// An advisory by its line; nothing for a comment.
fn advisory(line: &str) -> Option<Advisory<'_>> {
    let [id, name, kind, patched, unaffected] =
        line.split('\t').collect::<Vec<_>>().try_into().ok().filter(|_| !line.starts_with('#'))?;
    let fine =
        [patched, unaffected].into_iter().flat_map(|ranges| ranges.split(';')).filter(|one| !one.is_empty());
    let fine = fine.map(|range| VersionReq::parse(range).expect("RustSec's ranges are cargo's"));
    Some(Advisory { id, name, kind, fine: fine.collect() })
}

impl Advisory<'_> {
    fn speaks_of(&self, version: &Version) -> bool {
        !self.fine.iter().any(|fine| fine.matches(version))
    }
}

#[test]
fn advisories_are_read() {
    let speaks_of = |line: &str, version: &str| {
        advisory(line).expect("an advisory").speaks_of(&Version::parse(version).expect("a version"))
    };
    let ranges = "R-1\tsmall\tunsound\t>= 0.6.14, < 1.0.0;>= 1.6.1\t< 0.6.3";
    let found = ["0.6.2", "0.6.13", "0.6.14", "1.6.0", "1.6.1"].map(|version| speaks_of(ranges, version));
    assert_eq!(found, [false, true, false, true, false]);
    assert!(speaks_of("R-2\told\tunmaintained\t\t", "9.0.0"));
    assert!(advisory("# as of today").is_none());
}
