//! What is tried on a copy leaves the project alone, and what it came to is known file by file.

#![allow(clippy::disallowed_methods, reason = "tests make projects and look at them")]

mod support;

use std::collections::BTreeMap;

use heal_exec::scratch::{Method, Wanted};
use heal_exec::{Input, Launch, unheard};
use support::Project;

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
    assert_eq!(changes.left_out, ["keep.sh differs in its permissions alone"]);
    assert_eq!(project.tree(), before, "the project is as it was");
    let left = std::fs::read_dir(project.state().join("scratch")).expect("the state's folder").count();
    assert_eq!(left, 0, "the copy is gone");
    method
}

#[test]
fn copies_are_apart() {
    assert_ne!(check(Wanted::Copies), Method::Overlay);
}

#[test]
fn whatever_the_kernel_allows_is_apart() {
    check(Wanted::Best);
}
