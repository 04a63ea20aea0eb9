//! Many calls at once of one fix: one effect, and each of them ends well.

use super::project::Project;

const RULES: &str = r#"heal: 1
name: shop
rules:
  - id: renamed
    title: "timeout is called timeout_seconds now"
    safety: safe
    trigger: {output: "unknown setting timeout"}
    steps:
      - edit: {file: app.ini, regex: '^timeout\b', replace: timeout_seconds}
      - run: {shell: "echo told >> told.txt"}
"#;

/// A project whose fix edits a file and runs a command.
pub(super) const FILES: [(&str, &str); 3] =
    [("rules.yaml", RULES), ("app.ini", "timeout = 30\n"), (".git/HEAD", "")];
/// What heal reads.
pub(super) const INPUT: &str = "unknown setting timeout\n";

/// The arguments to fix it with.
pub(super) fn fix() -> [&'static str; 5] {
    ["match", "--fix", "--yes", "--playbook", "rules.yaml"]
}

#[test]
fn of_many_calls_one_heals_and_the_others_say_that_it_is_done() {
    let project = Project::new(&FILES);
    let before = project.files();
    let call = || project.heal(&fix(), INPUT);
    let said: Vec<(String, i32)> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..16).map(|_| scope.spawn(call)).collect();
        calls.into_iter().map(|call| call.join().expect("no panic")).collect()
    });
    for (text, exit) in &said {
        assert_eq!(*exit, 0, "{text}");
    }
    assert_eq!(said.iter().filter(|(text, _)| text.contains("applied 1 file")).count(), 1, "{said:#?}");
    let files = project.files();
    assert_eq!(files.get("app.ini").map(String::as_str), Some("timeout_seconds = 30\n"));
    assert_eq!(files.get("told.txt").map(String::as_str), Some("told\n"), "its command was run once");
    assert_eq!(project.heal(&["undo"], "").1, 0);
    assert_eq!(project.files().get("app.ini"), before.get("app.ini"));
}
