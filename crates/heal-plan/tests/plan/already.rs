use heal_model::{Action, Finding, LineChange, LinePosition, MemoryWorld, OutputTrigger, Rule, Run, Trigger};

use crate::odd::Odd;
use crate::support::{
    create, edit, empty_run, finding, located, planned, playbook, regex, replace, rule, run, told,
};

/// A rule for something that was seen in output, which may be older than the files.
fn seen(actions: Vec<Action>) -> Rule {
    let trigger = Trigger::Output(OutputTrigger {
        lines: Vec::new(),
        within: None,
        not: None,
        count: None,
        command: None,
        exit: None,
        stream: None,
    });
    Rule { trigger, ..rule("r", actions) }
}

#[track_caller]
fn check_found(rule: Rule, finding: &Finding, files: &[(&str, &str)], expected: &str) {
    let world = MemoryWorld::with_files(files.iter().copied());
    assert_eq!(told(&planned(&playbook(vec![rule]), std::slice::from_ref(finding), &world)), expected);
}

#[track_caller]
fn check(actions: Vec<Action>, files: &[(&str, &str)], expected: &str) {
    let captures = [("name", "old"), ("hint", "timeout")];
    check_found(seen(actions), &finding("specs/r", &captures), files, expected);
}

fn renamed() -> Action {
    replace("*.py", "connect({{name}}=", "connect({{hint}}=")
}

#[test]
fn a_replacement_that_is_there_is_known_again() {
    check(
        vec![renamed()],
        &[("a.py", "x = 1\nconnect(timeout=3)\n")],
        "specs/r: Already: a.py:2 holds `connect(timeout=`\n",
    );
    check(
        vec![renamed()],
        &[("a.py", "x = 1\n")],
        "specs/r: NotFound: `connect(old=` is in no file that fits *.py\n",
    );
}

#[test]
fn captures_of_the_search_may_be_any_that_it_could_have_caught() {
    let import = || {
        let search = regex(r"^(?<indent>[ \t]*)from a import (?:(?<before>\w+), )?{{name}}$");
        vec![Action::Edit(edit(
            "*.py",
            search,
            "{{indent}}{{#if before}}from a import {{before}}\n{{indent}}{{/if}}from b import {{name}}",
        ))]
    };
    check(
        import(),
        &[("a.py", "from b import old\n")],
        "specs/r: Already: a.py:1 holds `from b import old`\n",
    );
    check(
        import(),
        &[("a.py", "  from a import x\n  from b import old\n")],
        "specs/r: Already: a.py:1 holds `  from a import x\\n  from b import old`\n",
    );
    let absent = "specs/r: NotFound: `^(?<indent>[ \\t]*)from a import (?:(?<before>\\w+), )?old$` is in no file that fits *.py\n";
    check(import(), &[("a.py", "from b import older\n")], absent);
}

#[test]
fn what_would_be_found_by_chance_is_no_proof() {
    let search = |replace| vec![Action::Edit(edit("*.py", regex("(?<a>[a-z]+)!"), replace))];
    check(
        search("{{a}};"),
        &[("a.py", "x;\n")],
        "specs/r: NotFound: `(?<a>[a-z]+)!` is in no file that fits *.py\n",
    );
    check(
        search(""),
        &[("a.py", "x\n")],
        "specs/r: NotFound: `(?<a>[a-z]+)!` is in no file that fits *.py\n",
    );
    let number = || vec![replace("*.py", "limit = 4", "limit = 30")];
    check(
        number(),
        &[("a.py", "limit = 300\n")],
        "specs/r: NotFound: `limit = 4` is in no file that fits *.py\n",
    );
}

#[test]
fn the_file_that_the_finding_is_about_counts() {
    let about = located(finding("specs/r", &[("name", "old"), ("hint", "timeout")]), "a.py", 1);
    let files = [("a.py", "conn (old=3)\n"), ("b.py", "connect(timeout=3)\n")];
    let absent = "specs/r: NotFound: `connect(old=` is in no file that fits *.py\n";
    check_found(seen(vec![renamed()]), &about, &files, absent);
}

#[test]
fn what_is_left_to_do_is_done() {
    check(
        vec![renamed(), replace("b.txt", "old", "new")],
        &[("a.py", "connect(timeout=3)\n"), ("b.txt", "old\n")],
        "diff --git a/b.txt b/b.txt\n--- a/b.txt\n+++ b/b.txt\n@@ -1 +1 @@\n-old\n+new\n",
    );
    check(
        vec![renamed(), run(&["install"]), Action::Guide("look".into())],
        &[("a.py", "connect(timeout=3)\n")],
        "specs/r: Already: a.py:1 holds `connect(timeout=`\n",
    );
    check(vec![create("a.txt", "a"), run(&["install"])], &[("a.txt", "a")], "run install\n");
}

#[test]
fn other_steps_with_nothing_left_to_do() {
    check(vec![create("a.txt", "a")], &[("a.txt", "a")], "specs/r: Already: a.txt is there\n");
    let line = heal_model::Line {
        file: "a.txt".into(),
        change: LineChange::Present { line: "b".into(), position: LinePosition::End },
    };
    check(vec![Action::Line(line)], &[("a.txt", "a\nb\n")], "specs/r: Already: a.txt holds the line\n");
    let made = Run { argv: vec!["make".into()], creates: Some("a.txt".into()), ..empty_run() };
    check(vec![Action::Run(made)], &[("a.txt", "a")], "specs/r: Already: a.txt is there\n");
}

#[test]
fn a_state_that_was_seen_just_now_is_not_mended() {
    let absent = "specs/r: NotFound: `a` is in no file that fits *.txt\n";
    check_found(
        rule("r", vec![replace("*.txt", "a", "bcd")]),
        &finding("specs/r", &[]),
        &[("x.txt", "bcd")],
        absent,
    );
}

#[test]
fn a_file_is_read_once_though_somebody_changes_it_between_two_steps() {
    let files = |text| MemoryWorld::with_files([("a.txt", text)]);
    let world = Odd { now: files("old\n"), later: Some(files("new\n")), ..Odd::default() };
    let rule = seen(vec![replace("a.txt", "old", "new"), run(&["tell"])]);
    let plan = planned(&playbook(vec![rule]), &[finding("specs/r", &[])], &world);
    let expected =
        "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-old\n+new\nrun tell\n";
    assert_eq!(told(&plan), expected);
}
