//! Several mistakes in one rule are told at once.

use crate::check;

#[test]
fn one_mistake_hides_no_other_of_its_rule() {
    let text = r#"heal: 1
name: t
rules:
  - id: one
    titel: x
    title: "x {{nam}}"
    severity: hihg
    trigger: {output: "no '(?<name>\\w+)'"}
    steps:
      - edit: {files: "../a.py", search: a, replace: "{{uper name}}"}
      - run: {shell: "echo {{name}}"}
      - edit: {files: a, serch: x, replace: y}
"#;
    check(
        text,
        &[
            "5:5 heal::unknown-key ‹titel› unknown key `titel` → the keys here are id, title, category, severity, safety, explain, links, also, captures, trigger, steps, verify, retry, timeout, tests, learned",
            "6:17 heal::unknown-variable ‹nam› unknown variable `nam` → did you mean `name`?",
            "7:15 heal::invalid-value ‹hihg› `severity` can't be `hihg` → did you mean `high`?",
            "10:24 heal::path-outside ‹..› a path must not climb with `..` → write a path from the project's root, such as `src/main.py`",
            "10:57 heal::unknown-helper ‹uper› unknown helper `uper` → did you mean `upper`?",
            "11:28 heal::shell-template ‹{{name}}› shell text is never filled in → write `\"$HEAL_CAP_name\"`, or use `argv:`",
            "12:26 heal::unknown-key ‹serch› unknown key `serch` → did you mean `search`?",
        ],
    );
}
