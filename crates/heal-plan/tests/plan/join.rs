use heal_model::{Edit, MemoryWorld, PartRef, Plan, RuleId, Safety};
use heal_plan::{divide, join, preview, select};

use crate::support::{check, create, finding, planned, playbook, replace, rule, run, told};

fn two_words() -> heal_model::Playbook {
    let mut second = rule("second", vec![replace("a.py", "two", "2")]);
    second.safety = Safety::Unsafe;
    playbook(vec![rule("first", vec![replace("a.py", "one", "1")]), second])
}

fn both(playbook: &heal_model::Playbook, text: &str) -> Plan {
    let findings: Vec<_> = playbook.rules.iter().map(|rule| finding(rule.id.as_str(), &[])).collect();
    planned(playbook, &findings, &MemoryWorld::with_files([("a.py", text)]))
}

#[test]
fn two_fixes_may_change_words_of_one_line() {
    let plan = check(
        &two_words(),
        &[],
        &[("a.py", "one fine day or two\n")],
        "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1 +1 @@
-one fine day or two
+1 fine day or 2
",
    );
    let preview = preview(&plan);
    let hunk = &preview.files[0].hunks[0];
    assert_eq!(hunk.rules.iter().map(RuleId::as_str).collect::<Vec<_>>(), ["specs/first", "specs/second"]);
    assert_eq!(hunk.parts, [PartRef { fix: 0, part: 0 }, PartRef { fix: 1, part: 0 }]);
    assert_eq!(hunk.safety, Safety::Unsafe);
    let words: Vec<(&str, bool)> =
        hunk.lines[0].pieces.iter().map(|piece| (piece.text.as_str(), piece.changed)).collect();
    assert_eq!(words, [("one", true), (" fine day or ", false), ("two", true)]);
}

#[test]
fn the_first_in_rank_has_the_place() {
    let rules = vec![
        rule("first", vec![replace("a.py", "one two", "1 2")]),
        rule("second", vec![create("b.txt", "b\n"), replace("a.py", "two", "2")]),
    ];
    let plan = check(
        &playbook(rules),
        &[],
        &[("a.py", "\none two\n")],
        "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,2 +1,2 @@
 
-one two
+1 2
specs/second: Overlap: changes the same place of a.py:2 as specs/first; run heal again afterwards
",
    );
    assert_eq!(plan.fixes.len(), 1, "a fix is all or nothing");
}

#[test]
fn whole_lines_stand_beside_each_other() {
    let rules = vec![
        rule("first", vec![replace("a.py", "import b\n", "import a\nimport b\n")]),
        rule("second", vec![replace("a.py", "import b\n", "import aa\nimport b\n")]),
        rule("third", vec![replace("a.py", "import b\n", "")]),
    ];
    check(
        &playbook(rules),
        &[],
        &[("a.py", "\nimport b\nb()\n")],
        "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,3 +1,4 @@
 
-import b
+import a
+import aa
 b()
",
    );
}

#[test]
fn two_fixes_that_would_spoil_a_document_together() {
    let rules = vec![
        rule("first", vec![replace("a.toml", "a = 1", "a = 1\nx = 1")]),
        rule("second", vec![replace("a.toml", "c = 3", "c = 3\nx = 2")]),
    ];
    check(
        &playbook(rules),
        &[],
        &[("a.toml", "a = 1\nb = 2\nc = 3\n")],
        "\
diff --git a/a.toml b/a.toml
--- a/a.toml
+++ b/a.toml
@@ -1,3 +1,4 @@
 a = 1
+x = 1
 b = 2
 c = 3
specs/second: Overlap: a.toml would not be TOML with this beside specs/first: duplicate key at line 5; run heal again afterwards
",
    );
}

#[test]
fn a_part_of_a_plan_is_a_plan() {
    let plan = both(&two_words(), "one or two\n");
    let everything = select(&plan, &|_| true, &|_| true);
    assert_eq!(everything, plan);
    let second = select(&plan, &|part| part.fix == 1, &|_| true);
    assert_eq!(second.edits[0].content.after.as_deref(), Some(b"one or 2\n".as_slice()));
    assert_eq!(second.fixes.len(), 1);
    assert_ne!(second.id, plan.id);
    let safe = divide(&plan, Safety::Safe).offered;
    assert_eq!(safe.edits[0].content.after.as_deref(), Some(b"1 or two\n".as_slice()));
    assert_eq!(safe, select(&plan, &|_| true, &|fix| fix == 0));
    assert_eq!(divide(&plan, Safety::Safe).left_out, second);
}

#[test]
fn neighbouring_lines_are_two_places() {
    let rules = vec![
        rule("first", vec![replace("a.py", "use a;\n", "")]),
        rule("second", vec![replace("a.py", "use b;\n", "")]),
    ];
    assert_eq!(
        told(&both(&playbook(rules), "use a;\nuse b;\nuse c;\n")),
        "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,3 +1 @@
-use a;
-use b;
 use c;
"
    );
}

#[test]
fn what_is_for_a_person_keeps_nothing_from_its_place() {
    let mut by_hand = rule("by-hand", vec![replace("a.py", "one", "1")]);
    by_hand.safety = Safety::Manual;
    let rules = vec![by_hand, rule("safe", vec![replace("a.py", "one", "one_")])];
    let plan = both(&playbook(rules), "one\n");
    assert_eq!(
        told(&divide(&plan, Safety::Safe).offered),
        "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1 +1 @@
-one
+one_
specs/by-hand: Overlap: changes the same place of a.py:1 as specs/safe; run heal again afterwards
"
    );
}

#[test]
fn identical_changes_are_shared() {
    let rules = vec![
        rule("first", vec![replace("a.py", "one", "1")]),
        rule("second", vec![replace("a.py", "one", "1"), run(&["make"])]),
    ];
    let plan = both(&playbook(rules), "one\n");
    assert_eq!(plan.edits[0].parts, [PartRef { fix: 0, part: 0 }, PartRef { fix: 1, part: 0 }]);
    assert_eq!(plan.edits[0].content.after.as_deref(), Some(b"1\n".as_slice()));
    let later = select(&plan, &|_| true, &|fix| fix == 1);
    assert_eq!(later.edits[0].content, plan.edits[0].content);
}

#[test]
fn the_same_fix_twice_is_one() {
    let playbook = playbook(vec![rule("install", vec![run(&["pip", "install", "x"])])]);
    let found = [finding("specs/install", &[("at", "1")]), finding("specs/install", &[("at", "2")])];
    let plan = planned(&playbook, &found, &MemoryWorld::default());
    assert_eq!(told(&plan), "run pip install x\n");
}

#[test]
fn joined_plans_are_as_if_planned_together() {
    let world = MemoryWorld::with_files([("a.py", "one or two\n")]);
    let playbook = two_words();
    let one = planned(&playbook, &[finding("specs/first", &[])], &world);
    let other = planned(&playbook, &[finding("specs/second", &[])], &world);
    assert_eq!(join(vec![one, other]), both(&playbook, "one or two\n"));
}

#[test]
fn an_edit_of_the_past_is_shown_without_its_fixes() {
    let plan = both(&two_words(), "one or two\n");
    let past = Plan { edits: vec![Edit { parts: Vec::new(), ..plan.edits[0].clone() }], ..Plan::default() };
    assert_eq!(
        told(&past),
        "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-one or two\n+1 or 2\n"
    );
}
