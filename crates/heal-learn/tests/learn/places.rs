//! Changes that lie elsewhere than the complaint: where it was called from, among the imports, in a file that it does
//! not name; and what a note says of them.

use heal_learn::{Policy, Trial, distil};
use heal_model::{Incident, Level, Note, RelPath};
use insta::assert_snapshot;

use crate::support::{incident, told};

fn note(message: &str, place: Option<(&str, u32)>) -> Note {
    Note {
        level: Level::Note,
        message: message.to_owned(),
        file: place.map(|(file, _)| file.to_owned()),
        line: place.map(|(_, line)| line),
        column: None,
    }
}

/// A failure in `deep.x`, called from a line of `file.x`, where it was mended.
fn called(id: &str, message: &str, line: u32, before: &str, after: &str) -> Incident {
    let mut incident = incident(id, message, (1, 1, 0), before, after);
    let diagnostic = &mut incident.diagnostics[0];
    (diagnostic.file, diagnostic.column) = (Some("deep.x".to_owned()), None);
    diagnostic.notes = vec![
        note("", Some(("/lib/run.x", 8))),
        note("", Some(("file.x", line))),
        note("", Some(("deep.x", 1))),
    ];
    incident
}

#[test]
fn where_it_was_called_from() {
    let incidents = [
        called(
            "a",
            "not a number: '4,90'",
            2,
            "import eur\na = eur('4,90', 2)\n",
            "import eur\na = eur('4.90', 2)\n",
        ),
        called("b", "not a number: '10,5'", 1, "f(eur('10,5'))\n", "f(eur('10.5'))\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^not a number: '(?<number>[^'\n]+)'$
      in {{caller_file}}
      {{caller_line}}
      (?<a>\d+),(?<b>\d+)
      => {{a}}.{{b}}
    "#);
}

#[test]
fn among_lines_of_its_kind() {
    let unknown = |name: &str| format!("name '{name}' is not defined");
    let put = |id: &str, name: &str, before: &str, after: &str| {
        incident(id, &unknown(name), (9, 2, 0), before, after)
    };
    let rest = "\n\n\n\n\n\n\n\n\n\n\n";
    let incidents = [
        put("a", "eur", &format!("import a\n{rest}"), &format!("import a\nfrom money import eur\n{rest}")),
        put(
            "b",
            "usd",
            &format!("import a\nfrom b import c\n{rest}"),
            &format!("import a\nfrom b import c\nfrom money import usd\n{rest}"),
        ),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^name '(?<name>[^'\n]+)' is not defined$
      in {{file}} after ^(?:from|import)\b, if there is one
      + from money import {{name}}
    "#);
    let incidents = [
        put(
            "a",
            "puts",
            &format!("#include <a.h>\n{rest}"),
            &format!("#include <puts.h>\n#include <a.h>\n{rest}"),
        ),
        put(
            "b",
            "time",
            &format!("\n#include <a.h>\n{rest}"),
            &format!("\n#include <time.h>\n#include <a.h>\n{rest}"),
        ),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^name '(?<name>[^'\n]+)' is not defined$
      in {{file}} before ^\#include\b, if there is one
      + #include <{{name}}.h>
    "#);
    let incidents = [
        put("a", "x", &format!("a\n{rest}"), &format!("use x\na\n{rest}")),
        put("b", "yy", &format!("\nb\n{rest}"), &format!("use yy\n\nb\n{rest}")),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^name '(?<name>[^'\n]+)' is not defined$
      in {{file}} at the start
      + use {{name}}
    "#);
}

#[test]
fn in_a_file_that_nothing_names() {
    let missing = |id: &str, module: &str, before: &str| {
        let mut one = incident(
            id,
            &format!("No module named '{module}'"),
            (1, 1, 0),
            before,
            &format!("{before}{module}\n"),
        );
        one.diagnostics[0].file = Some("app.x".to_owned());
        one.ending.as_mut().expect("it ended").changes[0].path = RelPath::new("needs.txt").expect("a path");
        one
    };
    let incidents = [missing("a", "yaml", "flask\n"), missing("b", "attrs", "a\nb\n")];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^No module named '(?<named>[^'\n]+)'$
      in needs.txt at the end
      + {{named}}
    "#);
}

/// What is expected stands in a note, so the rule is about what is expected and nothing else.
#[test]
fn what_a_note_says() {
    let mismatch = |id: &str, found: &str, column: u32, before: &str, after: &str| {
        let end = column + 2;
        let mut one = incident(id, "mismatched types", (1, column, end), before, after);
        one.diagnostics[0].notes = vec![note(&format!("expected `Money`, found `{found}`"), None)];
        one
    };
    let incidents = [
        mismatch("a", "u8", 5, "a + 15;\n", "a + Money(15);\n"),
        mismatch("b", "u64", 9, "let b = 42 + c;\n", "let b = Money(42) + c;\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^mismatched types$
      note ^expected `Money`, found `(?<found>[^`\n]+)`$
      {{line}}:{{column}} to {{end_line}}:{{end_column}}
      (?<a>[^()\[\]{}"',\n]+)
      => Money({{a}})
    "#);
}

#[test]
fn the_last_token_before_where_it_is_noticed() {
    let message = "expected '(' after 'if'";
    let incidents = [
        incident("a", message, (3, 5, 0), "x;\n    if\n    for (;;)\n", "x;\n    \n    for (;;)\n"),
        incident("b", message, (4, 2, 0), "\telse if \n\n\t\n\treturn 0;\n", "\telse \n\n\t\n\treturn 0;\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^expected '\(' after '(?<after>[^'\n]+)'$
      {{line}}
      {{after}}[ \t]*(?<gap>\n\s*)(?=\S)
      => {{gap}}
    "#);
}

#[test]
fn what_is_missing_after_the_line_before() {
    let message = "expected ';' before this statement";
    let incidents = [
        incident("a", message, (3, 1, 0), "f(x)\n\nreturn\n", "f(x);\n\nreturn\n"),
        incident("b", message, (2, 3, 0), "  y = 0  \n  z()\n", "  y = 0;  \n  z()\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^expected ';' before this statement$
      {{line}}
      (?<=[^\s;])(?<gap>[ \t]*\n\s*)(?=\S)
      => ;{{gap}}
    "#);
}

#[test]
fn the_rest_of_a_line_without_the_mark_that_closes_it() {
    let message = "expected '(' after 'if'";
    let incidents = [
        incident("a", message, (1, 4, 0), "if i+j <= n;\n", "if (i+j <= n);\n"),
        incident("b", message, (2, 6, 0), "{\n  if check(x){\n", "{\n  if (check(x)){\n"),
        incident("c", message, (1, 4, 0), "if z[i] > y\n", "if (z[i] > y)\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b c
      ^expected '\(' after '(?<after>[^'\n]+)'$
      {{line}}:{{column}}
      (?<=if )(?!\()(?<a>(?:[^()\[\]{}"',\n]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\((?:[^()\n]|\([^()\n]*\))*\)|\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})+)(?<![ \t;{,:])(?=[ \t]*[;{,:]*[ \t]*$)
      => ({{a}})
    "#);
}

#[test]
fn whole_lines_that_are_taken_out() {
    let message = "useless `private` modifier";
    let other = "useless `protected` modifier";
    let incidents = [
        incident("a", message, (2, 3, 10), "class A\n  private\n\n  def b\n", "class A\n\n  def b\n"),
        incident("b", other, (2, 5, 14), "class A\n    protected\nend\n", "class A\nend\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^useless `(?<useless>[^`\n]+)` modifier$
      {{line}}:1
      ^(?:[ \t]+){{useless}}\n
      =>
    "#);
}

#[test]
fn the_span_is_what_the_message_quotes() {
    let incidents = [
        incident("a", "prefer `1..` over `1..-1`", (1, 3, 8), "a[1..-1]\n", "a[1..]\n"),
        incident("b", "prefer `..42` over `nil..42`", (1, 3, 10), "b[nil..42]\n", "b[..42]\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^prefer `(?<prefer>[^`\n]+)` over `(?<over>[^`\n]+)`$
      {{line}}:{{column}} to {{end_line}}:{{end_column}}
      {{over}}
      => {{prefer}}
    "#);
}

/// A name that is not defined, and the import of it that was put in above.
fn imported(id: &str, name: &str, before: &str, after: &str) -> Incident {
    let rest = "\n".repeat(9);
    let message = format!("name '{name}' is not defined");
    incident(id, &message, (9, 2, 0), &format!("{before}{rest}"), &format!("{after}{rest}"))
}

#[test]
fn a_name_among_those_of_an_import_over_several_lines() {
    let last = [
        imported(
            "a",
            "eur",
            "import a\nfrom money import (\n    chf,\n)\n",
            "import a\nfrom money import (\n    chf,\n    eur,\n)\n",
        ),
        imported(
            "b",
            "usd",
            "from money import (\n    a,\n    b,\n)\n",
            "from money import (\n    a,\n    b,\n    usd,\n)\n",
        ),
    ];
    assert_snapshot!(told(&last, &[]), @r#"
    lesson a b
      ^name '(?<name>[^'\n]+)' is not defined$
      ^(?<head>from money import \([ \t]*\n(?![^()\[\]{}]*(?<!\w){{name}}(?!\w))(?:[^()\[\]{}]*\n)?)(?<indent>[ \t]+)(?<last>[^()\[\]{}\s][^()\[\]{}\n]*,)\n(?<edge>[ \t]*)(?<close>\))
      => {{head}}{{indent}}{{last}}
    {{indent}}{{name}},
    {{edge}}{{close}}
    "#);
    let first = [
        imported("a", "B", "use money::{\n    C,\n};\n", "use money::{\n    B,\n    C,\n};\n"),
        imported("b", "A", "use money::{\n\tD,\n\tE,\n};\n", "use money::{\n\tA,\n\tD,\n\tE,\n};\n"),
    ];
    assert_snapshot!(told(&first, &[]), @r#"
    lesson a b
      ^name '(?<name>[^'\n]+)' is not defined$
      ^(?<head>use money::\{[ \t]*\n(?![^()\[\]{}]*(?<!\w){{name}}(?!\w)))(?<indent>[ \t]+)
      => {{head}}{{indent}}{{name}},
    {{indent}}
    "#);
}

#[test]
fn a_name_among_those_of_an_import_on_one_line() {
    let python = [
        imported("a", "eur", "from money import chf\n", "from money import chf, eur\n"),
        imported("b", "usd", "import x\nfrom money import a, b\n", "import x\nfrom money import a, b, usd\n"),
    ];
    assert_snapshot!(told(&python, &[]), @r#"
    lesson a b
      ^name '(?<name>[^'\n]+)' is not defined$
      ^(?<head>from money import (?![^\n]*(?<!\w){{name}}(?!\w))[^()\[\]{}\n]*[^()\[\]{}\s,])$
      => {{head}}, {{name}}
    "#);
    let rust = [
        imported("a", "Usd", "use money::{Chf, Eur};\n", "use money::{Chf, Eur, Usd};\n"),
        imported("b", "Gbp", "use money::{A, B};\n", "use money::{A, B, Gbp};\n"),
    ];
    assert_snapshot!(told(&rust, &[]), @r#"
    lesson a b
      ^name '(?<name>[^'\n]+)' is not defined$
      ^(?<head>use money::\{(?![^\n]*(?<!\w){{name}}(?!\w))[^()\[\]{}\n]*[^()\[\]{}\s,])(?<close>\};)$
      => {{head}}, {{name}}{{close}}
    "#);
}

#[test]
fn a_name_that_an_import_has_is_not_put_in_again() {
    let incidents = [
        imported("a", "eur", "from money import chf\n", "from money import chf, eur\n"),
        imported("b", "usd", "from money import a\n", "from money import a, usd\n"),
    ];
    let lessons = distil(&incidents, &[], &[], &Policy::default());
    let trial = Trial::new(&lessons[0].rule).expect("a learned rule is of the learned kind");
    let mended = |before: &str| {
        trial.mends(&imported("c", "gbp", &format!("{before}\n"), &format!("{before}, gbp\n")))
    };
    assert!(mended("from money import x"));
    let there = imported("c", "gbp", "from money import gbp\n", "");
    let content = there.ending.as_ref().and_then(|ending| ending.changes[0].before.clone());
    assert_eq!(trial.mend(&there.diagnostics[0], "file.x", &content.expect("a text")), None);
}
