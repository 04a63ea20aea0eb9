//! What was seen once is known again: the same complaint about the same lines.

use heal_learn::{Policy, Trial, distil};
use heal_model::Incident;
use insta::assert_snapshot;

use crate::support::{incident, told};

#[test]
fn far_from_the_complaint() {
    let before = "f() {\n  if (x)\n    a;\n  }\n\n\n\n  return;\n}\n";
    let after = before.replace("if (x)", "if (x) {");
    let incidents = [incident("a", "expected a name here", (8, 3, 0), before, &after)];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a (not often)
      ^expected a name here$
      ^  if \(x\)

      =>   if (x) {

    refused a: seen once, of 2 needed
    "#);
}

#[test]
fn in_several_places() {
    let before = "import a\n\n\n\n\nx = now()\ny = x\n";
    let after = before.replace("import a\n", "import a\nimport clock\n").replace("now()", "clock.now()");
    let incidents = [incident("a", "undefined name `now`", (6, 5, 0), before, &after)];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a (not often)
      ^undefined name `now`$
      {{line}}:1
      ^x = now\(\)

      => x = clock.now()

      ^import a


      => import a
    import clock


    refused a: seen once, of 2 needed
    "#);
}

#[test]
fn lines_that_are_moved() {
    let before = "class A\n  def b\n  end\n\n  private\n\n  def c\n  end\n\n  LIMIT = 1\nend\n";
    let after = "class A\n  LIMIT = 1\n  def b\n  end\n\n  private\n\n  def c\n  end\n\nend\n";
    let incidents = [incident("a", "constants belong before methods", (10, 3, 0), before, after)];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a (not often)
      ^constants belong before methods$
      {{line}}:1
      ^  LIMIT = 1

      => 
      ^class A
      def b

      => class A
      LIMIT = 1
      def b

    refused a: seen once, of 2 needed
    "#);
}

#[test]
fn a_pair_of_braces_is_one_change() {
    let before = "if (x)\n  a;\n  b;\nelse\n  c;\nend;\n";
    let after = "if (x) {\n  a;\n  b;\n} else\n  c;\nend;\n";
    let incidents = [incident("a", "expected expression before 'else'", (6, 1, 0), before, after)];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson a (not often)
      ^expected expression before 'else'$
      {{add line -2}}:1
      ^else

      => } else

      ^if \(x\)

      => if (x) {

    refused a: seen once, of 2 needed
    "#);
}

#[test]
fn where_what_several_have_in_common_says_more_than_the_lines() {
    let message = "expected a name or '('";
    let mended = |id, before: &str, place, after: &str| incident(id, message, place, before, after);
    let incidents = [
        mended("a", "a\n}\n\t\n\treturn 0;\n", (4, 2, 0), "a\n\n\t\n\treturn 0;\n"),
        mended("b", "b}\n\t\n\treturn 1;\n", (3, 2, 0), "b\n\t\n\treturn 1;\n"),
    ];
    assert_snapshot!(told(&incidents, &[]), @r#"
    lesson b (not often)
      ^expected a name or '\('$
      {{line}}
      ^b\}(?<gap>\n\s*)(?=\S)
      => b{{gap}}
    lesson a (not often)
      ^expected a name or '\('$
      {{line}}
      ^\}(?<gap>\n\s*)(?=\S)
      => {{gap}}
    lesson a b
      ^expected a name or '\('$
      {{line}}:{{column}}
      \}\n\t\n\treturn
      => 
    	
    	return
    "#);
    let again = mended("c", "while(1)\n}\n  exit(2);\n", (3, 3, 0), "while(1)\n\n  exit(2);\n");
    assert!(is_mended(&incidents, &again));
}

fn is_mended(incidents: &[Incident], again: &Incident) -> bool {
    let lessons = distil(incidents, &[], &[], &Policy::default());
    lessons.iter().any(|lesson| Trial::new(&lesson.rule).is_some_and(|trial| trial.mends(again)))
}
