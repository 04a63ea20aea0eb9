use heal_model::{
    Action, Applicability, Choice, Choose, Copy, Delete, Diagnostic, Document, Earlier, Finding, Level, Line,
    LineChange, LinePosition, MemoryWorld, Move, Patch, PatternTemplate, Playbook, RelPath, Remove,
    Replacement, Restore, RestoreFrom, Set, Suggestion, Suggestions, Template, Time, Used,
};
use heal_plan::{Ask, Choices, Context, Question, plan, questions, rest};
use serde_json::json;

use crate::support::{Files, check, finding, planned, playbook, regex, replace, rule, run, step, text, told};

fn present(line: &str, position: LinePosition) -> Playbook {
    let change = LineChange::Present { line: line.into(), position };
    playbook(vec![rule("line", vec![Action::Line(Line { file: "f".into(), change })])])
}

fn absent(pattern: PatternTemplate) -> Playbook {
    let change = LineChange::Absent(pattern);
    playbook(vec![rule("line", vec![Action::Line(Line { file: "f".into(), change })])])
}

/// What a file `f` becomes; as it was where the plan does nothing.
#[track_caller]
fn becomes(playbook: &Playbook, before: &str, after: &str) {
    let world = MemoryWorld::with_files([("f", before)]);
    let plan = planned(playbook, &[finding("specs/line", &[("x", "X")])], &world);
    let content = plan.edits.first().and_then(|edit| edit.content.after.clone());
    let content = content.map_or_else(|| before.to_owned(), |after| after.text().expect("text").to_owned());
    assert_eq!(content, after);
    assert_eq!(plan.refusals, []);
}

#[test]
fn a_line_is_put_in_once() {
    becomes(&present("{{x}}", LinePosition::End), "a\n", "a\nX\n");
    becomes(&present("{{x}}", LinePosition::End), "a", "a\nX");
    becomes(&present("{{x}}", LinePosition::End), "", "X\n");
    becomes(&present("{{x}}", LinePosition::End), "X\na\n", "X\na\n");
    becomes(&present("{{x}}", LinePosition::Start), "\u{feff}a\r\n", "\u{feff}X\r\na\r\n");
    becomes(&present("{{x}}", LinePosition::After(regex("^a"))), "a1\na2\nb\n", "a1\na2\nX\nb\n");
    becomes(&present("{{x}}", LinePosition::Before(text("a"))), "b\na\na\n", "b\nX\na\na\n");
    becomes(&present("{{x}}", LinePosition::Before(text("z"))), "b\n", "b\nX\n");
}

#[test]
fn lines_are_taken_out() {
    becomes(&absent(regex("^a$")), "a\nb\na\n", "b\n");
    becomes(&absent(regex("^a$")), "b\na", "b");
    becomes(&absent(regex("^a$")), "b\n", "b\n");
    becomes(&absent(text("{{x}}")), "aXb\r\nc\r\n", "c\r\n");
}

#[test]
fn values_of_documents_are_set_and_removed() {
    let at = |key: &str| Document { file: "pyproject.toml".into(), key: key.into() };
    let set = |key: &str, value| Action::Set(Set { at: at(key), value });
    let actions = vec![
        set("tool.pytest.markers[+]", json!("{{name}}: {{name}}")),
        set("tool.next.\"{{name}}\"", json!("{{json (add 1 1)}}")),
        Action::Remove(Remove { at: at("tool.old") }),
    ];
    let playbook = playbook(vec![rule("set", actions)]);
    let captures = [("name", "a.\"b\"")];
    let before = "[tool.pytest]\nmarkers = [] # none\n\n[tool.old]\nx = 1\n";
    let plan = check(
        &playbook,
        &captures,
        &[("pyproject.toml", before)],
        "\
diff --git a/pyproject.toml b/pyproject.toml
--- a/pyproject.toml
+++ b/pyproject.toml
@@ -1,5 +1,5 @@
 [tool.pytest]
-markers = [] # none
+markers = ['a.\"b\": a.\"b\"'] # none
 
-[tool.old]
-x = 1
+[tool.next]
+'a.\"b\"' = 2
",
    );
    let after = plan.edits[0].content.after.clone().expect("a document");
    check(&playbook, &captures, &[("pyproject.toml", after.text().expect("text"))], "");
}

#[test]
fn files_are_copied_moved_and_deleted() {
    let actions = vec![
        Action::Copy(Copy { from: "a".into(), to: "copy/a".into() }),
        Action::Move(Move { from: "b".into(), to: "c".into() }),
        Action::Delete(Delete { path: "d".into() }),
    ];
    let playbook = playbook(vec![rule("files", actions)]);
    let expected = "\
diff --git a/b b/b
deleted file mode 100644
--- a/b
+++ /dev/null
@@ -1 +0,0 @@
-b
diff --git a/c b/c
new file mode 100644
--- /dev/null
+++ b/c
@@ -0,0 +1 @@
+b
diff --git a/copy/a b/copy/a
new file mode 100644
--- /dev/null
+++ b/copy/a
@@ -0,0 +1 @@
+a
diff --git a/d b/d
deleted file mode 100644
";
    check(&playbook, &[], &[("a", "a\n"), ("b", "b\n"), ("d", "")], expected);
    check(&playbook, &[], &[("a", "a\n"), ("copy/a", "a\n"), ("c", "b\n")], "");
    let exists = "specs/files: Exists: c already exists and is never overwritten\n";
    check(&playbook, &[], &[("a", "a\n"), ("b", "b\n"), ("c", "other\n")], exists);
}

#[test]
fn a_file_is_brought_back_whole() {
    let restore =
        |from| playbook(vec![rule("back", vec![Action::Restore(Restore { path: "a.json".into(), from })])]);
    let mut world = MemoryWorld::with_files([("a.json", "{broken")]);
    let path = RelPath::new("a.json").expect("a path");
    let kept = |text: &str, at| Earlier { at: Time(at), content: text.into() };
    world
        .earlier
        .insert(path.clone(), vec![kept("{also broken", 3), kept("{\"new\": 1}\n", 2), kept("{}\n", 1)]);
    world.commits.insert(("HEAD".to_owned(), path), "{\"git\": 1}\n".into());
    let found = [finding("specs/back", &[])];
    let diff = |text: &str| {
        format!(
            "diff --git a/a.json b/a.json\n--- a/a.json\n+++ b/a.json\n@@ -1 +1 @@\n-{{broken\n\\ No newline at end of file\n+{text}\n"
        )
    };
    assert_eq!(told(&planned(&restore(RestoreFrom::Backup), &found, &world)), diff("{\"new\": 1}"));
    assert_eq!(
        told(&planned(&restore(RestoreFrom::Git("HEAD".into())), &found, &world)),
        diff("{\"git\": 1}")
    );
    let gone = "specs/back: NotFound: a.json is not in the commit v1\n";
    assert_eq!(told(&planned(&restore(RestoreFrom::Git("v1".into())), &found, &world)), gone);
}

const PATCH: &str = "\
--- a/sub/a.py
+++ b/sub/a.py
@@ -1,3 +1,3 @@
 one
-two
+2
 three
--- /dev/null
+++ b/new.py
@@ -0,0 +1 @@
+new
\\ No newline at end of file
";

#[test]
fn a_diff_is_applied_where_its_context_is() {
    let patch =
        |diff: Option<Template>| playbook(vec![rule("patch", vec![Action::Patch(Patch { diff, strip: 0 })])]);
    let expected = "\
diff --git a/new.py b/new.py
new file mode 100644
--- /dev/null
+++ b/new.py
@@ -0,0 +1 @@
+new
\\ No newline at end of file
diff --git a/sub/a.py b/sub/a.py
--- a/sub/a.py
+++ b/sub/a.py
@@ -1,4 +1,4 @@
 moved
 one
-two
+2
 three
";
    let files = [("sub/a.py", "moved\none\ntwo\nthree\n")];
    check(&patch(Some(PATCH.into())), &[], &files, expected);
    let unfit = "specs/patch: NotFound: sub/a.py is not what the diff was made for, from line 1 on\n";
    check(&patch(Some(PATCH.into())), &[], &[("sub/a.py", "one\n2\nthree\n")], unfit);
    let excerpt = ["would reformat:"].into_iter().chain(PATCH.lines()).map(str::to_owned).collect();
    let found = Finding { excerpt, ..finding("specs/patch", &[]) };
    let plan = planned(&patch(None), &[found], &MemoryWorld::with_files(files));
    assert_eq!(told(&plan), expected);
    let none = "specs/patch: NotFound: the output that was matched holds no unified diff\n";
    check(&patch(None), &[], &files, none);
}

fn suggested(applicability: Applicability, alternatives: usize) -> Finding {
    let replacement = |text: &str| Replacement {
        file: "src/a.rs".to_owned(),
        line: 2,
        column: 3,
        end_line: 2,
        end_column: 4,
        bytes: Some((5, 6)),
        text: text.to_owned(),
        seen: Vec::new(),
    };
    let one = |index: usize| Suggestion {
        message: format!("way {index}"),
        applicability,
        replacements: vec![replacement(if index == 0 { "Y" } else { "Z" })],
    };
    let suggestions = (0..alternatives).map(one).collect();
    let diagnostic = Diagnostic { suggestions, ..Diagnostic::new("rustc", Level::Error, "x") };
    Finding { diagnostic: Some(diagnostic), ..finding("specs/as-said", &[]) }
}

#[test]
fn what_a_tool_suggests_is_done_where_it_saw_it() {
    let least = Applicability::MaybeIncorrect;
    let playbook =
        playbook(vec![rule("as-said", vec![Action::Suggestions(Suggestions { applicability: least })])]);
    let told = |found: Finding, text: &str| {
        told(&planned(&playbook, &[found], &MemoryWorld::with_files([("src/a.rs", text)])))
    };
    let done =
        "diff --git a/src/a.rs b/src/a.rs\n--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1,2 +1,2 @@\n é\n-abc\n+abY\n";
    assert_eq!(told(suggested(Applicability::MachineApplicable, 1), "é\nabc\n"), done);
    let stale = "specs/as-said: NotFound: src/a.rs:2 is not what the tool saw\n";
    assert_eq!(told(suggested(Applicability::MachineApplicable, 1), "a longer line\nabc\n"), stale);
    assert_eq!(told(suggested(Applicability::MachineApplicable, 1), "é\n"), stale);
    let several =
        "specs/as-said: Ambiguous: the tool suggests 2 ways and is sure of none: `way 0`, `way 1`\n";
    assert_eq!(told(suggested(Applicability::MaybeIncorrect, 2), "é\nabc\n"), several);
    let none = "specs/as-said: NotFound: the tool suggests nothing that is sure enough\n";
    assert_eq!(told(suggested(Applicability::Unspecified, 1), "é\nabc\n"), none);
}

/// A diagnostic whose suggestions each replace these stretches of the first line of `a.py`.
fn sure(suggestions: &[&[(u32, u32, &str)]]) -> Finding {
    let replacement = |&(column, end_column, text): &(u32, u32, &str)| Replacement {
        file: format!("{}/a.py", MemoryWorld::ROOT),
        line: 1,
        column,
        end_line: 1,
        end_column,
        bytes: None,
        text: text.to_owned(),
        seen: vec!["f(a, b)".to_owned()],
    };
    let suggestions = suggestions.iter().map(|parts| Suggestion {
        message: "as shown".to_owned(),
        applicability: Applicability::MachineApplicable,
        replacements: parts.iter().map(replacement).collect(),
    });
    let diagnostic =
        Diagnostic { suggestions: suggestions.collect(), ..Diagnostic::new("t", Level::Error, "x") };
    Finding { diagnostic: Some(diagnostic), ..finding("specs/as-said", &[]) }
}

#[test]
fn of_suggestions_that_overlap_the_first_is_done_whole() {
    let least = Applicability::MachineApplicable;
    let playbook =
        playbook(vec![rule("as-said", vec![Action::Suggestions(Suggestions { applicability: least })])]);
    let becomes = |suggestions: &[&[(u32, u32, &str)]], after: &str| {
        let plan =
            planned(&playbook, &[sure(suggestions)], &MemoryWorld::with_files([("a.py", "f(a, b)\n")]));
        let content = plan.edits.first().and_then(|edit| edit.content.after.as_ref()?.text());
        let told = match (content, &plan.refusals[..]) {
            (Some(content), _) => format!("{content}{}", plan.fixes[0].notes.join("")),
            (None, refusals) => refusals.iter().map(|refusal| refusal.reason.as_str()).collect(),
        };
        assert_eq!(told, after);
    };
    becomes(&[&[(1, 2, "g"), (3, 4, "x")], &[(6, 7, "y")]], "g(x, y)\n");
    becomes(&[&[(1, 2, "g")], &[(1, 2, "g")]], "g(a, b)\n");
    let waits = "1 more edit of it waits for the next round: they want the same place";
    becomes(&[&[(1, 2, "g"), (3, 4, "x")], &[(6, 7, "y"), (3, 5, "z")]], &format!("g(x, b)\n{waits}"));
    becomes(&[&[(3, 3, "*")], &[(3, 3, "&")]], &format!("f(*a, b)\n{waits}"));
    becomes(&[&[(3, 5, "x"), (4, 6, "y")]], "the parts of `as shown` overlap");
}

#[test]
fn a_line_that_is_another_by_now_is_left_alone() {
    let least = Applicability::MachineApplicable;
    let playbook =
        playbook(vec![rule("as-said", vec![Action::Suggestions(Suggestions { applicability: least })])]);
    let found = [sure(&[&[(1, 2, "g")]])];
    let told = told(&planned(&playbook, &found, &MemoryWorld::with_files([("a.py", "f(a, c)\n")])));
    assert_eq!(told, "specs/as-said: NotFound: a.py:1 is not what the tool saw\n");
}

fn tree(default: Option<&str>) -> Playbook {
    let option = |name: &str| Choice {
        name: name.to_owned(),
        label: format!("{name} of {{{{x}}}}").as_str().into(),
        when: None,
        steps: vec![step(replace("a", "old", name))],
    };
    let choose = Choose {
        question: "Which for {{x}}?".into(),
        options: vec![option("one"), option("two")],
        default: default.map(str::to_owned),
    };
    playbook(vec![rule("choice", vec![Action::Choose(choose)])])
}

#[test]
fn a_person_chooses() {
    let found = [finding("specs/choice", &[("x", "X")])];
    let world = MemoryWorld::with_files([("a", "old\n")]);
    let used = Used::default();
    let told = |playbook: &Playbook, choices: &Choices| {
        let context = Context {
            playbooks: std::slice::from_ref(playbook),
            world: &world,
            inspect: &Files,
            choices,
            used: &used,
        };
        (told(&plan(&found, &context)), questions(&found, &context))
    };
    let diff = |word: &str| format!("diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-old\n+{word}\n");
    let (refused, asked) = told(&tree(None), &Choices::default());
    assert_eq!(refused, "specs/choice: Choice: `Which for X?` has to be answered: one or two\n");
    let ask = |name: &str| Ask { name: name.to_owned(), label: format!("{name} of X") };
    let question = Question {
        rule: found[0].rule.clone(),
        title: "choice".to_owned(),
        question: "Which for X?".to_owned(),
        options: vec![ask("one"), ask("two")],
        default: None,
    };
    assert_eq!(asked, [question]);
    let mut choices = Choices::default();
    choices.answer(asked[0].rule.clone(), asked[0].question.clone(), "two".to_owned());
    assert_eq!(told(&tree(None), &choices), (diff("two"), Vec::new()));
    assert_eq!(told(&tree(Some("one")), &choices).0, diff("two"));
    let (by_default, asked) = told(&tree(Some("one")), &Choices::default());
    assert_eq!((by_default, asked.len()), (diff("one"), 1));
}

#[test]
fn a_key_that_is_one_value_may_be_a_pointer() {
    let at = Document { file: "a.json".into(), key: "{{pointer}}".into() };
    let playbook = playbook(vec![rule("node", vec![Action::Set(Set { at, value: json!(30) })])]);
    let diff = |after: &str| {
        format!(
            "diff --git a/a.json b/a.json\n--- a/a.json\n+++ b/a.json\n@@ -1 +1 @@\n-{{\"s\": [{{\"t\": 1}}]}}\n+{after}\n"
        )
    };
    let files = [("a.json", "{\"s\": [{\"t\": 1}]}\n")];
    check(&playbook, &[("pointer", "/s/0/t")], &files, &diff("{\"s\": [{\"t\": 30}]}"));
    check(&playbook, &[("pointer", "s.t")], &files, &diff("{\"s\": [{\"t\": 1}], \"s.t\": 30}"));
}

#[test]
fn the_rest_goes_the_way_that_was_taken() {
    let mut playbook = tree(None);
    let Action::Choose(choose) = &mut playbook.rules[0].steps[0].action else { panic!("a choice") };
    choose.options[1].steps = vec![step(run(&["make", "{{x}}"])), step(replace("a", "old", "two"))];
    playbook.rules[0].steps.push(step(Action::Guide("Done with {{x}}.".into())));
    let mut choices = Choices::default();
    let found = [finding("specs/choice", &[("x", "X")])];
    choices.answer(found[0].rule.clone(), "Which for X?".to_owned(), "two".to_owned());
    let world = MemoryWorld::with_files([("a", "old\n")]);
    let playbooks = std::slice::from_ref(&playbook);
    let mut first = plan(
        &found,
        &Context { playbooks, world: &world, inspect: &Files, choices: &choices, used: &Used::default() },
    );
    assert_eq!(told(&first), "run make X (then 2 more)\n");
    let unasked = Choices::default();
    let used = Used::default();
    let context = Context { playbooks, world: &world, inspect: &Files, choices: &unasked, used: &used };
    let after = rest(&first.fixes.remove(0), &context);
    assert_eq!(
        told(&after),
        "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-old\n+two\nguide Done with X.\n"
    );
}
