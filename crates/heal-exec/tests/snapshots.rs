//! Files that are kept as they are before commands run.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files")]

mod support;

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use heal_exec::Warrant;
use heal_model::{Command, Fix, Invocation, Origin, Plan, Receipt, ReceiptState, RelPath, RuleId};
use support::Project;

fn path(path: &str) -> RelPath {
    RelPath::new(path).expect("it is a path")
}

/// Keeps `a.txt` and `b.txt`, and runs a script.
fn run(project: &Project, script: &str) -> Receipt {
    let argv = ["sh", "-c", script].map(str::to_owned).to_vec();
    let fix = Fix {
        snapshots: ["b.txt", "a.txt", "gone.txt", "deep/down/d.txt"].map(path).to_vec(),
        commands: vec![Command::new(Invocation::Program(argv))],
        ..Fix::new(RuleId::new("test", "run"), Origin::Named("test.yaml".to_owned()), "run")
    };
    let plan = Plan { fixes: vec![fix], ..Plan::default() };
    project.host().apply(&plan, &Warrant::none(), Duration::from_secs(100)).expect("it can be applied")
}

fn two() -> Project {
    Project::with(&[("a.txt", "a\n"), ("b.txt", "b\n"), ("c.txt", "c\n")])
}

/// The files that a receipt tells of, and what became of them.
fn told(receipt: &Receipt) -> (ReceiptState, Vec<&str>) {
    (receipt.state, receipt.files.iter().map(|file| file.path.as_str()).collect())
}

#[test]
fn what_a_failed_command_did_to_them_is_taken_back() {
    let project = two();
    let before = project.tree();
    let receipt = run(&project, "echo new > a.txt; rm b.txt; exit 1");
    assert_eq!(told(&receipt), (ReceiptState::RolledBack, vec!["a.txt", "b.txt"]));
    let said = "what its commands did to other files stays: that can't be taken back";
    assert_eq!(receipt.notes, [said]);
    assert_eq!(project.tree(), before);
}

#[test]
fn a_folder_that_a_failed_command_removed_is_made_again() {
    let project = Project::with(&[("a.txt", "a\n"), ("b.txt", "b\n"), ("deep/down/d.txt", "d\n")]);
    let before = project.tree();
    let receipt = run(&project, "rm -r deep; echo new > a.txt; exit 1");
    assert_eq!(told(&receipt), (ReceiptState::RolledBack, vec!["a.txt", "deep/down/d.txt"]));
    assert_eq!(project.tree(), before);
}

#[test]
fn where_something_else_stands_in_place_of_the_folder_it_is_left() {
    let project = Project::with(&[("a.txt", "a\n"), ("b.txt", "b\n"), ("deep/down/d.txt", "d\n")]);
    let receipt = run(&project, "rm -r deep; echo mine > deep; exit 1");
    assert_eq!(told(&receipt), (ReceiptState::Conflict, vec!["deep/down/d.txt"]));
    assert_eq!(project.text("deep").as_deref(), Some("mine\n"));
}

#[test]
fn undo_brings_them_back_and_its_undo_the_new_ones() {
    let project = two();
    let before = project.tree();
    let receipt = run(&project, "echo new > a.txt; rm b.txt");
    assert_eq!(told(&receipt), (ReceiptState::Applied, vec!["a.txt", "b.txt"]));
    let after = project.tree();
    let undone = project.host().undo(None).expect("it can be undone");
    assert_eq!(project.tree(), before);
    project.host().undo(Some(&undone.id)).expect("that too");
    assert_eq!(project.tree(), after);
}

#[test]
fn what_no_command_touches_is_not_written_and_may_change_later() {
    let project = two();
    let inode = || fs::metadata(project.root().join("b.txt")).expect("it is there").ino();
    let before = inode();
    let receipt = run(&project, "echo new > a.txt");
    assert_eq!((told(&receipt), inode()), ((ReceiptState::Applied, vec!["a.txt"]), before));
    project.write("b.txt", "by hand\n");
    project.host().undo(None).expect("b.txt is none of its files");
    let texts =
        ["a.txt", "b.txt"].map(|path| fs::read_to_string(project.root().join(path)).expect("it is there"));
    assert_eq!(texts, ["a\n", "by hand\n"]);
}

#[test]
fn ten_are_kept_and_older_ones_only_while_they_are_needed() {
    let project = two();
    let ids: Vec<String> =
        (0..12).map(|number| run(&project, &format!("echo {number} > a.txt")).id).collect();
    let kept = || project.kept("blobs").len();
    assert_eq!(kept(), 24, "what is less than a day old can be undone");
    // As if all of it had been done long ago.
    project.age(&ids);
    run(&project, "echo last > a.txt");
    assert_eq!(kept(), 20, "the newest ten, each with what its command made of it");
}
