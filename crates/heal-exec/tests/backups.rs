//! Versions of files that other programs write.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files")]

mod support;

use std::fs;

use heal_model::{RelPath, World as _};
use support::Project;

fn path() -> RelPath {
    RelPath::new("state.json").expect("it is a path")
}

#[track_caller]
fn check(project: &Project, expected: &[&str]) {
    let versions = project.host().earlier(&path()).into_iter();
    let texts: Vec<String> =
        versions.map(|version| version.content.text().expect("it is text").to_owned()).collect();
    assert_eq!(texts, expected);
}

#[test]
fn a_version_is_kept_once_and_the_newest_come_first() {
    let project = Project::with(&[]);
    let keep = |text: &str| project.host().back_up(&path(), &text.into(), 10).expect("it can be kept");
    assert_eq!([keep("1"), keep("1"), keep("2"), keep("2")], [true, false, true, false]);
    check(&project, &["2", "1"]);
    assert!(keep("1"), "what came back is the newest again");
    check(&project, &["1", "2"]);
}

#[test]
fn what_heal_has_written_itself_is_not_kept_twice() {
    let project = Project::with(&[]);
    project.apply(&[("state.json", None, Some("1"))]).expect("applied");
    assert!(!project.host().back_up(&path(), &"1".into(), 10).expect("it can be kept"));
    assert!(project.host().back_up(&path(), &"2".into(), 10).expect("it can be kept"));
    check(&project, &["2", "1"]);
}

#[test]
fn as_many_are_kept_as_is_asked_for_and_ten_at_most() {
    let project = Project::with(&[]);
    for number in 0..14 {
        let most = if number < 13 { 99 } else { 3 };
        project.host().back_up(&path(), &number.to_string().into(), most).expect("it can be kept");
        if number == 12 {
            check(&project, &["12", "11", "10", "9", "8", "7", "6", "5", "4", "3"]);
        }
    }
    check(&project, &["13", "12", "11"]);
}

#[test]
fn a_version_that_is_damaged_does_not_count() {
    let project = Project::with(&[]);
    for text in ["1", "2"] {
        project.host().back_up(&path(), &text.into(), 10).expect("it can be kept");
    }
    let newest = project.kept("backups").pop().expect("there are two");
    let newest = fs::read_dir(&newest).map_or(newest.clone(), |entries| {
        entries.flatten().map(|entry| entry.path()).max().expect("there are two")
    });
    fs::write(newest, "half").expect("it can be written");
    check(&project, &["1"]);
}
