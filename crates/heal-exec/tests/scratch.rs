//! What is tried on a copy leaves the project alone, and what it came to is known file by file.

#![allow(clippy::disallowed_methods, reason = "tests make projects and look at them")]

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use heal_exec::scratch::{Method, Wanted};
use heal_exec::{Host, Input, Launch, Warrant, unheard};
use heal_model::RelPath;
use support::{PATIENCE, Project};

/// Who commits.
const AUTHOR: [(&str, &str); 5] = [
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_AUTHOR_NAME", "a"),
    ("GIT_AUTHOR_EMAIL", "a@example.com"),
    ("GIT_COMMITTER_NAME", "a"),
    ("GIT_COMMITTER_EMAIL", "a@example.com"),
];

const SCRIPT: &str = "echo new > a.txt; rm sub/b.txt; mkdir target made; echo o > target/o; echo c > made/c.sh; \
    chmod +x made/c.sh keep.sh; ln -s a.txt link; touch same.txt";

#[track_caller]
fn check(wanted: Wanted) -> Method {
    let files = [
        ("a.txt", "old\n"),
        ("sub/b.txt", "b\n"),
        ("same.txt", "same\n"),
        ("keep.sh", "k\n"),
        (".gitignore", "target/\n"),
    ];
    let project = Project::with(&files);
    let before = project.tree();
    let here = project.host();
    let (scratch, there) = here.scratch(wanted).expect("a copy can be made");
    let argv = ["sh", "-c", SCRIPT].map(str::to_owned);
    let env = BTreeMap::new();
    let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: None, input: Input::Nothing };
    assert!(there.run(&launch, &mut unheard).expect("sh can be run").passed());
    let changes = scratch.changes(&here, &there).expect("both can be read");
    let method = scratch.method();
    drop(scratch);
    let text =
        |content: &Option<heal_model::Bytes>| content.as_ref().map(|bytes| bytes.text().map(str::to_owned));
    let told: Vec<String> = changes
        .files
        .iter()
        .map(|file| {
            format!("{} {:?} {:?} {}", file.path, text(&file.before), text(&file.after), file.executable)
        })
        .collect();
    let expected = [
        r#"a.txt Some(Some("old\n")) Some(Some("new\n")) false"#,
        r#"made/c.sh None Some(Some("c\n")) true"#,
        r#"sub/b.txt Some(Some("b\n")) None false"#,
    ];
    assert_eq!(told, expected);
    let left_out = ["keep.sh differs in its permissions alone", "link differs and is no plain file"];
    assert_eq!(changes.left_out, left_out);
    assert_eq!(project.tree(), before, "the project is as it was");
    let left = std::fs::read_dir(project.state().join("scratch")).expect("the state's folder").count();
    assert_eq!(left, 0, "the copy is gone");
    method
}

/// What a copy's repository has on record after a script, and whether the project's has stayed as it was.
#[track_caller]
fn recorded(wanted: Wanted, folder: &str, script: &str) -> (Vec<String>, Vec<String>) {
    let project = Project::with(&[("a.txt", "old\n")]);
    std::fs::remove_dir_all(project.root().join(".git")).expect("removed");
    let sh = |line: &str| {
        let mut command = Command::new("sh");
        command.args(["-ec", line]).current_dir(project.root());
        let done = command.envs(AUTHOR).output().expect("sh can be run");
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    sh("git init -qb main; git add .; git commit -qm one; git worktree add -q linked; cat .git/HEAD");
    let look =
        "git for-each-ref; git rev-parse HEAD; git stash list; git ls-files -s; git -C linked status -s";
    let before = sh(look);
    let here = Host::find_with(Some(&project.root().join(folder)), project.homes()).expect("it is there");
    let (scratch, there) = here.scratch(wanted).expect("a copy can be made");
    let argv = ["sh", "-ec", script].map(str::to_owned);
    let env = AUTHOR.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: None, input: Input::Nothing };
    let outcome = there.run(&launch, &mut unheard).expect("sh can be run");
    assert!(outcome.passed(), "{}", outcome.output.end(1000));
    let changes = scratch.changes(&here, &there).expect("both can be read");
    drop(scratch);
    assert_eq!(sh(look), before, "the project's repository is as it was");
    (changes.recorded, changes.left_out)
}

#[test]
fn what_git_records_on_the_copy_is_told_of_and_stays_there() {
    for wanted in [Wanted::Best, Wanted::Copies] {
        for folder in [".", "linked"] {
            let commit =
                recorded(wanted, folder, "git log; echo new > a.txt; git commit -qam two; git tag v1");
            let branch = if folder == "." { "the branch main" } else { "the branch linked" };
            let staged = vec!["what is staged differs".to_owned()];
            let moved = vec![branch.to_owned(), "the tag v1".to_owned()];
            assert_eq!(commit, (moved, staged.clone()), "{wanted:?} of {folder}");
            let added = recorded(wanted, folder, "echo new > a.txt; git add a.txt; git gc -q");
            assert_eq!(added, (Vec::new(), staged), "{wanted:?} of {folder}");
            let stashed =
                recorded(wanted, folder, "echo new > a.txt; git stash -q; git checkout -q --detach");
            let moved = ["what is checked out", "the stash"].map(str::to_owned).to_vec();
            assert_eq!(stashed, (moved, Vec::new()), "{wanted:?} of {folder}");
        }
    }
}

#[test]
fn what_somebody_changes_meanwhile_is_told_of() {
    let project = Project::with(&[("a.txt", "a\n"), ("b.txt", "b\n"), ("c.txt", "c\n"), ("d.txt", "d\n")]);
    let here = project.host();
    let (scratch, there) = here.scratch(Wanted::Copies).expect("a copy can be made");
    let run = |host: &Host, script: &str| {
        let argv = ["sh", "-c", script].map(str::to_owned);
        let env = BTreeMap::new();
        let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: None, input: Input::Nothing };
        assert!(host.run(&launch, &mut unheard).expect("sh can be run").passed());
    };
    run(&there, "echo new >> a.txt; echo new >> b.txt; echo new >> c.txt");
    for (path, content) in [("b.txt", Some("mine\n")), ("c.txt", None), ("d.txt", Some("mine\n"))] {
        let before = format!("{}\n", &path[..1]);
        let edit = support::plan(&[(path, Some(&before), content)]);
        here.apply(&edit, &Warrant::none(), PATIENCE).expect("it can be changed");
    }
    let changes = scratch.changes(&here, &there).expect("both can be read");
    let parted: Vec<&str> = changes.parted.iter().map(RelPath::as_str).collect();
    // Of a copy nobody can tell that it is the old d.txt for want of the new one.
    assert_eq!(parted, ["b.txt", "c.txt", "d.txt"]);
}

#[test]
fn copies_are_apart() {
    assert_ne!(check(Wanted::Copies), Method::Overlay);
}

#[test]
fn whatever_the_kernel_allows_is_apart() {
    check(Wanted::Best);
}
