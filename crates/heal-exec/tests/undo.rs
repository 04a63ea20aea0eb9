//! Which operation `undo` takes back, and what it says where it takes none back.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use heal_exec::UndoError;
use heal_model::{Bytes, Command, Fix, Invocation, Origin, Plan, RelPath, RuleId};
use support::{PATIENCE, Project, plan};

fn project() -> Project {
    Project::with(&[("a.txt", "0"), ("b.txt", "0")])
}

fn edit(project: &Project, path: &str, before: &str, after: &str) -> String {
    project.apply(&[(path, Some(before), Some(after))]).expect("applied").id
}

/// Runs a command and changes no file.
fn command(project: &Project, script: &str) -> String {
    let command = Command::new(Invocation::Shell(script.to_owned()));
    let fix = Fix {
        commands: vec![command],
        ..Fix::new(RuleId::new("demo", "rule"), Origin::Named("demo.yaml".to_owned()), "demo")
    };
    let plan = Plan { fixes: vec![fix], ..plan(&[]) };
    let applied = project.host().apply(&plan, &heal_exec::Warrant::none(), PATIENCE);
    applied.expect("it ran").id
}

/// Undoes without an id: what is said, the code to end with, and the operation that could be taken back instead.
#[track_caller]
fn check_refused(project: &Project, said: &str, code: u8, next: Option<&str>) {
    let before = project.tree();
    let error = project.host().undo(None).expect_err("nothing is taken back");
    assert_eq!((error.to_string().as_str(), error.exit_code(), error.next()), (said, code, next));
    assert_eq!(project.tree(), before);
    let previewed = project.host().undoable(None, &[]).expect_err("nor is that previewed");
    assert_eq!((previewed.to_string().as_str(), previewed.next()), (said, next));
}

#[test]
fn an_older_operation_is_not_taken_back_in_place_of_commands() {
    let project = project();
    let edited = edit(&project, "a.txt", "0", "1");
    let ran = command(&project, "true");
    let said = format!("operation {ran} ran commands alone, and what they did can't be taken back");
    check_refused(&project, &said, 4, Some(&edited));
    project.host().undo(Some(&edited)).expect("by its id it is taken back");
    check_refused(&project, &said, 4, None);
}

#[test]
fn an_older_operation_is_not_taken_back_in_place_of_one_that_was_rolled_back() {
    let project = project();
    let edited = edit(&project, "a.txt", "0", "1");
    let failed = command(&project, "exit 1");
    let said = format!("operation {failed} was rolled back: nothing of it is left");
    check_refused(&project, &said, 4, Some(&edited));
}

#[test]
fn an_older_operation_is_not_taken_back_in_place_of_one_that_can_not_be_read() {
    let project = project();
    let edited = edit(&project, "a.txt", "0", "1");
    let newest = edit(&project, "b.txt", "0", "1");
    let record = project.kept("ops").into_iter().find(|path| path.ends_with(format!("{newest}.intent")));
    fs::write(record.expect("it was written"), "torn").expect("a file");
    let said =
        format!("the journal's record {newest}.intent is damaged; what it tells of can't be taken back");
    check_refused(&project, &said, 4, Some(&edited));
}

#[test]
fn permissions_that_were_set_since_stay() {
    let project = project();
    edit(&project, "a.txt", "0", "1");
    let path = project.root().join("a.txt");
    let mode = |path: &std::path::Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o750)).expect("the owner may");
    project.host().undo(None).expect("undone");
    assert_eq!((project.text("a.txt").as_deref(), mode(&path)), (Some("0"), 0o750));
}

#[test]
fn undo_again_takes_back_the_one_before() {
    let project = project();
    let (one, two) = (edit(&project, "a.txt", "0", "1"), edit(&project, "a.txt", "1", "2"));
    let taken: Vec<_> = (0..2).map(|_| project.host().undo(None).expect("undone").undoes).collect();
    assert_eq!(taken, [Some(two), Some(one)]);
    assert!(matches!(project.host().undo(None), Err(UndoError::Nothing)));
    assert_eq!(project.text("a.txt").as_deref(), Some("0"));
}

/// What a file that changed since was, was left as and is; all of it text.
fn parted(project: &Project) -> Vec<(String, [Option<Bytes>; 3])> {
    let (_, parted) = project.host().parted(None).expect("there is one to take back");
    let one = |one: heal_exec::Parted| {
        (one.path.to_string(), [one.before, one.left, one.now.expect("it can be read")])
    };
    parted.into_iter().map(one).collect()
}

#[test]
fn a_file_that_changed_since_becomes_what_it_was_merged_to() {
    let project = project();
    project.apply(&[("a.txt", Some("0"), Some("1")), ("b.txt", Some("0"), Some("1"))]).expect("applied");
    project.write("a.txt", "1 and mine");
    let expected = ["0", "1", "1 and mine"].map(|text| Some(Bytes::from(text)));
    assert_eq!(parted(&project), [("a.txt".to_owned(), expected)]);
    let merged = plan(&[("a.txt", Some("1 and mine"), Some("0 and mine"))]).edits;
    project.host().undoable(None, &merged).expect("it could be taken back");
    let done = project.host().undo_merged(None, &merged).expect("taken back");
    let texts = || [project.text("a.txt").unwrap_or_default(), project.text("b.txt").unwrap_or_default()];
    assert_eq!(texts(), ["0 and mine", "0"]);
    project.host().undo(Some(&done.id)).expect("and brought back");
    assert_eq!(texts(), ["1 and mine", "1"]);
}

#[test]
fn what_was_merged_of_an_older_text_is_refused() {
    let project = project();
    let id = edit(&project, "a.txt", "0", "1");
    project.write("a.txt", "1, and changed again");
    let merged = plan(&[("a.txt", Some("1 and mine"), Some("0 and mine"))]).edits;
    let error = project.host().undo_merged(None, &merged).expect_err("it is stale");
    assert_eq!((error.to_string(), error.exit_code()), (format!("a.txt changed since operation {id}"), 4));
    assert_eq!(project.text("a.txt").as_deref(), Some("1, and changed again"));
}

#[test]
fn what_stands_in_the_way_of_a_file_is_told() {
    let project = project();
    edit(&project, "a.txt", "0", "1");
    fs::remove_file(project.root().join("a.txt")).expect("it is there");
    fs::create_dir(project.root().join("a.txt")).expect("a folder");
    let (_, parted) = project.host().parted(None).expect("there is one to take back");
    let reasons: Vec<_> =
        parted.into_iter().map(|one| (one.path, one.now.map_err(|why| why.reason))).collect();
    let path = RelPath::new("a.txt").expect("it is inside the project");
    assert_eq!(reasons, [(path, Err("it is a folder".to_owned()))]);
}
