//! Fixes that add to one file, one upon the other.

use heal_model::{
    Action, Document, FileIs, FileTrigger, Finding, Line, LineChange, LinePosition, MemoryWorld, Plan,
    Playbook, RefusalCode, Rule, Safety, Set, Step, Trigger,
};
use heal_plan::{divide, preview, select};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select as any_of;
use serde_json::json;

use crate::support::{create, finding, planned, playbook, replace, rule, step, told};

fn set(file: &str, key: &str, value: serde_json::Value) -> Action {
    Action::Set(Set { at: Document { file: file.into(), key: key.into() }, value })
}

fn line(file: &str, text: &str, position: LinePosition) -> Action {
    Action::Line(Line { file: file.into(), change: LineChange::Present { line: text.into(), position } })
}

/// Makes a file unless it is there.
fn unless_there(path: &str, content: &str) -> Step {
    let missing = FileTrigger {
        path: path.into(),
        is: Some(FileIs::Missing),
        contains: None,
        lacks: None,
        invalid_against: None,
        older_than: None,
        larger_than: None,
    };
    Step { when: Some(Trigger::File(missing)), ..step(create(path, content)) }
}

/// A rule that enters what it finds in a list of its own making.
fn entering() -> Playbook {
    let mut enter = rule("enter", vec![set("dead.json", "dead[+]", json!({"id": "{{id}}"}))]);
    enter.steps.insert(0, unless_there("dead.json", "{\"dead\": []}\n"));
    playbook(vec![enter])
}

fn found(ids: &[&str]) -> Vec<Finding> {
    ids.iter().map(|id| finding("specs/enter", &[("id", id)])).collect()
}

#[test]
fn two_findings_enter_one_list_that_is_not_there() {
    let plan = planned(&entering(), &found(&["t1", "t2", "t3"]), &MemoryWorld::default());
    assert_eq!(
        told(&plan),
        "\
diff --git a/dead.json b/dead.json
new file mode 100644
--- /dev/null
+++ b/dead.json
@@ -0,0 +1 @@
+{\"dead\": [{\"id\": \"t1\"}, {\"id\": \"t2\"}, {\"id\": \"t3\"}]}
"
    );
    let hunks = &preview(&plan).files[0].hunks;
    assert_eq!(hunks[0].parts.iter().map(|part| part.fix).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn one_that_was_planned_upon_another_goes_with_it() {
    let world = MemoryWorld::with_files([("dead.json", "{\"dead\": [{\"id\": \"t0\"}]}\n")]);
    let plan = planned(&entering(), &found(&["t1", "t2"]), &world);
    let all = "{\"dead\": [{\"id\": \"t0\"}, {\"id\": \"t1\"}, {\"id\": \"t2\"}]}\n";
    let after =
        |plan: &Plan| plan.edits[0].content.after.clone().and_then(|text| text.text().map(str::to_owned));
    assert_eq!(after(&plan).as_deref(), Some(all));
    let first = select(&plan, &|_| true, &|fix| fix == 0);
    assert_eq!(after(&first).as_deref(), Some("{\"dead\": [{\"id\": \"t0\"}, {\"id\": \"t1\"}]}\n"));
    assert_eq!(
        told(&select(&plan, &|_| true, &|fix| fix == 1)),
        "specs/enter: Overlap: was planned upon other changes of dead.json; run heal again afterwards\n"
    );
}

#[test]
fn a_log_without_a_last_line_end_takes_two_lines() {
    let rules = vec![
        rule("first", vec![line("a.log", "one", LinePosition::End)]),
        rule("second", vec![line("a.log", "two", LinePosition::End)]),
    ];
    assert_eq!(
        both(rules, &[("a.log", "zero")]),
        "\
diff --git a/a.log b/a.log
--- a/a.log
+++ b/a.log
@@ -1 +1,3 @@
-zero
\\ No newline at end of file
+zero
+one
+two
\\ No newline at end of file
"
    );
}

/// What two rules, `first` and `second`, come to.
fn both(rules: Vec<Rule>, files: &[(&str, &str)]) -> String {
    let found = ["specs/first", "specs/second"].map(|rule| finding(rule, &[]));
    let world = MemoryWorld::with_files(files.iter().copied());
    told(&divide(&planned(&playbook(rules), &found, &world), Safety::Safe).offered)
}

#[test]
fn a_value_that_both_set_is_the_firsts() {
    let rules = vec![
        rule("first", vec![set("a.json", "a", json!(1))]),
        rule("second", vec![set("a.json", "a", json!(2))]),
    ];
    assert_eq!(
        both(rules, &[("a.json", "{}\n")]),
        "\
diff --git a/a.json b/a.json
--- a/a.json
+++ b/a.json
@@ -1 +1,3 @@
-{}
+{
+  \"a\": 1
+}
specs/second: Overlap: changes the same place of a.json:1 as specs/first; run heal again afterwards
"
    );
}

#[test]
fn what_is_replaced_is_not_replaced_again() {
    let rules = vec![
        rule("first", vec![replace("a.ini", "timeout", "timeout_s")]),
        rule("second", vec![replace("a.ini", "timeout", "timeout_ms")]),
    ];
    assert_eq!(
        both(rules, &[("a.ini", "timeout\n")]),
        "\
diff --git a/a.ini b/a.ini
--- a/a.ini
+++ b/a.ini
@@ -1 +1 @@
-timeout
+timeout_s
specs/second: Overlap: changes the same place of a.ini:1 as specs/first; run heal again afterwards
"
    );
}

#[test]
fn what_is_safe_stands_upon_nothing_that_is_not() {
    let mut first = rule("first", vec![line("a.log", "one", LinePosition::End)]);
    first.safety = Safety::Unsafe;
    let rules = vec![first, rule("second", vec![line("a.log", "two", LinePosition::End)])];
    assert_eq!(
        both(rules, &[("a.log", "zero")]),
        "specs/second: Overlap: changes the same place of a.log:1 as specs/first; run heal again afterwards\n"
    );
}

/// A step that only adds, with something of its own.
fn adding(number: usize) -> impl Strategy<Value = Action> {
    let own = format!("own {number}");
    prop_oneof![
        Just(line("a.log", &own, LinePosition::End)),
        any_of(vec!["l[+]", "m.n[+]"]).prop_map({
            let own = own.clone();
            move |key| set("s.json", key, json!({"of": own}))
        }),
        any_of(vec![format!("k{number}"), format!("m.k{number}")]).prop_map(move |key| set(
            "s.json",
            &key,
            json!(own)
        )),
    ]
}

fn rules() -> impl Strategy<Value = Playbook> {
    let steps = |number| proptest::collection::vec(adding(number), 1..3);
    (steps(0), steps(1), steps(2), steps(3)).prop_map(|(a, b, c, d)| {
        let named = [a, b, c, d].into_iter().enumerate();
        playbook(named.map(|(index, actions)| rule(&format!("r{index}"), actions)).collect())
    })
}

fn apply(world: &mut MemoryWorld, plan: &Plan) {
    for edit in &plan.edits {
        let after = edit.content.after.clone().expect("nothing is deleted");
        world.files.insert(edit.path.clone(), after);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn at_once_or_one_after_the_other_is_the_same(
        playbook in rules(),
        log in any_of(vec!["", "x", "x\n", "x\r\ny\r\n"]),
        state in any_of(vec!["{}\n", "{\"l\": []}", "{\n  \"l\": [\n    1\n  ],\n  \"m\": {\"n\": [2]}\n}\n"]),
    ) {
        let mut world = MemoryWorld::with_files([("a.log", log), ("s.json", state)]);
        let found: Vec<_> = playbook.rules.iter().map(|rule| finding(rule.id.as_str(), &[])).collect();
        let plan = planned(&playbook, &found, &world);
        let overlaps = plan.refusals.iter().filter(|refusal| refusal.code == RefusalCode::Overlap);
        prop_assert_eq!(overlaps.count(), 0, "{:?}", plan.refusals);
        let shown = preview(&plan);
        for (file, edit) in shown.files.iter().zip(&plan.edits) {
            let mut parts: Vec<_> = file.hunks.iter().flat_map(|hunk| hunk.parts.clone()).collect();
            let mut asked = edit.parts.clone();
            parts.sort();
            asked.sort();
            prop_assert_eq!(parts, asked);
        }
        prop_assert_eq!(&select(&plan, &|_| true, &|_| true), &plan);
        let mut one_by_one = world.clone();
        apply(&mut world, &plan);
        for found in &found {
            let plan = planned(&playbook, std::slice::from_ref(found), &one_by_one);
            apply(&mut one_by_one, &plan);
        }
        for (path, content) in &one_by_one.files {
            prop_assert_eq!(world.files[path].text(), content.text());
        }
    }
}
