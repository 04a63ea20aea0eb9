use heal_model::{Action, Anchor, AnchorEnd, MemoryWorld, Occurrences, RelPath, Safety, TextEdit};

use crate::support::{
    bound, check, create, edit, find, finding, located, planned, playbook, regex, replace, rule, text, told,
};

fn moved_symbol() -> heal_model::Rule {
    let mut rule = rule(
        "moved-symbol",
        vec![replace(
            "**/*.py",
            "from {{module}} import {{symbol}}",
            "from {{home.module}} import {{symbol}}",
        )],
    );
    rule.steps.insert(0, bound("home", find("**/*.py", regex(r"^(?:class|def) {{symbol}}\b"))));
    rule
}

#[test]
fn a_symbol_is_found_where_it_has_moved_to() {
    check(
        &playbook(vec![moved_symbol()]),
        &[("symbol", "AutonomyLevel"), ("module", "core.autonomy")],
        &[
            ("core/autonomy_matrix.py", "class AutonomyLevel:\n    pass\n"),
            ("app.py", "import os\nfrom core.autonomy import AutonomyLevel\n\nx = 1\n"),
        ],
        "\
diff --git a/app.py b/app.py
--- a/app.py
+++ b/app.py
@@ -1,4 +1,4 @@
 import os
-from core.autonomy import AutonomyLevel
+from core.autonomy_matrix import AutonomyLevel
 
 x = 1
",
    );
}

#[test]
fn what_is_searched_must_be_there_and_be_one() {
    let files = [("a.py", "def f():\nclass f:\n"), ("b.py", "def f(): pass\n"), ("c.py", "def f(x):\n")];
    let captures = [("symbol", "f"), ("module", "core.x")];
    let reason = "specs/moved-symbol: Ambiguous: `^(?:class|def) f\\b` is in 4 places: a.py:1, a.py:2, b.py:1 and 1 more\n";
    check(&playbook(vec![moved_symbol()]), &captures, &files, reason);
    let reason = "specs/moved-symbol: NotFound: `^(?:class|def) f\\b` is in no file that fits **/*.py\n";
    check(&playbook(vec![moved_symbol()]), &captures, &[("a.txt", "def f():\n")], reason);
    let reason = "specs/moved-symbol: NotFound: `from core.x import f` is in no file that fits **/*.py\n";
    check(&playbook(vec![moved_symbol()]), &captures, &[("a.py", "def f():\n")], reason);
}

#[test]
fn captures_are_data_in_patterns_globs_and_templates() {
    let edit = edit("{{dir}}/*.txt", regex("^{{word}}$"), "<{{word}}>");
    let rule = rule("data", vec![Action::Edit(edit)]);
    check(
        &playbook(vec![rule]),
        &[("word", "a.*{{7}}"), ("dir", "[x]")],
        &[("[x]/f.txt", "a.*{{7}}\nabc{{7}}\n"), ("x/f.txt", "a.*{{7}}\n")],
        "\
diff --git a/[x]/f.txt b/[x]/f.txt
--- a/[x]/f.txt
+++ b/[x]/f.txt
@@ -1,2 +1,2 @@
-a.*{{7}}
+<a.*{{7}}>
 abc{{7}}
",
    );
}

#[test]
fn line_ends_marks_and_open_ends_are_kept() {
    let edit = edit("*.txt", regex("^b\n(?<rest>c)$"), "B\n{{rest}}\nD");
    check(
        &playbook(vec![rule("ends", vec![Action::Edit(edit)])]),
        &[],
        &[("dos.txt", "\u{feff}b\r\nc"), ("unix.txt", "a\nb\nc")],
        "\
diff --git a/dos.txt b/dos.txt
--- a/dos.txt
+++ b/dos.txt
@@ -1,2 +1,3 @@
-\u{feff}b\r
-c
\\ No newline at end of file
+\u{feff}B\r
+c\r
+D
\\ No newline at end of file
diff --git a/unix.txt b/unix.txt
--- a/unix.txt
+++ b/unix.txt
@@ -1,3 +1,4 @@
 a
-b
-c
\\ No newline at end of file
+B
+c
+D
\\ No newline at end of file
",
    );
}

#[test]
fn an_anchor_ties_an_edit_to_its_place() {
    let anchored = |within| {
        let at = Anchor { line: "{{line}}".into(), column: None, within, to: None };
        rule("here", vec![Action::Edit(TextEdit { at: Some(at), ..edit("{{file}}", text("x"), "y") })])
    };
    let files = [("a.py", "x\nx\n\nx\n")];
    let captures = [("file", "a.py"), ("line", "2")];
    let second = "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,4 +1,4 @@
 x
-x
+y
 
 x
";
    check(&playbook(vec![anchored(0)]), &captures, &files, second);
    let none = "specs/here: NotFound: `x` is in no file that fits a.py near line 3\n";
    check(&playbook(vec![anchored(0)]), &[("file", "a.py"), ("line", "3")], &files, none);
    let first_two = "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,4 +1,4 @@
-x
-x
+y
+y
 
 x
";
    check(&playbook(vec![anchored(1)]), &[("file", "a.py"), ("line", "1")], &files, first_two);
}

#[test]
fn an_anchor_with_an_end_is_all_that_is_matched() {
    let end = AnchorEnd { line: "{{end_line}}".into(), column: "{{end_column}}".into() };
    let at = Anchor { line: "{{line}}".into(), column: Some("{{column}}".into()), within: 0, to: Some(end) };
    let edit = TextEdit { at: Some(at.clone()), ..edit("{{file}}", regex(r"int\((?<x>.+)\)"), "{{x}}") };
    let cast = playbook(vec![rule("cast", vec![Action::Edit(edit)])]);
    let place =
        |end| [("file", "a.py"), ("line", "1"), ("column", "3"), ("end_line", "1"), ("end_column", end)];
    let changed = "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1 +1 @@
-é int(int(1)) + int(2)
+é int(1) + int(2)
";
    let files = [("a.py", "é int(int(1)) + int(2)\n")];
    check(&cast, &place("14"), &files, changed);
    let none = "specs/cast: NotFound: `int\\((?<x>.+)\\)` is in no file that fits a.py near line 1\n";
    check(&cast, &place("12"), &files, none);
    let bare = TextEdit { at: Some(at.clone()), ..self::edit("{{file}}", regex(r"\((?<x>\w)\)"), "{{x}}") };
    let bare = playbook(vec![rule("bare", vec![Action::Edit(bare)])]);
    let grown = "specs/bare: Invalid: `x` would grow together with what stands beside it\n";
    check(&bare, &place("6"), &[("a.py", "if(x): pass\n")], grown);
    let insert = TextEdit { at: Some(at), ..self::edit("{{file}}", text(""), "{{column}}") };
    let inserted = "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1 +1 @@
-é int(int(1)) + int(2)
+é 3int(int(1)) + int(2)
";
    check(&playbook(vec![rule("insert", vec![Action::Edit(insert)])]), &place("3"), &files, inserted);
}

#[test]
fn occurrences() {
    let of = |occurrences| {
        rule("often", vec![Action::Edit(TextEdit { occurrences, ..edit("*.py", text("x"), "y") })])
    };
    let files = [("a.py", "x x\n"), ("b.py", "x\n")];
    let reason = "specs/often: Ambiguous: `x` is found 3 times, in a.py, b.py\n";
    check(&playbook(vec![of(Occurrences::One)]), &[], &files, reason);
    let first = "\
diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1 +1 @@
-x x
+y x
diff --git a/b.py b/b.py
--- a/b.py
+++ b/b.py
@@ -1 +1 @@
-x
+y
";
    check(&playbook(vec![of(Occurrences::First)]), &[], &files, first);
}

#[test]
fn a_file_that_is_not_utf8_is_edited_in_bytes() {
    let mut world = MemoryWorld::default();
    let path = RelPath::new("latin.txt").expect("a path");
    world.files.insert(path.clone(), b"caf\xe9 old\n".as_slice().into());
    let playbook = playbook(vec![rule("bytes", vec![replace("latin.txt", "old", "{{new}}")])]);
    let ascii = planned(&playbook, &[finding("specs/bytes", &[("new", "new")])], &world);
    assert_eq!(ascii.edits[0].content.after.as_deref(), Some(b"caf\xe9 new\n".as_slice()));
    let wide = planned(&playbook, &[finding("specs/bytes", &[("new", "é")])], &world);
    let reason = "specs/bytes: Unreadable: latin.txt is not UTF-8, so only ASCII can be written to it\n";
    assert_eq!(told(&wide), reason);
}

/// A writer that is killed may leave half a character.
#[test]
fn bytes_that_are_no_text_can_be_taken_out() {
    let mut world = MemoryWorld::default();
    let path = RelPath::new("log.jsonl").expect("a path");
    world.files.insert(path.clone(), b"{\"a\": \"\xc3\xa9\"}\n{\"a\": \"\xc3".as_slice().into());
    let cut = Action::Edit(edit("log.jsonl", regex(r"(?-u:[^\n]+)\z"), ""));
    let playbook = playbook(vec![rule("cut", vec![cut])]);
    let planned = planned(&playbook, &[finding("specs/cut", &[])], &world);
    assert_eq!(planned.edits[0].content.after.as_deref(), Some("{\"a\": \"é\"}\n".as_bytes()));
}

#[test]
fn what_is_there_is_never_overwritten() {
    let rule = rule("new", vec![create("a/b.json", "{\"name\": \"{{name}}\"}\n")]);
    let playbook = playbook(vec![rule]);
    let captures = [("name", "say \"hi\"\n")];
    let escaped = "{\"name\": \"say \\\"hi\\\"\\n\"}\n";
    check(
        &playbook,
        &captures,
        &[],
        "\
diff --git a/a/b.json b/a/b.json
new file mode 100644
--- /dev/null
+++ b/a/b.json
@@ -0,0 +1 @@
+{\"name\": \"say \\\"hi\\\"\\n\"}
",
    );
    check(&playbook, &captures, &[("a/b.json", escaped)], "");
    let reason = "specs/new: Exists: a/b.json already exists and is never overwritten\n";
    check(&playbook, &captures, &[("a/b.json", "{}")], reason);
}

#[test]
fn paths_stay_inside_and_git_stays_alone() {
    let at = |path: &str| playbook(vec![rule("at", vec![create(path, "x")])]);
    let outside =
        "specs/at: Outside: \"../x\" is not a path of the project: a path must not climb with `..`\n";
    check(&at("{{p}}"), &[("p", "../x")], &[], outside);
    let git = "specs/at: Protected: .GIT/hooks/x is git's own, and never touched\n";
    check(&at("{{p}}"), &[("p", ".GIT/hooks/x")], &[], git);
    let guarded = check(
        &at(".github/workflows/ci.md"),
        &[],
        &[],
        "\
diff --git a/.github/workflows/ci.md b/.github/workflows/ci.md
new file mode 100644
--- /dev/null
+++ b/.github/workflows/ci.md
@@ -0,0 +1 @@
+x
\\ No newline at end of file
warning: .github/workflows/ci.md can make tools run code, so this asks even where the rule is safe
",
    );
    assert_eq!(guarded.fixes[0].safety, Safety::Unsafe);
}

#[test]
fn an_absolute_path_is_taken_where_it_names_the_findings_file() {
    let playbook = playbook(vec![rule("abs", vec![replace("{{file}}", "x", "y")])]);
    let world = MemoryWorld::with_files([("src/a.py", "x\n")]);
    let found = located(finding("specs/abs", &[("file", "/home/me/project/src/a.py")]), "src/a.py", 1);
    let plan = planned(&playbook, &[found], &world);
    assert_eq!(plan.edits[0].content.after.as_deref(), Some(b"y\n".as_slice()));
    let strange = planned(&playbook, &[finding("specs/abs", &[("file", "/etc/passwd")])], &world);
    let reason = "specs/abs: Outside: \"/etc/passwd\" is not a path of the project: a path must be relative to the project\n";
    assert_eq!(told(&strange), reason);
}

#[test]
fn a_document_that_could_be_read_still_can() {
    let rule = rule("spoil", vec![replace("a.json", "1", "1,,")]);
    let reason = "specs/spoil: Invalid: a.json would not be JSON: key must be a string at line 1 column 9\n";
    check(&playbook(vec![rule]), &[], &[("a.json", "{\"a\": 1}\n")], reason);
}
