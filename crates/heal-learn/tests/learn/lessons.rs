use heal_learn::{Policy, Trial, distil};
use heal_model::{Applicability, Incident, Replacement, Suggestion};
use insta::assert_snapshot;

use crate::support::{incident, told};

#[test]
fn a_mark_that_is_missing() {
    let incidents = [
        incident("a", "expected ';' after expression", (1, 6, 0), "x = 1\ny\n", "x = 1;\ny\n"),
        incident("b", "expected ';' after expression", (2, 5, 0), "{\n f() }\n", "{\n f(); }\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^expected ';' after expression$
      {{line}}:{{column}}
      (?<a>[^;])
      => ;{{a}}
    "#);
}

#[test]
fn what_stands_between_brackets() {
    let incidents = [
        incident(
            "a",
            "value being cast to `int` is an integer",
            (1, 5, 16),
            "x = int(len(y))\n",
            "x = len(y)\n",
        ),
        incident(
            "b",
            "value being cast to `int` is an integer",
            (2, 1, 12),
            "\nint(f(a)+1) # b\n",
            "\nf(a)+1 # b\n",
        ),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^value being cast to `(?<name>[^`\n]+)` is an integer$
      {{line}}:{{column}} to {{end_line}}:{{end_column}}
      {{name}}\((?<a>(?:[^()\[\]{}"',\n]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\((?:[^()\n]|\([^()\n]*\))*\)|\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})+)\)
      => {{a}}
    "#);
}

#[test]
fn what_the_message_quotes() {
    let incidents = [
        incident("a", "use `x >= y` instead", (1, 4, 19), "if x > y || x == y {\n", "if x >= y {\n"),
        incident("b", "use `a < b` instead", (1, 1, 11), "!(a >= b )\n", "a < b\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^use `(?<use>[^`\n]+)` instead$
      {{line}}:{{column}} to {{end_line}}:{{end_column}}
      (?s:.+)
      => {{use}}
    "#);
}

#[test]
fn a_name_that_has_moved() {
    let incidents = [
        incident(
            "a",
            "import `Map` from `abc` instead",
            (1, 1, 0),
            "from c import Map\n",
            "from abc import Map\n",
        ),
        incident(
            "b",
            "import `Set` from `sets` instead",
            (1, 1, 0),
            "from d import Set\n",
            "from sets import Set\n",
        ),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^import `(?<import>[^`\n]+)` from `(?<from>[^`\n]+)` instead$
      {{line}}:{{column}}
      from (?:[\w.]+)
      => from {{from}}
    "#);
}

#[test]
fn what_the_tool_offers() {
    let offered = |id: &str, before: &str, column: u32, end_column: u32, text: &str| {
        let after = format!("{}{text}{}", &before[..column as usize - 1], &before[end_column as usize - 1..]);
        let mut incident =
            incident(id, "this expression can be simplified", (1, column, end_column), before, &after);
        incident.diagnostics[0].suggestions.push(Suggestion {
            message: "try".to_owned(),
            applicability: Applicability::MaybeIncorrect,
            replacements: vec![Replacement {
                file: "file.x".to_owned(),
                line: 1,
                column,
                end_line: 1,
                end_column,
                seen: Vec::new(),
                bytes: None,
                text: text.to_owned(),
            }],
        });
        incident
    };
    let incidents = [offered("a", "x.clone();\n", 1, 10, "*x"), offered("b", "let y = a + 0;\n", 9, 14, "a")];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^this expression can be simplified$
      Suggestions(Suggestions { applicability: MaybeIncorrect })
    "#);
}

#[test]
fn a_word_wherever_it_stands_on_the_line() {
    let message = |name: &str| format!("variable `{name}` is used but marked as unused");
    let incidents = [
        incident("a", &message("_x"), (1, 1, 0), "_x = f(_x)\n_x\n", "x = f(x)\n_x\n"),
        incident("b", &message("_row"), (2, 5, 0), "\ng(a,_row)+_row\n", "\ng(a,row)+row\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^variable `(?<variable>[^`\n]+)` is used but marked as unused$
      {{line}}
      \b{{variable}}\b
      => {{snake variable}}
    "#);
}

#[test]
fn seen_once_is_recorded_only() {
    let one = incident("a", "unknown key `colour`", (1, 1, 0), "colour: 1\n", "color: 1\n");
    let again = Incident { id: "b".to_owned(), ..one.clone() };
    assert_snapshot!(told(&[one, again], &[]), @r#"
    lesson a b (not often)
      ^unknown key `colour`$
      {{line}}:1
      ^colour: 1\n
      => color: 1

    refused a b: seen once, of 2 needed
    "#);
}

#[test]
fn a_pass_without_a_change_teaches_nothing() {
    let flaky = |id| incident(id, "connection was reset by peer", (1, 1, 0), "x\n", "x\n");
    assert_snapshot!(told(&[flaky("a"), flaky("b")], &[]), @r#"
    refused a: it passed without a change
    refused b: it passed without a change
    "#);
}

#[test]
fn edits_that_silence_are_refused() {
    let incidents = [
        incident("a", "`os` imported but unused", (1, 1, 0), "import os\n", "import os  # noqa\n"),
        incident("b", "`re` imported but unused", (1, 1, 0), "import re\n", "import re  # noqa\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b (not honest)
      ^`(?<name>[^`\n]+)` imported but unused$
      {{line}}:{{column}}
      import {{name}}$
      => import {{name}}  # noqa
    refused a b: the edit silences a check: it adds `noqa`
    "#);
}

#[test]
fn what_passing_runs_say_as_well_is_refused() {
    let incidents = [
        incident("a", "missing semicolon here", (1, 2, 0), "x\n", "x;\n"),
        incident("b", "missing semicolon here", (1, 3, 0), "yy\n", "yy;\n"),
    ];
    let passing = ["ok\nwarn: missing semicolon here (allowed)\n".to_owned()];
    assert_snapshot!(told(&incidents, &passing), @r#"
    lesson a b (not silent)
      ^missing semicolon here$
      {{line}}:{{column}}
      (?<a>[^;])
      => ;{{a}}
    refused a b: it also matches a passing run: warn: missing semicolon here (allowed)
    "#);
}

#[test]
fn another_end_of_the_same_failure_stands_against_a_rule() {
    let undeclared = |id: &str, before: &str, after: &str| {
        incident(id, "use of undeclared identifier 'n'", (1, 9, 0), before, after)
    };
    let incidents = [
        undeclared("a", "x = a + n;\n", "x = a + 'n';\n"),
        undeclared("b", "y = b * n;\n", "y = b * 'n';\n"),
        undeclared("c", "x = c + n;\n", "x = c + m;\n"),
        undeclared("d", "z = c + n;\n", "z = c + 10;\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a (not often)
      ^use of undeclared identifier 'n'$
      {{line}}:1
      ^x = a \+ n;\n
      => x = a + 'n';

    lesson b (not often)
      ^use of undeclared identifier 'n'$
      {{line}}:1
      ^y = b \* n;\n
      => y = b * 'n';

    lesson c (not often)
      ^use of undeclared identifier 'n'$
      {{line}}:1
      ^x = c \+ n;\n
      => x = c + m;

    lesson d (not often)
      ^use of undeclared identifier 'n'$
      {{line}}:1
      ^z = c \+ n;\n
      => z = c + 10;

    refused a: seen once, of 2 needed
    refused b: seen once, of 2 needed
    refused c: seen once, of 2 needed
    refused d: seen once, of 2 needed
    "#);
}

#[test]
fn a_rule_that_is_there_is_not_learned_again() {
    let incidents = [
        incident("a", "expected ';' after expression", (1, 6, 0), "x = 1\n", "x = 1;\n"),
        incident("b", "expected ';' after expression", (1, 2, 0), "y\n", "y;\n"),
    ];
    let lessons = distil(&incidents, &[], &[], &Policy::default());
    let playbook = heal_model::Playbook {
        heal: 1,
        name: "learned".to_owned(),
        summary: None,
        origin: heal_model::Origin::Repository("learned.yaml".to_owned()),
        defaults: heal_model::Defaults::default(),
        vars: std::collections::BTreeMap::new(),
        sources: std::collections::BTreeMap::new(),
        files: Vec::new(),
        rules: lessons.iter().map(|lesson| lesson.rule.clone()).collect(),
        learning: None,
        assets: std::collections::BTreeMap::new(),
    };
    let again = distil(&incidents, &[playbook], &[], &Policy::default());
    let failed: Vec<&str> = again
        .iter()
        .flat_map(|lesson| &lesson.gates)
        .filter(|gate| !gate.passed)
        .map(|gate| gate.detail.as_str())
        .collect();
    assert_eq!(failed, [format!("{} already mends them", lessons[0].rule.id)]);
}

#[test]
fn a_rule_carries_its_incidents() {
    let long = |line: &str| format!("{}{line}\n{}", "filler\n".repeat(20), "more\n".repeat(20));
    let incidents = [
        incident("a", "expected ';' after expression", (21, 6, 0), &long("x = 1"), &long("x = 1;")),
        incident("b", "expected ';' after expression", (1, 2, 0), "y\r\nz", "y;\r\nz"),
    ];
    let lessons = distil(&incidents, &[], &[], &Policy::default());
    let rule = &lessons[0].rule;
    let names: Vec<&str> = rule.tests.iter().filter_map(|test| test.name.as_deref()).collect();
    assert_eq!(names, ["incident a", "incident b"]);
    let learned = rule.learned.as_ref().expect("it was learned");
    assert_eq!(
        (learned.since.as_deref(), learned.signature.as_deref()),
        (Some("2026-01-01T00:00:00Z"), Some("sig-v1"))
    );
    let trial = Trial::new(rule).expect("a learned rule");
    for (test, incident) in rule.tests.iter().zip(&incidents) {
        let (path, before) = test.input.files.first_key_value().expect("a file");
        let found = trial.mend(&incident.diagnostics[0], path, before.as_bytes());
        assert_eq!(found, test.expect.files[path]);
    }
    assert_eq!(rule.tests[0].input.files["file.x"].matches("filler").count(), 3);
}
