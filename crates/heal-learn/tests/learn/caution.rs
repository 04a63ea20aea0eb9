//! What is not concluded from what was seen.

use heal_learn::{Policy, Trial, distil};
use heal_model::{Incident, Mender};
use insta::assert_snapshot;

use crate::support::{incident, told};

#[test]
fn a_name_that_gives_way_to_another_stays_that_name() {
    let message = "paint() got an unexpected keyword argument 'colour'";
    let incidents = [
        incident("a", message, (1, 1, 0), "paint(bag, colour=1)\n", "paint(bag, hue=1)\n"),
        incident("b", message, (1, 1, 0), "x = paint('x', colour=z)\n", "x = paint('x', hue=z)\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^paint\(\) got an unexpected keyword argument 'colour'$
      {{line}}
      \bcolour\b
      => hue
    "#);
}

#[test]
fn what_agrees_by_chance_is_not_learned() {
    let mended = |id, before: &str, after: &str| {
        incident(id, "expected expression here", (1, 3, 0), &format!("{before}\n"), &format!("{after}\n"))
    };
    let agreeing = [mended("a", "x ? one(1)", "x ; one(1)"), mended("b", "y ? 2", "y ; 2")];
    assert_eq!(lessons(&agreeing), "a b\n");
    let others =
        [mended("c", "z * q", "z = *q"), mended("d", "w ! f(9)", "w(f, 9)"), mended("e", "v ) e", "v e")];
    assert_eq!(lessons(&[&agreeing[..], &others[..]].concat()), "");
}

#[test]
fn words_do_not_grow_together() {
    let message = "useless brackets around a name";
    let incidents = [
        incident("a", message, (1, 5, 0), "x = (y)\n", "x = y\n"),
        incident("b", message, (1, 8, 0), "return (zoo)\n", "return zoo\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^useless brackets around a name$
      {{line}}:{{column}}
      \B\((?<a>[^()\[\]{}"',\n]+)\)\B
      => {{a}}
    "#);
}

#[test]
fn one_value_does_not_become_several_where_something_binds_it() {
    let message = "use an operator to compare with nothing";
    let incidents = [
        incident("a", message, (1, 4, 14), "if is_none(a):\n", "if a is None:\n"),
        incident("b", message, (1, 11, 23), "elif x or is_none(b.c):\n", "elif x or b.c is None:\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^use an operator to compare with nothing$
      {{line}}:{{column}}
      (?<![\-+*/%!~.&|^<>@?=])(?<![\-+*/%!~.&|^<>@?=] )is_none\((?<a>[^()\[\]{}"',\n]+)\)(?![ \t]*(?:[\-+*/%!~.&|^<>@?=(\[]|\w))
      => {{a}} is None
    "#);
}

#[test]
fn letters_after_a_number_are_as_many_as_were_seen() {
    let said = |suffix| format!("invalid suffix '{suffix}' on integer constant");
    let incidents = [
        incident("a", &said("a"), (1, 5, 0), "x = 2a;\n", "x = 2*a;\n"),
        incident("b", &said("y"), (1, 5, 0), "y = 4y;\n", "y = 4*y;\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^invalid suffix '(?<suffix>[^'\n])' on integer constant$
      {{line}}:{{column}}
      (?<a>[\w.]+){{suffix}}
      => {{a}}*{{suffix}}
    "#);
}

#[test]
fn what_a_rule_has_mended_is_no_evidence() {
    let by_heal = |id, before: &str, after: &str| {
        let mut incident = incident(id, "expected ';' after expression", (1, 2, 0), before, after);
        incident.ending.as_mut().expect("it ended").by = Mender::Heal;
        incident
    };
    let incidents = [by_heal("a", "f\n", "f;\n"), by_heal("b", "g\n", "g;\n")];
    assert_snapshot!(told(&incidents, &[]), @r"
    refused a: a rule has mended it
    refused b: a rule has mended it
    ");
}

/// The incidents of each lesson that rests on more than one.
fn lessons(incidents: &[Incident]) -> String {
    let lessons = distil(incidents, &[], &[], &Policy::default());
    let several = lessons.iter().filter(|lesson| lesson.evidence.distinct > 1);
    several.map(|lesson| format!("{}\n", lesson.evidence.incidents.join(" "))).collect()
}

#[test]
fn a_name_of_the_file_is_written_only_where_the_file_has_it() {
    let message = "use of undeclared identifier 'a'";
    let incidents = [
        incident("a", message, (2, 3, 0), "int matrix[9];\nx=a[1];\n", "int matrix[9];\nx=matrix[1];\n"),
        incident("b", message, (2, 1, 0), "f(matrix);\na[i]=2;\n", "f(matrix);\nmatrix[i]=2;\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^use of undeclared identifier 'a'$
      {{line}}
      \ba\b
      => matrix
      if \bmatrix\b is there
    "#);
}

#[test]
fn a_name_of_the_file_that_is_put_together_is_not_learned() {
    let mended = |id, name: &str, line: &str| {
        let message = format!("use of undeclared identifier '{name}'");
        let before = format!("int {name}1;\n{line}\n");
        let after = before.replace(&format!("({name})"), &format!("({name}1)"));
        incident(id, &message, (2, 3, 0), &before, &after)
    };
    let incidents = [mended("a", "str", "f(str);"), mended("b", "mat", "g(mat) + 1;")];
    assert_eq!(lessons(&incidents), "");
}

#[test]
fn what_stood_before_must_stand_there_again() {
    let message = "comparing a variable with several items";
    let incidents = [
        incident("a", message, (1, 4, 20), "if a == 1 || a == 2\n", "if [1, 2].include?(a)\n"),
        incident("b", message, (1, 4, 24), "if col == x || col == y\n", "if [x, y].include?(col)\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a b
      ^comparing a variable with several items$
      {{line}}:{{column}} to {{end_line}}:{{end_column}}
      (?<a>[\w.]+) == (?<b>[\w.]+) \|\| \k<a> == (?<d>[\w.]+)
      => [{{b}}, {{d}}].include?({{a}})
    "#);
}

#[test]
fn what_should_follow_from_the_message_is_not_made_up() {
    let few = |id: &str, counts: (u32, u32), before: &str, column: u32| {
        let message = format!("too few arguments, expected {}, have {}", counts.0, counts.1);
        let at = column as usize - 1;
        let after = format!("{}, 0{}", &before[..at], &before[at..]);
        incident(id, &message, (1, column, 0), before, &after)
    };
    let numbers = [few("a", (2, 1), "f(a)\n", 4), few("b", (3, 2), "go(b, c)\n", 8)];
    assert_eq!(lessons(&numbers), "");
    let alike = [few("a", (2, 1), "f(a)\n", 4), few("b", (2, 1), "go(b)\n", 5)];
    assert_eq!(lessons(&alike), "a b\n");
    let unknown = |id: &str, name: &str, before: &str| {
        let message = format!("use of undeclared name '{name}'");
        incident(
            id,
            &message,
            (1, 1, 0),
            &format!("{before}\nall[0];\n"),
            &format!("{}\nall[0];\n", before.replace(name, "all")),
        )
    };
    let names = [unknown("a", "x", "x[1] = 2;"), unknown("b", "nums", "nums[4] = 3;")];
    assert_eq!(lessons(&names), "");
}

#[test]
fn a_quote_is_not_put_beside_another() {
    let message = "no prefix is needed here";
    let mended = |id, before: &str, column: u32, after: &str| {
        incident(id, message, (1, column, 0), &format!("{before}\n"), &format!("{after}\n"))
    };
    let incidents =
        [mended("a", r#"f(u"one")"#, 3, r#"f("one")"#), mended("b", r#"x = u"two""#, 5, r#"x = "two""#)];
    let lessons = distil(&incidents, &[], &[], &Policy::default());
    let trial = Trial::new(&lessons[0].rule).expect("a learned rule is of the learned kind");
    assert!(trial.mends(&mended("c", r#"g(1, u"six")"#, 6, r#"g(1, "six")"#)));
    let beside = mended("e", r#"""u"hi""#, 3, "");
    let content = beside.ending.as_ref().and_then(|ending| ending.changes[0].before.clone());
    assert_eq!(trial.mend(&beside.diagnostics[0], "file.x", &content.expect("a text")), None);
}
