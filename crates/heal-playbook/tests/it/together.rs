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

#[test]
fn a_trigger_or_step_that_is_refused_hides_nothing_of_its_rule() {
    let text = r#"heal: 1
name: many
rules:
  - id: a
    title: "x {{nope}} {{shout who}} {{gone}}"
    safty: safe
    trigger:
      output: "bad (unclosed (?<who>\\w+)"
      outptu: "(?<gone>x)"
    steps:
      - edit: {file: "../../etc/passwd", search: "a", replace: "{{missing}}"}
      - edti: {file: x}
      - edit: {file: /etc/x, replace: "{{who"}
      - find: {files: 5, text: x}
        as: here
      - create: {path: "{{here.path}}", content: "{{#if"}
  - id: a
    title: dup
    trigger: {output: "x"}
    trigger: {output: "y"}
  - id: b
    title: "{{any}} and {{uper any}}"
    trigger: {output: 5}
    steps: [{run: {shell: "echo {{any}}"}}]
    tests:
      - outptu: foo
      - {output: x, files: {/etc/x: a}}
"#;
    check(
        text,
        &[
            "5:17 heal::missing-capture ‹nope› no pattern of this rule captures `nope` → capture it in the trigger: `(?<nope>…)`",
            "5:26 heal::unknown-helper ‹shout› unknown helper `shout` → the helpers are count, max, add, json, lower, upper, snake, camel, kebab, module-of-path, unmarked, nearest, default, now, if, unless, each, with, lookup, eq, ne, gt, gte, lt, lte, and, or, not, len",
            "6:5 heal::unknown-key ‹safty› unknown key `safty` → did you mean `safety`?",
            "8:20 heal::regex ‹(› this pattern does not compile: unclosed group → write `\\(` or `\\)` for the character itself",
            "9:7 heal::unknown-key ‹outptu› unknown key `outptu` → the keys here are output, diagnostic, file, document, rate, process, probe, env, value, all, any, not",
            "11:23 heal::path-outside ‹..› a path must not climb with `..` → write a path from the project's root, such as `src/main.py`",
            "11:67 heal::missing-capture ‹missing› no pattern of this rule captures `missing` → capture it in the trigger: `(?<missing>…)`",
            "12:9 heal::unknown-key ‹edti› unknown key `edti` → did you mean `edit`?",
            "13:15 heal::exactly-one ‹{file: /etc/x, replace: \"{{who\"}› `search` or `regex` is missing → give just one of them",
            "13:22 heal::path-outside ‹/etc/x› a path must be relative to the project → write a path from the project's root, such as `src/main.py`",
            "13:40 heal::template ‹{{who› `{{` is not closed → write `{{name}}`, or `\\{{` for the characters themselves",
            "14:23 heal::wrong-type ‹5› `files` must be a text or a list, not a number → put quotes around it: `\"5\"`",
            "16:51 heal::template ‹{{#if› `{{` is not closed → write `{{name}}`, or `\\{{` for the characters themselves",
            "17:9 heal::duplicate-rule ‹a› there are two rules `many/a` → give this or the one in line 4 another id",
            "20:5 heal::duplicate-key ‹trigger› `trigger` is given twice → keep this or the one in line 19",
            "22:27 heal::unknown-helper ‹uper› unknown helper `uper` → did you mean `upper`?",
            "23:23 heal::wrong-type ‹5› `output` must be a text or a map, not a number → put quotes around it: `\"5\"`",
            "24:33 heal::shell-template ‹{{any}}› shell text is never filled in → write `\"$HEAL_CAP_any\"`, or use `argv:`",
            "26:9 heal::unknown-key ‹outptu› unknown key `outptu` → did you mean `output`?",
            "27:29 heal::path-outside ‹/etc/x› a path must be relative to the project → write a path from the project's root, such as `src/main.py`",
        ],
    );
}

#[test]
fn numbers_have_bounds_and_no_point() {
    let rule = |body: &str| crate::rule(&format!("  trigger: {body}"));
    check(
        &rule("{output: {text: a, count: 99999999999999999999}}"),
        &[
            "6:38 heal::invalid-value ‹99999999999999999999› `count` must be at most 4294967295 → write a number from 1 to 4294967295",
        ],
    );
    check(
        &rule("{output: {text: '', count: 2.0}}"),
        &[
            "6:28 heal::empty ‹''› the pattern is empty: it would be found everywhere → write what the line holds",
            "6:39 heal::wrong-type ‹2.0› `count` must be a whole number, without a point → write `2`",
        ],
    );
    check(
        &rule("{output: {text: a, exit: [1, 1e20]}}"),
        &[
            "6:41 heal::invalid-value ‹1e20› item 2 of `exit` must be at most 2147483647 → write a number from -2147483648 to 2147483647",
        ],
    );
    check(
        &rule("{file: {path: a, larger_than: 1e30}}"),
        &[
            "6:42 heal::invalid-value ‹1e30› `larger_than` must be at most 9007199254740991 → write a number from 0 to 9007199254740991",
        ],
    );
    check(
        &rule("{file: {path: a, larger_than: 2.0}}"),
        &["6:42 heal::wrong-type ‹2.0› `larger_than` must be a whole number, without a point → write `2`"],
    );
    check(
        "heal: 1.0\nname: a\n",
        &["1:7 heal::wrong-type ‹1.0› `heal` must be a whole number, without a point → write `1`"],
    );
    check(
        "heal: 1e20\nname: a\n",
        &[
            "1:7 heal::invalid-value ‹1e20› `heal` must be at most 4294967295 → write a number from 0 to 4294967295",
        ],
    );
}
