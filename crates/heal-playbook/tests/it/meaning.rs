//! What has the shape of a playbook and no sense.

use crate::{check, rule, steps};

#[test]
fn patterns() {
    check(
        &rule("  trigger: {output: 'a(b'}"),
        &[
            r#"6:23 heal::regex ‹(› this pattern does not compile: unclosed group → write `\(` or `\)` for the character itself"#,
        ],
    );
    check(
        &rule("  trigger: {output: \"caf\\xe9 \\\\d+ [z\"}"),
        &[
            r#"6:35 heal::regex ‹[› this pattern does not compile: unclosed character class → write `\[` for the character itself"#,
        ],
    );
    check(
        &rule("  trigger:\n    output:\n      regex: |-\n        a+\n      not: >-\n        b c\n        d)"),
        &[
            r#"12:10 heal::regex ‹)› this pattern does not compile: unopened group → write `\(` or `\)` for the character itself"#,
        ],
    );
    check(
        &rule("  trigger: {output: '(?<a>x)(?<a>y)'}"),
        &[
            "6:32 heal::regex ‹a› this pattern does not compile: duplicate capture group name → give each group a name of its own; `(?:…)` groups without one",
        ],
    );
    check(
        &rule("  trigger: {output: '(?:\\pL{500}){500}'}"),
        &[
            r#"6:21 heal::regex ‹'(?:\pL{500}){500}'› this pattern does not compile: the pattern compiles to more than 1024 KiB; repeat less, or leave out `unicode: true` → repeat less, or look for less"#,
        ],
    );
    check(
        &rule("  trigger: {output: 'a(?!b)'}"),
        &[
            "6:21 advice: heal::backtracking ‹'a(?!b)'› this pattern is searched by backtracking → it is slower, and given up on a line that takes too long; a `not:` may do the same",
        ],
    );
    check(
        &rule("  trigger: {output: ''}"),
        &[
            "6:21 heal::empty ‹''› the pattern is empty: it would be found everywhere → write what the line holds",
        ],
    );
    check(
        &rule("  trigger: {output: 'a\\nb'}"),
        &[
            r#"6:23 heal::line-break ‹\n› this pattern holds a line break → write one pattern a line: under `lines:`, or under `sequence:` with `within:`"#,
        ],
    );
    check(
        &rule(
            "  trigger:\n    output:\n      lines:\n      - text: |\n          a\n      - {regex: 'a[^\\n]', optional: true}",
        ),
        &[
            "10:11 heal::line-break ‹a› this pattern holds a line break → take it out; in a block, write `|-` instead of `|`",
        ],
    );
}

#[test]
fn advice_hides_no_rule_and_no_error() {
    let rules: String =
        (0..150).map(|n| format!("- {{id: r{n}, title: t, trigger: {{output: 'a(?!b)'}}}}\n")).collect();
    let fine = format!("heal: 1\nname: t\nrules:\n{rules}");
    let loaded = crate::load(fine.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((loaded.playbook.rules.len(), loaded.warnings.len()), (150, 100));
    let wrong = format!("{fine}- {{id: last, title: t, trigger: {{output: '('}}}}\n");
    check(
        &wrong,
        &[
            r#"154:43 heal::regex ‹(› this pattern does not compile: unclosed group → write `\(` or `\)` for the character itself"#,
        ],
    );
}

#[test]
fn sequences() {
    check(
        &rule("  trigger: {output: {sequence: [a, b]}}"),
        &[
            "6:32 heal::within ‹[a, b]› `sequence` needs `within` → add `within: 20 lines`, or use `lines:` for lines that follow each other directly",
        ],
    );
    check(
        &rule("  trigger: {output: {lines: [{text: a, optional: true}, b], within: 3}}"),
        &[
            "6:30 heal::invalid-value ‹{text: a, optional: true}› the first line can't be optional → leave it out: the others match without it",
            "6:69 heal::within ‹3› `within` belongs to `sequence` → take it out, or use `sequence:`",
        ],
    );
}

#[test]
fn conditions() {
    check(
        &rule("  trigger: {output: a}\n  verify: {conditions: [{not: {any: [{env: A}, {output: b}]}}]}"),
        &[
            "7:49 heal::condition ‹output› a condition can't look for `output` → put it into the rule's `trigger`; a condition looks at files, documents, processes, the environment or values",
        ],
    );
    check(
        &steps("  - {guide: a, when: {diagnostic: {code: a}}}"),
        &[
            "8:23 heal::condition ‹diagnostic› a condition can't look for `diagnostic` → put it into the rule's `trigger`; a condition looks at files, documents, processes, the environment or values",
        ],
    );
    check(
        "heal: 1\nname: t\nfiles: [{path: a, tier: optional, when: {output: a}}]\n",
        &[
            "3:42 heal::condition ‹output› a condition can't look for `output` → put it into the rule's `trigger`; a condition looks at files, documents, processes, the environment or values",
        ],
    );
}

#[test]
fn paths_and_globs() {
    check(
        &steps(
            "  - delete: /etc/passwd\n  - {copy: {from: ../a, to: 'a\\b'}}\n  - {create: {path: '', content: a}}",
        ),
        &[
            "8:13 heal::path-outside ‹/etc/passwd› a path must be relative to the project → write a path from the project's root, such as `src/main.py`",
            "9:19 heal::path-outside ‹..› a path must not climb with `..` → write a path from the project's root, such as `src/main.py`",
            r#"9:31 heal::path-outside ‹\› a path must not hold `\` → write `/` between the parts of a path"#,
            "10:21 heal::path-outside ‹''› a path must name something → write a path from the project's root, such as `src/main.py`",
        ],
    );
    check(
        &steps("  - edit: {files: ['src/[a', '../*.py'], search: a, replace: b}"),
        &[
            "8:20 heal::glob ‹'src/[a'› this is not a glob: unclosed character class; missing ']' → `*` stands for a name, `**` for folders, `{a,b}` for either; write `[[]` for `[`",
            "8:31 heal::path-outside ‹..› a path must not climb with `..` → write a path from the project's root, such as `src/main.py`",
        ],
    );
    check(
        &steps("  - {delete: 'a/{{name}}/../b'}\n  - {delete: '/{{name}}'}\n  - {delete: '{{name}}/b'}"),
        &[
            "8:26 heal::path-outside ‹..› a path must not climb with `..` → write a path from the project's root, such as `src/main.py`",
            "9:14 heal::path-outside ‹'/{{name}}'› a path must be relative to the project → write a path from the project's root, such as `src/main.py`",
        ],
    );
    check(
        &rule(
            "  trigger: {output: a}\n  tests: [{output: a, files: {../a: b}, expect: {files: {/b: c, d: ~}}}]",
        ),
        &[
            "7:31 heal::path-outside ‹../a› a path must not climb with `..` → write a path from the project's root, such as `src/main.py`",
            "7:58 heal::path-outside ‹/b› a path must be relative to the project → write a path from the project's root, such as `src/main.py`",
        ],
    );
    check(
        "heal: 1\nname: t\nlearning: {pattern_file: ~/learned.yaml}\n",
        &[
            "3:26 heal::path-outside ‹~/learned.yaml› a path must be relative to the project → write a path from the project's root, such as `src/main.py`",
        ],
    );
    check(
        "heal: 1\nname: t\nlearning: {pattern_file: ../learned.yaml}\n",
        &[
            "3:26 heal::path-outside ‹..› a path must not climb with `..` → write a path from the project's root, such as `src/main.py`",
        ],
    );
    check(
        &rule("  trigger: {diagnostic: {file: 'a{b'}}"),
        &[
            "6:32 heal::glob ‹'a{b'› this is not a glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?) → `*` stands for a name, `**` for folders, `{a,b}` for either; write `[[]` for `[`",
        ],
    );
}

#[test]
fn json_paths() {
    check(
        &rule("  trigger: {document: {file: a.json, select: '$.a[?'}}"),
        &[
            "6:47 heal::jsonpath ‹$.a[?› this is not a JSONPath → write a path such as `$.tasks[*].status` (RFC 9535)",
        ],
    );
    check(
        "heal: 1\nname: t\nsources: {a: {file: a.json, select: a.b}}\n",
        &[
            "3:37 heal::jsonpath ‹a.b› this is not a JSONPath → write a path such as `$.tasks[*].status` (RFC 9535)",
        ],
    );
}

#[test]
fn tiers() {
    let file = |keys: &str| format!("heal: 1\nname: t\nfiles: [{{path: a, {keys}}}]\n");
    check(
        &file("tier: create"),
        &[
            "3:9 heal::tier ‹{path: a, tier: create}› `tier: create` needs `template` or `content` → add `template: templates/…`, or `content:` with the text itself",
        ],
    );
    check(
        &file("tier: create, content: a, template: templates/state.json.hbs"),
        &[
            "3:42 heal::tier ‹a› `template` and `content` exclude each other → keep one; what is used when the template is missing is called `fallback`",
            "3:55 heal::unknown-variable ‹templates/state.json.hbs› templates/state.json.hbs:1: unknown variable `todo` → known here: path",
            "3:55 heal::unknown-variable ‹templates/state.json.hbs› templates/state.json.hbs:1: unknown variable `todo` → known here: path",
        ],
    );
    check(
        &file("tier: create, content: a, fallback: b, recover: [c]"),
        &[
            "3:55 heal::tier ‹b› `fallback` needs `template` → take it out: `content` is never missing",
            "3:58 heal::tier ‹recover› `recover` does not go with `tier: create` → take it out, or write `tier: require`",
        ],
    );
    check(
        &file("tier: require, content: a"),
        &[
            "3:34 heal::tier ‹content› `content` does not go with `tier: require` → take it out, or write `tier: create`",
        ],
    );
    check(
        &file("tier: optional, recover: [a], template: b"),
        &[
            "3:35 heal::tier ‹recover› `recover` does not go with `tier: optional` → take it out, or write `tier: require`",
            "3:49 heal::tier ‹template› `template` does not go with `tier: optional` → take it out, or write `tier: create`",
            "3:59 heal::missing-asset ‹b› there is no file b → write b, or name another file",
        ],
    );
    check(
        "heal: 1\nname: t\nfiles: [{path: 'a/*', tier: create, content: a, keep: {backups: 1}}]\n",
        &[
            "3:16 heal::tier ‹'a/*'› a file that is created needs a plain path → name the file, or write `tier: require` or `optional`",
            "3:55 heal::tier ‹{backups: 1}› `keep` needs a plain path → write an entry for each file that is kept",
        ],
    );
}

#[test]
fn assets() {
    let file = |keys: &str| format!("heal: 1\nname: t\nfiles: [{{path: a, tier: create, {keys}}}]\n");
    check(
        &file("template: templates/none.hbs"),
        &[
            "3:43 heal::missing-asset ‹templates/none.hbs› there is no file templates/none.hbs → write templates/none.hbs, or name another file",
        ],
    );
    check(
        &file("template: templates/none.hbs, fallback: a"),
        &[
            "3:43 warning: heal::missing-asset ‹templates/none.hbs› there is no file templates/none.hbs → until it is back, `fallback` takes its place",
        ],
    );
    check(
        &file("template: templates/bad.hbs"),
        &[
            "3:43 heal::unknown-variable ‹templates/bad.hbs› templates/bad.hbs:2: unknown variable `nme` → known here: path",
        ],
    );
    check(
        &file("template: ../a.hbs"),
        &[
            "3:43 heal::path-outside ‹..› a path must not climb with `..` → write a path from the project's root, such as `src/main.py`",
        ],
    );
    check(
        &file("content: a, schema: schemas/none.json"),
        &[
            "3:53 heal::missing-asset ‹schemas/none.json› there is no file schemas/none.json → write schemas/none.json, or name another file",
        ],
    );
    check(
        &file("content: a, schema: schemas/bad.schema.json"),
        &[
            r#"3:53 heal::schema ‹schemas/bad.schema.json› schemas/bad.schema.json is not a JSON Schema: at `/type`, "objekt" is not valid under any of the schemas listed in the 'anyOf' keyword → correct the file, or take the key out"#,
        ],
    );
    check(
        &file("content: a, schema: schemas/broken.json"),
        &[
            "3:53 heal::schema ‹schemas/broken.json› schemas/broken.json is not JSON: EOF while parsing an object at line 1 column 1 → correct the file, or take the key out",
        ],
    );
    check(
        &steps("  - create: {path: a, template: templates/none.hbs}"),
        &[
            "8:33 heal::missing-asset ‹templates/none.hbs› there is no file templates/none.hbs → write templates/none.hbs, or name another file",
        ],
    );
}

#[test]
fn names() {
    check(
        "heal: 1\nname: t\nrules:\n- {id: a, title: a, trigger: {env: A}}\n- {id: a, title: b, trigger: {env: B}}\n",
        &[
            "5:8 heal::duplicate-rule ‹a› there are two rules `t/a` → give this or the one in line 4 another id",
        ],
    );
    check(
        &steps("  - find: {files: a, text: b}\n  - {guide: a, as: b}"),
        &[
            "8:5 heal::binding ‹find: {files: a, text: b}› `find` needs `as` → add `as: found`; later steps then know `{{found.path}}`, `{{found.line}}` …",
            "9:20 heal::binding ‹b› only `find` has a result to name → take `as` out",
        ],
    );
    check(
        &steps(
            "  - choose: {question: a, options: [{name: yes, label: b, steps: [{guide: c}]}], default: 'no'}",
        ),
        &["8:91 heal::invalid-value ‹'no'› no option is named `no` → write `yes`"],
    );
    check(
        &steps("  - line: {file: a, absent: b, at: end}\n  - line: {file: a, present: b, at: end, after: c}"),
        &[
            "8:32 heal::exactly-one ‹at› `at` is one place too many → a line that must be there has one of `at`, `after` and `before`; one that must not, none",
            "9:42 heal::exactly-one ‹after› `after` is one place too many → a line that must be there has one of `at`, `after` and `before`; one that must not, none",
        ],
    );
}

#[test]
fn captures() {
    check(
        &rule("  trigger: {output: '(?<name>a)'}\n  captures: {nmae: path, other: int}"),
        &[
            "7:14 heal::missing-capture ‹nmae› no pattern of this rule captures `nmae` → did you mean `name`?",
            "7:26 heal::missing-capture ‹other› no pattern of this rule captures `other` → capture it in the trigger: `(?<other>…)`",
        ],
    );
    check(
        &rule("  trigger: {output: '(?<name>a)'}\n  tests: [{output: a, expect: {captures: {nam: b}}}]"),
        &["7:43 heal::missing-capture ‹nam› no pattern of this rule captures `nam` → did you mean `name`?"],
    );
    check(
        &rule(
            "  trigger: {rate: {file: a, record: '(?<who>a)', failing: b, over: 10%, by: user, window: 1h}}",
        ),
        &[
            "6:77 heal::missing-capture ‹user› `record` does not capture `user` → capture it in `record`: `(?<user>…)`",
            "6:91 heal::missing-capture ‹1h› `record` does not capture `time` → capture it in `record`: `(?<time>…)`",
        ],
    );
    check(
        "heal: 1\nname: t\nsources: {a: {file: a, lines: '^a'}}\n",
        &[
            "3:31 heal::missing-capture ‹'^a'› this pattern captures nothing → name what is taken: `(?<title>.+)`",
        ],
    );
}
