//! What templates ask for.

use crate::{check, rule, steps};

#[test]
fn syntax() {
    check(
        &steps("  - guide: 'a {{name'"),
        &[
            r#"8:15 heal::template ‹{{name› `{{` is not closed → write `{{name}}`, or `\{{` for the characters themselves"#,
        ],
    );
    check(
        &steps("  - guide: \"\\u00e9 {{#if name}}a{{/each}}\""),
        &[
            r#"8:20 heal::template ‹{{#if name}}› the block `if` is closed as `each` → write `{{name}}`, or `\{{` for the characters themselves"#,
        ],
    );
    check(
        &steps("  - guide: '{{> other}}'"),
        &[
            r#"8:13 heal::template ‹{{> other}}› templates have no partials or decorators → write `{{name}}`, or `\{{` for the characters themselves"#,
        ],
    );
    check(
        &steps("  - guide: '{{}}'"),
        &[
            r#"8:13 heal::template ‹{{}}› this is not Handlebars → write `{{name}}`, or `\{{` for the characters themselves"#,
        ],
    );
    check(
        &steps(&format!("  - guide: '{}'", "{{#if a}}".repeat(200))),
        &[
            r#"8:1165 heal::template ‹{{› the template holds more than 128 blocks → write `{{name}}`, or `\{{` for the characters themselves"#,
        ],
    );
    check(
        &steps(&format!("  - guide: '{{{{json {}'", "(".repeat(200))),
        &[
            r#"8:13 heal::template ‹{{› an expression of the template holds more than 128 brackets → write `{{name}}`, or `\{{` for the characters themselves"#,
        ],
    );
}

#[test]
fn helpers() {
    check(
        &steps("  - guide: '{{uper name}} {{shout name}} {{upper (snke name)}}'"),
        &[
            "8:15 heal::unknown-helper ‹uper› unknown helper `uper` → did you mean `upper`?",
            "8:29 heal::unknown-helper ‹shout› unknown helper `shout` → the helpers are count, max, add, json, lower, upper, snake, camel, kebab, module-of-path, unmarked, nearest, default, now, if, unless, each, with, lookup, eq, ne, gt, gte, lt, lte, and, or, not, len",
            "8:51 heal::unknown-helper ‹snke› unknown helper `snke` → did you mean `snake`?",
        ],
    );
    check(
        &steps("  - guide: '{{#iff name}}a{{/iff}}'"),
        &["8:16 heal::unknown-helper ‹iff› unknown helper `iff` → did you mean `if`?"],
    );
    check(
        &steps(
            "  - guide: '{{now}} {{now \"%Y\"}} {{default name \"x\"}} {{#if (eq name \"a\")}}{{name}}{{else}}b{{/if}}'",
        ),
        &[],
    );
}

#[test]
fn variables() {
    check(
        &rule("  trigger: {output: '(?<symbol>a)'}\n  steps: [{guide: '{{simbol}} {{module}}'}]"),
        &[
            "7:22 heal::unknown-variable ‹simbol› unknown variable `simbol` → did you mean `symbol`?",
            "7:33 heal::missing-capture ‹module› no pattern of this rule captures `module` → capture it in the trigger: `(?<module>…)`",
        ],
    );
    check(
        &rule("  trigger: {env: A}\n  steps: [{guide: '{{name}} {{value}} {{vlue}}'}]"),
        &["7:41 heal::unknown-variable ‹vlue› unknown variable `vlue` → did you mean `value`?"],
    );
    check(
        "heal: 1\nname: t\nfiles: [{path: a, tier: require, recover: ['{{path}} {{pth}} {{whatever}}']}]\n",
        &[
            "3:56 heal::unknown-variable ‹pth› unknown variable `pth` → did you mean `path`?",
            "3:64 heal::unknown-variable ‹whatever› unknown variable `whatever` → known here: path",
        ],
    );
    check(
        "heal: 1\nname: t\nvars: {a: {b: 1}}\nfiles: [{path: x, tier: create, content: '{{a.b}} {{vars.a.b}} {{vars.a.c}} {{vars.z}}'}]\n",
        &[
            "4:66 heal::unknown-variable ‹vars.a.c› unknown variable `vars.a.c` → known here: b",
            "4:79 heal::unknown-variable ‹vars.z› unknown variable `vars.z` → known here: a",
        ],
    );
}

#[test]
fn what_find_binds() {
    let found = "  - {find: {files: a, regex: '(?<k>b)'}, as: home}\n";
    check(
        &steps(&format!(
            "{found}  - guide: '{{{{home.path}}}} {{{{home.k}}}} {{{{home.pth}}}} {{{{home.path.x}}}}'"
        )),
        &[
            "9:40 heal::unknown-variable ‹home.pth› unknown variable `home.pth` → did you mean `home.path`?",
            "9:53 heal::unknown-variable ‹home.path.x› unknown variable `home.path.x` → `home.path` is plain text and has no parts; write `{{home.path}}`",
        ],
    );
    check(
        &steps(&format!("  - guide: '{{{{home.path}}}}'\n{found}")),
        &["8:15 heal::unknown-variable ‹home.path› unknown variable `home.path` → known here: name, python"],
    );
}

#[test]
fn what_an_edit_captures() {
    check(
        &steps("  - edit: {file: a, regex: '(?<k>b)', replace: '{{k}}{{name}}{{j}}'}"),
        &[
            "8:64 heal::missing-capture ‹j› no pattern of this rule captures `j` → capture it in the trigger: `(?<j>…)`",
        ],
    );
    check(
        &steps("  - find: {files: a, regex: '{{name}}(?<k>b'}\n    as: b"),
        &[
            r#"8:38 heal::regex ‹(› this pattern does not compile: unclosed group → write `\(` or `\)` for the character itself"#,
        ],
    );
}

#[test]
fn blocks() {
    let file = |content: &str| {
        format!(
            "heal: 1\nname: t\nvars: {{a: 1}}\nsources: {{todo: {{file: a, lines: '(?<number>b)'}}}}\nfiles:\n- path: x\n  tier: create\n  content: '{content}'\n"
        )
    };
    check(
        &file(
            "{{#each todo}}{{number}} {{@index}} {{nmber}} {{this.number}} {{this.nmber}} {{../path}}{{/each}}",
        ),
        &[
            "8:51 heal::unknown-variable ‹nmber› unknown variable `nmber` → did you mean `number`?",
            "8:77 heal::unknown-variable ‹this.nmber› unknown variable `this.nmber` → did you mean `this.number`?",
        ],
    );
    check(
        &file("{{#each todo as |t i|}}{{t.number}} {{i}} {{t.nmber}}{{/each}} {{t}}"),
        &[
            "8:57 heal::unknown-variable ‹t.nmber› unknown variable `t.nmber` → did you mean `t.number`?",
            "8:78 heal::unknown-variable ‹t› unknown variable `t` → known here: a, path, todo, vars",
        ],
    );
    check(
        &file("{{#with vars as |v|}}{{v.a}}{{/with}}{{#if todo}}{{todo.[0].number}}{{todo.length}}{{/if}}"),
        &[],
    );
    check(
        &file("{{lookup vars \"a\"}}{{count tdo}}{{json (max todo \"number\")}}"),
        &["8:40 heal::unknown-variable ‹tdo› unknown variable `tdo` → did you mean `todo`?"],
    );
}

#[test]
fn values() {
    check(
        &steps("  - set: {file: a.json, key: 'a.{{nme}}', value: {x: ['{{name}}', '{{nam}}'], y: 1}}"),
        &[
            "8:35 heal::unknown-variable ‹nme› unknown variable `nme` → did you mean `name`?",
            "8:70 heal::unknown-variable ‹nam› unknown variable `nam` → did you mean `name`?",
        ],
    );
    check(
        &steps("  - run: {argv: ['{{nme}}'], env: {A: '{{nme}}'}, cwd: '{{nme}}', creates: '{{nme}}'}"),
        &[
            "8:21 heal::unknown-variable ‹nme› unknown variable `nme` → did you mean `name`?",
            "8:42 heal::unknown-variable ‹nme› unknown variable `nme` → did you mean `name`?",
            "8:59 heal::unknown-variable ‹nme› unknown variable `nme` → did you mean `name`?",
            "8:79 heal::unknown-variable ‹nme› unknown variable `nme` → did you mean `name`?",
        ],
    );
}

/// Where rules are looked for nothing is called: a helper there would keep its rule from ever matching.
#[test]
fn a_trigger_fills_in_names() {
    let rule = |trigger: &str| {
        let all = format!("{{all: [{{output: 'in (?<file>\\S+)'}}, {trigger}]}}");
        format!(
            "heal: 1\nname: demo\nvars: {{dir: a}}\nrules:\n  - id: a\n    title: t\n    trigger: {all}\n"
        )
    };
    check(&rule("{file: {path: '{{vars.dir}}/{{file}}', is: present}}"), &[]);
    let told = |place: &str, tag: &str| {
        format!(
            "{place} heal::template ‹{tag}› a trigger fills in names alone → write `{{{{name}}}}` of a capture or a variable; \
             helpers count in steps, and in a step's `when`"
        )
    };
    check(
        &rule("{not: {value: {is: 'a{{default file \"\"}}', equals: b}}}"),
        &[&told("7:71", "{{default file \"\"}}")],
    );
    check(
        &rule("{any: [{file: {path: '{{#if file}}a{{/if}}', is: present}}]}"),
        &[&told("7:72", "{{#if file}}")],
    );
}
