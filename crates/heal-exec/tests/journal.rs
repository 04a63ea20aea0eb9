//! Apply, undo, undo of undo, log and show, on real files.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files")]
#![allow(clippy::print_stdout, reason = "a sweep says how many points it tried")]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use heal_exec::ApplyError;
use heal_model::{Receipt, ReceiptState, World as _};
use support::{Project, rel};

const THREE: [(&str, Option<&str>, Option<&str>); 3] = [
    ("a/new/file.txt", None, Some("made\n")),
    ("b.txt", Some("old\r\n"), Some("new\r\n")),
    ("c.txt", Some("gone"), None),
];

fn three() -> Project {
    Project::with(&[("b.txt", "old\r\n"), ("c.txt", "gone")])
}

#[track_caller]
fn states(project: &Project) -> Vec<ReceiptState> {
    project.host().log().iter().map(|receipt: &Receipt| receipt.state).collect()
}

#[test]
fn undo_after_apply_is_nothing_and_its_undo_is_apply() {
    let project = three();
    fs::set_permissions(project.root().join("b.txt"), fs::Permissions::from_mode(0o640)).expect("a mode");
    fs::set_permissions(project.root().join("c.txt"), fs::Permissions::from_mode(0o751)).expect("a mode");
    let before = project.tree();
    let applied = project.apply(&THREE).expect("applied");
    let after = project.tree();
    assert_eq!(applied.state, ReceiptState::Applied);
    assert_eq!(project.text("a/new/file.txt").as_deref(), Some("made\n"));
    assert_eq!(project.text("b.txt").as_deref(), Some("new\r\n"));
    assert_eq!(project.text("c.txt"), None);

    let undone = project.host().undo(None).expect("undone");
    assert_eq!(undone.undoes.as_deref(), Some(applied.id.as_str()));
    assert_eq!(project.tree(), before);
    assert_eq!(states(&project), [ReceiptState::Applied, ReceiptState::Undone]);
    assert_eq!(project.host().undo(None).expect_err("nothing left").to_string(), "nothing to undo");

    project.host().undo(Some(&undone.id)).expect("done again");
    assert_eq!(project.tree(), after);
    assert_eq!(states(&project), [ReceiptState::Applied, ReceiptState::Undone, ReceiptState::Applied]);

    project.host().undo(None).expect("undone again");
    assert_eq!(project.tree(), before);
}

#[test]
fn a_receipt_names_what_happened() {
    let project = three();
    let receipt = project.apply(&THREE).expect("applied");
    let files: Vec<(String, bool, bool)> = receipt
        .files
        .iter()
        .map(|file| (file.path.to_string(), file.before.is_some(), file.after.is_some()))
        .collect();
    assert_eq!(
        files,
        [
            ("a/new/file.txt".to_owned(), false, true),
            ("b.txt".to_owned(), true, true),
            ("c.txt".to_owned(), true, false)
        ]
    );
    let sum = "9f5d1ba48d2fd5c3aaa39bad078e9a929f1d292511f8febc308def37c3840ab2";
    assert_eq!(receipt.files[1].after.as_deref(), Some(sum));
    assert_eq!(project.host().show(&receipt.id[..9]).expect("one"), receipt);
    assert_eq!(project.host().log(), std::slice::from_ref(&receipt));
    let edits = project.host().diff_of(&receipt.id).expect("kept");
    let contents: Vec<_> = edits
        .iter()
        .map(|edit| {
            let text = |content: &Option<heal_model::Bytes>| {
                content.as_ref().map(|c| c.text().expect("text").to_owned())
            };
            (edit.path.to_string(), text(&edit.content.before), text(&edit.content.after))
        })
        .collect();
    let expected = THREE
        .map(|(path, before, after)| (path.to_owned(), before.map(str::to_owned), after.map(str::to_owned)));
    assert_eq!(contents, expected);
}

#[test]
fn what_changed_since_the_preview_is_left_alone() {
    let project = three();
    project.write("c.txt", "mine");
    let before = project.tree();
    let error = project.apply(&THREE).expect_err("stale");
    assert_eq!(error.to_string(), "c.txt has changed since the preview; run the command again");
    assert_eq!(error.exit_code(), 4);
    assert_eq!(project.tree(), before);
}

#[test]
fn nothing_is_made_over_a_file() {
    let project = three();
    project.write("a/new/file.txt", "mine");
    let before = project.tree();
    assert!(matches!(project.apply(&THREE), Err(ApplyError::Stale { .. })));
    assert_eq!(project.tree(), before);
}

#[test]
fn undo_leaves_what_changed_since() {
    let project = three();
    project.apply(&THREE).expect("applied");
    project.write("b.txt", "mine");
    let before = project.tree();
    let id = &project.host().log()[0].id;
    let error = project.host().undo(None).expect_err("changed");
    assert_eq!((error.to_string(), error.exit_code()), (format!("b.txt changed since operation {id}"), 4));
    assert_eq!(project.tree(), before);
}

#[test]
fn a_damaged_content_is_never_restored() {
    let project = three();
    project.apply(&THREE).expect("applied");
    let after = project.tree();
    for at in 0..15 {
        let path = &project.kept("blobs")[0];
        let whole = fs::read(path).expect("kept");
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(path, bytes).expect("written");
        // Only what undo needs is looked at first; all of it is looked at before anything changes.
        let error = project.host().undo(None).expect_err("damaged");
        assert_eq!(error.exit_code(), 4);
        assert_eq!(project.tree(), after);
        fs::write(path, whole).expect("written");
    }
    fs::remove_file(&project.kept("blobs")[0]).expect("removed");
    assert_eq!(project.host().undo(None).expect_err("gone").exit_code(), 4);
    assert_eq!(project.tree(), after);
}

#[test]
fn a_damaged_record_is_told_of_and_never_acted_on() {
    let project = three();
    project.apply(&THREE).expect("applied");
    let after = project.tree();
    let mut tried = 0;
    let mut check = |what: &str| {
        tried += 1;
        let host = project.host();
        assert_eq!(support::recover(&host), [], "{what}");
        assert_eq!(host.journal_doubts().len(), 1, "{what}");
        host.undo(None).expect_err("nothing that can be undone");
        assert_eq!(project.tree(), after, "{what}");
    };
    for path in project.kept("ops") {
        let whole = fs::read(&path).expect("a record");
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, bytes).expect("written");
            check(&format!("a bit of byte {at} is another"));
            fs::write(&path, &whole[..at]).expect("written");
            check(&format!("cut after {at} bytes"));
        }
        fs::remove_file(&path).expect("removed");
        fs::create_dir(&path).expect("a folder");
        check("a folder in its place");
        fs::remove_dir(&path).expect("removed");
        fs::write(&path, whole).expect("written");
    }
    println!("damaged a record in {tried} ways");
    assert_eq!(project.host().journal_doubts(), []);
}

#[test]
fn earlier_versions_come_newest_first() {
    let project = Project::with(&[("a.txt", "1")]);
    project.apply(&[("a.txt", Some("1"), Some("2"))]).expect("applied");
    project.apply(&[("a.txt", Some("2"), Some("3"))]).expect("applied");
    let versions = project.host().earlier(&rel("a.txt"));
    let texts: Vec<_> = versions.iter().map(|version| version.content.text().expect("text")).collect();
    assert_eq!(texts, ["3", "2", "1"]);
}

#[test]
fn a_record_that_is_missing_or_newer_is_told_of() {
    let project = three();
    project.apply(&THREE).expect("applied");
    project.host().undo(None).expect("undone");
    let records = project.kept("ops");
    let [first, newest] = [&records[1], &records[3]];
    let name = |path: &std::path::Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let doubts = || -> Vec<String> {
        project.host().journal_doubts().into_iter().map(|doubt| doubt.message).collect()
    };
    let whole = fs::read_to_string(first).expect("a record");
    fs::remove_file(first).expect("removed");
    assert_eq!(doubts(), [format!("the journal's record {} is missing: somebody removed it", name(first))]);
    fs::write(first, whole).expect("written");

    // A record of a later version, sealed as it should be, of an operation that has not ended.
    let body = "{\"v\":2,\"what\":\"nobody knows\"}\n";
    let sum = "9d9ca6f1af63e308e20bc4c3ef6ffaf8dd550abb26d545b5ed998861d6c87f69";
    fs::write(newest, format!("{body}#sha256:{sum}\n")).expect("written");
    fs::remove_file(&records[2]).expect("removed");
    let said =
        format!("the journal's record {} was written by a newer heal; use that one here", name(newest));
    assert_eq!(doubts(), [said.as_str()]);
    let before = project.tree();
    let error = project.apply(&THREE).expect_err("not understood");
    assert_eq!((error.to_string(), error.exit_code()), (said, 4));
    assert_eq!(project.tree(), before);
}

#[test]
fn what_is_not_understood_is_not_mended() {
    let project = three();
    project.apply(&THREE).expect("applied");
    let [commit, intent] = &project.kept("ops")[..] else { panic!("two records") };
    // A later version ends operations in a way of its own; this one must not take the operation for cut short.
    let unknown = intent.with_extension("archived");
    fs::rename(commit, &unknown).expect("renamed");
    let before = project.tree();
    let name = unknown.file_name().expect("a name").to_string_lossy().into_owned();
    let said = format!("the journal's record {name} was written by a newer heal; use that one here");
    let host = project.host();
    assert_eq!(host.recover().expect_err("not understood").to_string(), said);
    let error = project.apply(&[("new.txt", None, Some("new"))]).expect_err("not understood");
    assert_eq!((error.to_string(), error.exit_code()), (said.clone(), 4));
    assert_eq!(host.undo(None).expect_err("not understood").exit_code(), 4);
    assert_eq!(host.journal_doubts()[0].message, said);
    assert_eq!(project.tree(), before);
}

#[test]
fn a_record_under_another_name_is_told_of_and_not_acted_on() {
    let project = three();
    project.apply(&THREE).expect("applied");
    let after = project.tree();
    let records = project.kept("ops");
    for record in &records {
        let name = record.file_name().expect("a name").to_string_lossy().replace("0", "1");
        fs::copy(record, record.with_file_name(name)).expect("copied");
    }
    assert_eq!(support::recover(&project.host()), []);
    assert_eq!(project.host().log().len(), 1);
    assert_eq!(project.host().journal_doubts().len(), 1);
    let error = project.host().undo(None).expect_err("it may be the newest");
    assert_eq!((error.exit_code(), error.next().is_some()), (4, true));
    assert_eq!(project.tree(), after);
}

#[test]
fn old_contents_go_and_young_ones_stay() {
    let project = three();
    project.apply(&THREE).expect("applied");
    let blobs = project.kept("blobs")[0].with_file_name("");
    for number in 0..250 {
        fs::write(blobs.join(format!("0000000{number:03}")), "old").expect("written");
    }
    project.host().undo(None).expect("undone");
    project.apply(&THREE).expect("applied");
    let kept = project.kept("blobs");
    assert_eq!(kept.len(), 200);
    assert!(kept[0].ends_with("0000000053"), "the oldest go first: {}", kept[0].display());
    project.host().undo(None).expect("what is young is kept");
}

#[test]
fn backups_of_a_file_with_a_sidecar_are_not_pruned() {
    let project = Project::with(&[("kept.txt", "0"), ("kept.txt.sha256", "0"), ("other.txt", "0")]);
    let change = |path: &str, turn: usize| {
        let (before, after) = (turn.to_string(), (turn + 1).to_string());
        let sidecar = format!("{path}.sha256");
        let edits =
            [(path, Some(before.as_str()), Some(after.as_str())), (&sidecar, Some(&before), Some(&after))];
        let count = if path == "kept.txt" { 2 } else { 1 };
        project.apply(&edits[..count]).expect("applied").id
    };
    let kept: Vec<String> = (0..12).map(|turn| change("kept.txt", turn)).collect();
    let other: Vec<String> = (0..2).map(|turn| change("other.txt", turn)).collect();
    // All of it is old, and more than is kept has come since.
    let blobs = project.kept("blobs")[0].with_file_name("");
    project.age(&kept.iter().chain(&other).cloned().collect::<Vec<_>>());
    for number in 0..250 {
        fs::write(blobs.join(format!("0zzzzzz{number:03}")), "old").expect("written");
    }
    project.apply(&[("new.txt", None, Some("new"))]).expect("applied");
    let is_there = |id: &String| blobs.join(support::aged(id)).exists();
    let left: Vec<bool> = kept.iter().map(is_there).collect();
    assert_eq!(left, [vec![false; 2], vec![true; 10]].concat(), "the newest ten");
    assert!(!other.iter().any(is_there), "those of other files go");
}

#[test]
fn one_heal_at_a_time() {
    let project = three();
    project.apply(&THREE).expect("applied");
    let lock = project.kept("ops")[0].parent().expect("a folder").with_file_name("lock");
    let other = fs::File::options().write(true).open(lock).expect("the lock");
    other.lock().expect("locked");
    let plan = support::plan(&[("b.txt", Some("new\r\n"), Some("newer"))]);
    let wait = std::time::Duration::from_millis(50);
    let error = project.host().apply(&plan, &heal_exec::Warrant::none(), wait).expect_err("busy");
    let said = "another heal is at work in this project; try again when it is done";
    assert_eq!((error.to_string().as_str(), error.exit_code()), (said, 4));
    assert_eq!(project.recover(), [], "what is unfinished is being done");
}

#[test]
fn a_journal_inside_the_project_is_not_believed() {
    let project = three();
    let homes = heal_exec::Homes { state: Some(project.root().join(".heal/state")), ..project.homes() };
    let host = heal_exec::Host::find_with(Some(&project.root()), homes).expect("the project is there");
    let before = project.tree();
    let apply = host.apply(&support::plan(&THREE), &heal_exec::Warrant::none(), std::time::Duration::ZERO);
    let error = apply.expect_err("refused");
    assert!(error.to_string().ends_with("lies inside the project; set XDG_STATE_HOME to a folder outside"));
    assert_eq!((error.exit_code(), host.log()), (4, Vec::new()));
    assert_eq!(project.tree(), before);
}

#[test]
fn attributes_stay_and_a_hard_link_is_not_written_through() {
    let project = three();
    let file = project.root().join("b.txt");
    let attribute = rustix::fs::setxattr(&file, "user.heal", b"kept", rustix::fs::XattrFlags::empty());
    fs::hard_link(&file, project.state().with_file_name("outside.txt")).expect("a link");
    let receipt = project.apply(&THREE).expect("applied");
    assert_eq!(receipt.notes, ["b.txt has other names (hard links): what they name stays as it was"]);
    let outside = fs::read_to_string(project.state().with_file_name("outside.txt")).expect("it is there");
    assert_eq!(outside, "old\r\n");
    if attribute.is_ok() {
        let mut value = [0; 16];
        let length = rustix::fs::getxattr(&file, "user.heal", value.as_mut_slice()).expect("it is there");
        assert_eq!(&value[..length], b"kept");
    }
}

#[test]
fn refused_before_anything_is_written() {
    #[track_caller]
    fn check(project: &Project, edit: (&str, Option<&str>, Option<&str>), expected: &str) {
        let before = project.tree();
        let error = project.apply(&[edit]).expect_err("refused");
        assert_eq!((error.to_string().as_str(), error.exit_code()), (expected, 4));
        assert_eq!(project.tree(), before);
    }
    let project = Project::with(&[("locked.txt", "x"), ("a.txt", "a")]);
    fs::set_permissions(project.root().join("locked.txt"), fs::Permissions::from_mode(0o444))
        .expect("a mode");
    check(
        &project,
        ("locked.txt", Some("x"), Some("y")),
        "locked.txt is read-only; allow writing with `chmod u+w locked.txt`",
    );
    for path in
        [".git/hooks/pre-commit", "sub/.GIT/config", ".git /x", "git~1/x", ".g\u{200c}it/x", ".git::$DATA/x"]
    {
        check(
            &project,
            (path, None, Some("x")),
            &format!("{path} belongs to git, and no rule may change it"),
        );
    }
    check(&project, ("a.txt/b", None, Some("x")), "cannot write a.txt/b; nothing was changed");
}
