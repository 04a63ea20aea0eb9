//! What has not the shape of a playbook.

use crate::{check, rule, steps};

#[test]
fn unknown_keys() {
    check(
        "heal: 1\nname: t\nrulez: []\n",
        &["3:1 heal::unknown-key ‹rulez› unknown key `rulez` → did you mean `rules`?"],
    );
    check(
        "heal: 1\nname: t\nx: 1\ny: 2\n",
        &[
            "3:1 heal::unknown-key ‹x› unknown key `x` → the keys here are heal, name, summary, defaults, vars, sources, files, rules, learning",
            "4:1 heal::unknown-key ‹y› unknown key `y` → the keys here are heal, name, summary, defaults, vars, sources, files, rules, learning",
        ],
    );
    check(
        &rule("  triger: {output: x}"),
        &["6:3 heal::unknown-key ‹triger› unknown key `triger` → did you mean `trigger`?"],
    );
    check(
        &rule("  trigger: {outptu: x}"),
        &["6:13 heal::unknown-key ‹outptu› unknown key `outptu` → did you mean `output`?"],
    );
    check(
        &steps("  - exec: ls"),
        &[
            "8:5 heal::unknown-key ‹exec› unknown key `exec` → the keys here are find, edit, line, create, set, remove, copy, move, delete, restore, patch, suggestions, snapshot, run, signal, choose, guide, as, when, retry, timeout",
        ],
    );
    check(
        &rule("  trigger: {output: {regexp: x}}"),
        &["6:22 heal::unknown-key ‹regexp› unknown key `regexp` → did you mean `regex`?"],
    );
}

#[test]
fn wrong_types() {
    check(
        "heal: one\nname: 1\n",
        &[
            "1:7 heal::wrong-type ‹one› `heal` must be a whole number, not a text → write a number",
            "2:7 heal::wrong-type ‹1› `name` must be a text, not a number → write lower-case letters, digits and `-`, starting with a letter",
        ],
    );
    check(
        "heal: 1\nname: t\nrules: {a: 1}\nfiles: ~\n",
        &[
            "3:8 heal::wrong-type ‹{a: 1}› `rules` must be a list, not a map → write a list: `[…]`, or each item in a line after `- `",
            "4:8 heal::wrong-type ‹~› `files` must be a list, not nothing → write a value, or take the key out",
        ],
    );
    check(
        &rule("  trigger: {output: 404}\n  explain: no\n  links: https://a.b"),
        &[
            r#"6:21 heal::wrong-type ‹404› `output` must be a text or a map, not a number → put quotes around it: `"404"`"#,
            "8:10 heal::wrong-type ‹https://a.b› `links` must be a list, not a text → write a list: `[…]`, or each item in a line after `- `",
        ],
    );
    check(
        &rule("  trigger: {output: x}\n  steps:\n  - run: [sleep, 30]"),
        &[
            r#"8:18 heal::wrong-type ‹30› item 2 of `run` must be a text, not a number → put quotes around it: `"30"`"#,
        ],
    );
    check(
        &rule("  trigger: [x]\n  severity:\n  tests: [1]"),
        &[
            "6:12 heal::wrong-type ‹[x]› `trigger` must be a map, not a list → write a map: `key: value`",
            "7:3 heal::wrong-type ‹severity› `severity` must be a text, not nothing → write a value, or take the key out",
            "8:11 heal::wrong-type ‹1› item 1 of `tests` must be a map, not a number → write a map: `key: value`",
        ],
    );
}

#[test]
fn missing_keys() {
    check(
        "name: t\n",
        &[
            "1:1 heal::missing-key ‹name: t› `heal` is missing → add `heal:` — The version of the language: 1.",
        ],
    );
    check(
        "heal: 1\nname: t\nrules:\n- id: a\n",
        &[
            "4:3 heal::missing-key ‹id: a› `title` is missing → add `title:` — One line that says what is wrong. A template that knows the trigger's captures.",
            "4:3 heal::missing-key ‹id: a› `trigger` is missing → add `trigger:` — What must be seen.",
        ],
    );
    check(
        "heal: 1\nname: t\nfiles:\n- path: a\n",
        &["4:3 heal::missing-key ‹path: a› `tier` is missing → add `tier:` — What its absence means."],
    );
}

#[test]
fn values() {
    check(
        "heal: 2\nname: Big Name\n",
        &[
            "1:7 heal::version ‹2› this heal does not know version 2 of the language → write `heal: 1`, or use a newer heal",
            "2:7 heal::invalid-value ‹Big Name› `name` can't be `Big Name` → write lower-case letters, digits and `-`, starting with a letter",
        ],
    );
    check(
        "heal: 1\nname: t\nfiles: [{path: a, tier: creat}]\n",
        &["3:25 heal::invalid-value ‹creat› `tier` can't be `creat` → did you mean `create`?"],
    );
    check(
        &rule("  trigger: {output: x}\n  severity: worst\n  also: [other]\n  captures: {a: text}"),
        &[
            "7:13 heal::invalid-value ‹worst› `severity` can't be `worst` → write `info`, `low`, `medium`, `high` or `critical`",
            "8:10 heal::invalid-value ‹other› item 1 of `also` can't be `other` → write a rule's whole id, `playbook/rule`",
            "9:17 heal::invalid-value ‹text› `a` can't be `text` → write `ident`, `path`, `version`, `int`, `line`, or `{enum: […]}`",
        ],
    );
    check(
        "heal: 1\nname: t\ndefaults: {timeout: 30, retry: 0}\n",
        &[
            "3:21 heal::wrong-type ‹30› `timeout` must be a text or a map, not a number → write a duration such as `100ms`, `30s`, `1m30s`, `2h` or `1d`",
            "3:32 heal::invalid-value ‹0› `retry` must be at least 1 → write a number from 1 to 20",
        ],
    );
    check(
        "heal: 1\nname: t\ndefaults: {timeout: 30sec, retry: {attempts: 99, backoff: {initial: 1y}}}\n",
        &[
            "3:21 heal::duration ‹30sec› `timeout` can't be `30sec` → write a duration such as `100ms`, `30s`, `1m30s`, `2h` or `1d`",
            "3:46 heal::invalid-value ‹99› `attempts` must be at most 20 → write a number from 1 to 20",
            "3:69 heal::duration ‹1y› `initial` can't be `1y` → write a duration such as `100ms`, `30s`, `1m30s`, `2h` or `1d`",
        ],
    );
    check(
        &rule("  trigger: {file: {path: a, larger_than: 5MiB}}"),
        &[
            "6:42 heal::size ‹5MiB› `larger_than` can't be `5MiB` → write a size such as `10KB`, `5MB` or `1GB`, or a number of bytes",
        ],
    );
    check(
        &rule("  trigger: {rate: {file: a, record: a, failing: b, over: 110%}}"),
        &[
            "6:58 heal::invalid-value ‹110%› `over` can't be `110%` → write a number from 0 to 1, or a percentage such as `10%`",
        ],
    );
    check(
        &rule("  trigger: {output: {regex: a, exit: fail}}\n  steps: [{suggestions: false}]"),
        &[
            "6:38 heal::invalid-value ‹fail› `exit` can't be `fail` → write a number, a list of numbers, or `failure` for every code but 0",
            "7:25 heal::invalid-value ‹false› `suggestions` can't be `false` → write `true`, or how sure the tool must be: machine-applicable, maybe-incorrect, has-placeholders, unspecified",
        ],
    );
}

#[test]
fn exactly_one() {
    check(
        &rule("  trigger: {output: x, env: Y}"),
        &["6:24 heal::exactly-one ‹env› `output` and `env` exclude each other → give just one of them"],
    );
    check(
        &rule("  trigger: {}"),
        &[
            "6:12 heal::exactly-one ‹{}› `output`, `diagnostic`, `file`, `document`, `rate`, `process`, `probe`, `env`, `value`, `all`, `any` or `not` is missing → give just one of them",
        ],
    );
    check(
        &rule("  trigger: {output: {within: 3}}"),
        &[
            "6:21 heal::exactly-one ‹{within: 3}› `regex`, `text`, `lines` or `sequence` is missing → give just one of them",
        ],
    );
    check(
        &rule("  trigger: {output: {regex: a, text: b}}"),
        &["6:32 heal::exactly-one ‹text› `regex` and `text` exclude each other → give just one of them"],
    );
    check(
        &steps("  - as: a\n  - {guide: a, delete: b}"),
        &[
            "8:5 heal::exactly-one ‹as: a› `find`, `edit`, `line`, `create`, `set`, `remove`, `copy`, `move`, `delete`, `restore`, `patch`, `suggestions`, `snapshot`, `run`, `signal`, `choose` or `guide` is missing → give just one of them",
            "9:16 heal::exactly-one ‹delete› `guide` and `delete` exclude each other → give just one of them",
        ],
    );
    check(
        &steps("  - edit: {replace: a}"),
        &[
            "8:11 heal::exactly-one ‹{replace: a}› `file` or `files` is missing → give just one of them",
            "8:11 heal::exactly-one ‹{replace: a}› `search` or `regex` is missing → give just one of them",
        ],
    );
}

#[test]
fn empty() {
    check(
        "heal: 1\nname: t\nrules: []\n",
        &["3:8 heal::empty ‹[]› `rules` is empty → write an item, or take the key out"],
    );
    check(
        &rule("  trigger: {all: []}\n  steps: []\n  verify: {}\n  tests: [{expect: {}}]"),
        &[
            "6:18 heal::empty ‹[]› `all` is empty → write an item, or take the key out",
            "7:10 heal::empty ‹[]› `steps` is empty → write an item, or take the key out",
            "8:11 heal::empty ‹{}› `verify` is empty → write an item, or take the key out",
            "9:20 heal::empty ‹{}› `expect` is empty → write an item, or take the key out",
        ],
    );
    check(
        &rule("  trigger: {file: {path: a}}"),
        &[
            "6:19 heal::missing-key ‹{path: a}› `file` does not say what to look for → add `is`, `contains`, `lacks`, `invalid_against`, `older_than` or `larger_than`",
        ],
    );
    check(
        &steps("  - run: []"),
        &["8:10 heal::empty ‹[]› `run` is empty → write an item, or take the key out"],
    );
}

#[test]
fn a_broken_rule_does_not_hide_what_is_wrong_with_the_others() {
    check(
        "heal: 1\nname: t\nsources: {a: 1}\nrules:\n- id: a\n- {id: b, title: '{{c}}', trigger: {output: '('}, steps: [{guide: '{{a}}'}]}\n",
        &[
            "3:14 heal::wrong-type ‹1› `a` must be a map, not a number → write a map: `key: value`",
            "5:3 heal::missing-key ‹id: a› `title` is missing → add `title:` — One line that says what is wrong. A template that knows the trigger's captures.",
            "5:3 heal::missing-key ‹id: a› `trigger` is missing → add `trigger:` — What must be seen.",
            "6:21 heal::missing-capture ‹c› no pattern of this rule captures `c` → capture it in the trigger: `(?<c>…)`",
            r#"6:46 heal::regex ‹(› this pattern does not compile: unclosed group → write `\(` or `\)` for the character itself"#,
        ],
    );
}
