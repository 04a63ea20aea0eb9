//! What a playbook can say, and what would not do what it seems to.

use crate::{check, rule, steps};

#[test]
fn variables_that_decide_what_runs() {
    check(
        &steps(
            "  - run: {argv: [python, -m, x], env: {PYTHONPATH: src, CI: '1'}}\n  - run: {shell: make, env: {LD_PRELOAD: x}}",
        ),
        &[
            "8:40 heal::deciding-variable ‹PYTHONPATH› `PYTHONPATH` decides what other programs run, so `env` can't set it → write it into the command: `[env, PYTHONPATH=…, python, …]`",
            "9:30 heal::deciding-variable ‹LD_PRELOAD› `LD_PRELOAD` decides what other programs run, so `env` can't set it → write it into the shell text: `LD_PRELOAD=… PROGRAM`",
        ],
    );
}

#[test]
fn patterns_that_are_found_everywhere() {
    for pattern in ["'.*'", "'\\s*'", "'(?<a>x?)'", "{regex: '^.*$'}"] {
        let found = if pattern.starts_with('{') { "6:29" } else { "6:21" };
        let text = pattern.trim_start_matches("{regex: ").trim_end_matches('}');
        let said = format!(
            "{found} warning: heal::everywhere ‹{text}› this pattern is found on every line → write what the failure's line holds"
        );
        check(&rule(&format!("  trigger: {{output: {pattern}}}")), &[&said]);
    }
    check(&rule("  trigger: {output: '^$'}"), &[]);
    check(&rule("  trigger: {output: {regex: '.*', exit: 3}}"), &[]);
    check(&rule("  trigger: {output: {lines: ['a', '.*', 'b']}}"), &[]);
}

#[test]
fn shell_text() {
    check(
        &steps("  - run: {shell: 'echo {{name}}'}"),
        &[
            r#"8:24 heal::shell-template ‹{{name}}› shell text is never filled in → write `"$HEAL_CAP_name"`, or use `argv:`"#,
        ],
    );
}
