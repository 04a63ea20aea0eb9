//! Files that are kept as they are before commands run.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files")]

mod support;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use heal_exec::Warrant;
use heal_model::{Command, Fix, Invocation, Origin, Plan, Receipt, ReceiptState, RelPath, RuleId};
use support::{PATIENCE, Project};

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
    project.host().apply(&plan, &Warrant::none(), PATIENCE).expect("it can be applied")
}

/// Keeps the folder `var` whole, and runs a script.
fn run_on_folder(project: &Project, script: &str) -> Receipt {
    let argv = ["sh", "-c", script].map(str::to_owned).to_vec();
    let fix = Fix {
        folders: vec![path("var")],
        commands: vec![Command::new(Invocation::Program(argv))],
        ..Fix::new(RuleId::new("test", "run"), Origin::Named("test.yaml".to_owned()), "run")
    };
    let plan = Plan { fixes: vec![fix], ..Plan::default() };
    project.host().apply(&plan, &Warrant::none(), PATIENCE).expect("it can be applied")
}

/// A folder with files, links and folders.
fn folder() -> Project {
    let project = Project::with(&[("var/a.txt", "a\n"), ("var/deep/b.sh", "b\n"), ("c.txt", "c\n")]);
    let at = |path: &str| project.root().join(path);
    for path in ["var/empty/below", "var/private"] {
        fs::create_dir_all(at(path)).expect("a folder");
    }
    symlink("a.txt", at("var/link")).expect("a link");
    symlink("/etc/passwd", at("var/deep/out")).expect("a link");
    symlink("nowhere", at("var/dead")).expect("a link");
    for (path, mode) in [("var/private", 0o700), ("var/deep/b.sh", 0o750)] {
        fs::set_permissions(at(path), fs::Permissions::from_mode(mode)).expect("it is there");
    }
    project
}

/// Does all that can be done to a folder, and something outside it.
const HAVOC: &str = "cd var; rm a.txt link; echo new > link; ln -s elsewhere a.txt; ln -sfn c.txt dead; rmdir -p empty/below; \
    echo file > empty; rm -r deep; mkdir -p deep/new/er; echo x > deep/new/er/x; ln -s x deep/new/er/y; mkdir bare; \
    chmod 755 private; echo more > private/more; chmod 500 private; mkdir swap.txt; echo z > swap.txt/z; echo c >> ../c.txt";

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

#[test]
fn a_folder_that_is_kept_whole_is_what_it_was_after_a_failed_command() {
    let project = folder();
    project.write("var/swap.txt", "a file\n");
    let before = project.tree();
    let receipt = run_on_folder(&project, &format!("rm var/swap.txt; {HAVOC}; exit 1"));
    let files = [
        "var/a.txt",
        "var/dead",
        "var/deep/b.sh",
        "var/deep/out",
        "var/link",
        "var/swap.txt",
        "var/deep/new/er/x",
        "var/deep/new/er/y",
        "var/empty",
        "var/private/more",
        "var/swap.txt/z",
    ];
    assert_eq!(told(&receipt), (ReceiptState::RolledBack, files.to_vec()));
    fs::write(project.root().join("c.txt"), "c\n")
        .expect("it is outside, so it stays as the command left it");
    assert_eq!(project.tree(), before);
}

#[test]
fn undo_brings_a_folder_back_whole_and_its_undo_what_came() {
    let project = folder();
    let before = project.tree();
    let havoc = "cd var; rm a.txt; mkdir -p new/er bare; echo x > new/er/x; ln -s x new/er/y; ln -sfn a dead; rm -r empty; \
        chmod 640 deep/b.sh; chmod 755 private";
    let receipt = run_on_folder(&project, havoc);
    let files = ["var/a.txt", "var/dead", "var/deep/b.sh", "var/new/er/x", "var/new/er/y"];
    assert_eq!(told(&receipt), (ReceiptState::Applied, files.to_vec()));
    let after = project.tree();
    for _ in 0..2 {
        let undone = project.host().undo(Some(&project.host().log()[0].id)).expect("it can be undone");
        assert_eq!(project.tree(), before);
        project.host().undo(Some(&undone.id)).expect("that too");
        assert_eq!(project.tree(), after);
    }
}

#[test]
fn undo_leaves_what_somebody_put_into_a_folder_that_came() {
    let project = folder();
    run_on_folder(&project, "mkdir var/new; echo x > var/new/x");
    project.write("var/new/mine.txt", "mine\n");
    project.host().undo(None).expect("it can be undone");
    assert_eq!(project.text("var/new/mine.txt").as_deref(), Some("mine\n"));
    assert_eq!(project.text("var/new/x"), None);
}

#[test]
fn undo_is_refused_where_what_came_has_changed_since() {
    let project = folder();
    run_on_folder(&project, "echo x > var/x; rm var/a.txt");
    project.write("var/x", "mine\n");
    let before = project.tree();
    let refused = project.host().undo(None).expect_err("var/x is no longer what the command made");
    assert!(refused.to_string().starts_with("var/x changed since operation "), "{refused}");
    assert_eq!(project.tree(), before);
}

#[test]
fn a_link_out_of_the_project_is_kept_and_not_followed() {
    let project = folder();
    let outside = project.root().join("../outside.txt");
    fs::write(&outside, "outside\n").expect("a file");
    symlink("../../outside.txt", project.root().join("var/far")).expect("a link");
    run_on_folder(&project, "rm var/far; exit 1");
    assert_eq!(
        fs::read_link(project.root().join("var/far")).expect("a link").to_str(),
        Some("../../outside.txt")
    );
    assert_eq!(fs::read_to_string(&outside).expect("it is there"), "outside\n");
}

#[test]
fn what_is_too_much_to_keep_stays_and_is_told() {
    let project = folder();
    let receipt =
        run_on_folder(&project, "mkdir var/many; cd var/many; for n in $(seq 600); do : > $n; done; exit 1");
    let told = "var/many/55 and 99 more came in a folder that is kept whole, and can't be kept: too large, or too many";
    assert_eq!(receipt.notes[0], told);
    assert_eq!(fs::read_dir(project.root().join("var/many")).expect("a folder").count(), 100);
}
