//! What `why` says of a rule that did not match.

use crate::support::{lines, playbook, regex};
use heal_match::{Matcher, NearMiss};
use heal_model::{
    Absence, Count, Diagnostic, DiagnosticTrigger, ExitCodes, FileIs, FileTrigger, Level, MemoryWorld,
    Observation, OutputTrigger, RuleId, Template, Trigger,
};

fn render(near: &NearMiss) -> String {
    let mut out = vec![if near.matched { "matched" } else { "not matched" }.to_owned()];
    for condition in &near.conditions {
        out.push(format!("{} {}", if condition.met { "+" } else { "-" }, condition.text));
    }
    if let Some(closest) = &near.closest {
        out.push(format!("{}: {}", closest.line, closest.text));
        out.push(format!("has `{}` lacks `{}`", closest.matched, closest.missing));
        out.extend((!closest.instead.is_empty()).then(|| format!("instead `{}`", closest.instead)));
    }
    out.join("\n")
}

#[track_caller]
fn check(trigger: Trigger, input: &str, expected: &[&str]) {
    let matcher = Matcher::new(&[playbook(vec![("r", trigger)])]);
    let world = MemoryWorld::with_files([("a.py", "")]);
    let observation = Observation { command: Some("pytest -q".to_owned()), exit: Some(1), stream: None };
    let near = matcher.why(&RuleId::new("t", "r"), &mut input.as_bytes(), &observation, &world);
    let near = near.expect("memory can be read").expect("the rule is there");
    assert_eq!(render(&near), expected.join("\n"));
}

#[test]
fn the_line_that_fits_the_longest_start() {
    let wanted = lines(&["ImportError: cannot import name '(?<name>\\w+)' from '(?<module>[\\w.]+)'"]);
    check(
        Trigger::Output(wanted),
        "ImportError: no\nImportError: cannot import name 'x'\nImportError: cannot import\n",
        &[
            "not matched",
            "- a line with `ImportError: cannot import name '(?<name>\\w+)' from '(?<module>[\\w.]+)'`",
            "2: ImportError: cannot import name 'x'",
            "has `ImportError: cannot import name 'x'` lacks ` from '(?<module>[\\w.]+)'`",
        ],
    );
}

#[test]
fn the_line_that_holds_the_most_words() {
    check(
        Trigger::Output(lines(&["^(?<file>\\S+) fixture '(?<name>\\w+)' not found"])),
        "ok\nE       fixture not known\n",
        &[
            "not matched",
            "- a line with `^(?<file>\\S+) fixture '(?<name>\\w+)' not found`",
            "2: E       fixture not known",
            "has `fixture … not` lacks `found`",
        ],
    );
    check(
        Trigger::Output(lines(&["(?<file>\\S+): permission denied$"])),
        "x: Permission denied\n",
        &[
            "not matched",
            "- a line with `(?<file>\\S+): permission denied$`",
            "1: x: Permission denied",
            "has `denied` lacks `permission`",
            "instead `Permission`",
        ],
    );
    check(Trigger::Output(lines(&["abc"])), "x\n", &["not matched", "- a line with `abc`"]);
}

#[test]
fn a_line_that_goes_on_otherwise() {
    check(
        Trigger::Output(lines(&["connect (?<host>\\w+): refused"])),
        "refused: connect\nconnect db-1: refused\n",
        &[
            "not matched",
            "- a line with `connect (?<host>\\w+): refused`",
            "2: connect db-1: refused",
            "has `connect db` lacks `: refused`",
            "instead `-1: refused`",
        ],
    );
}

#[test]
fn how_far_apart_lines_are() {
    let wanted = OutputTrigger { within: Some(2), ..lines(&["a", "b", "c"]) };
    let order = |input: &str, expected: &str| {
        let found = ["not matched", "+ a line with `a`", "+ a line with `b`", "+ a line with `c`", expected];
        check(Trigger::Output(wanted.clone()), input, &found);
    };
    order(
        "a\n\na\nb\n\nb\nc\n\nc\n",
        "- these lines in this order, within 2 lines (the nearest are lines 3 to 7, which are 5)",
    );
    order("c\nb\na\n", "- these lines in this order, within 2 lines (they are there, in another order)");
}

#[test]
fn each_part_of_a_sequence() {
    let wanted = OutputTrigger {
        within: Some(2),
        not: Some(Absence { pattern: regex("skipped"), before: Some(1), after: None }),
        count: Some(Count { at_least: 2, within: None }),
        command: Some(regex("^cargo")),
        exit: Some(ExitCodes::Failure),
        ..lines(&["first", "second"])
    };
    check(
        Trigger::Output(wanted.clone()),
        "first\n\nsecond\n",
        &[
            "not matched",
            "- the command fits `^cargo` (it is `pytest -q`)",
            "+ the exit code is not 0 (it is 1)",
            "+ a line with `first`",
            "+ a line with `second`",
            "- these lines in this order, within 2 lines (the nearest are lines 1 to 3, which are 3)",
        ],
    );
    let wanted = OutputTrigger { command: None, exit: None, ..wanted };
    check(
        Trigger::Output(wanted.clone()),
        "skipped\nfirst\nsecond\n",
        &[
            "not matched",
            "+ a line with `first`",
            "+ a line with `second`",
            "+ these lines in this order, within 2 lines",
            "- no line with `skipped` within 1 line before (line 1 is one)",
            "- that at least 2 times (seen 0 times)",
        ],
    );
    check(
        Trigger::Output(OutputTrigger { not: None, ..wanted }),
        "first\nsecond\nfirst\nsecond\n",
        &[
            "matched",
            "+ a line with `first`",
            "+ a line with `second`",
            "+ these lines in this order, within 2 lines",
            "+ that at least 2 times (seen 2 times)",
        ],
    );
}

#[test]
fn the_state_of_things() {
    let present = Trigger::File(FileTrigger {
        path: Template::from("{{name}}.py"),
        is: Some(FileIs::Present),
        contains: None,
        lacks: None,
        invalid_against: None,
        older_than: None,
        larger_than: None,
    });
    let all = Trigger::All(vec![Trigger::Output(lines(&["no (?<name>\\w+)"])), present]);
    check(
        all.clone(),
        "no b\n",
        &["not matched", "+ a line with `no (?<name>\\w+)`", "- `{{name}}.py` is there"],
    );
    check(all, "no a\n", &["matched", "+ a line with `no (?<name>\\w+)`", "+ `{{name}}.py` is there"]);
}

#[test]
fn the_way_that_came_closest() {
    let any = vec![Trigger::Output(lines(&["one", "two"])), Trigger::Output(lines(&["three"]))];
    check(
        Trigger::Any(any),
        "one\n",
        &[
            "not matched",
            "+ a line with `one`",
            "- a line with `two`",
            "- these lines in this order, each directly after the last",
        ],
    );
}

#[test]
fn the_diagnostic_that_came_closest() {
    let trigger = DiagnosticTrigger {
        tool: Some("rustc".to_owned()),
        code: Some(regex("E0382")),
        message: Some(regex("use of moved value: `(?<what>\\w+)`")),
        ..DiagnosticTrigger::default()
    };
    let matcher = Matcher::new(&[playbook(vec![("r", Trigger::Diagnostic(trigger))])]);
    let other = Diagnostic::new("ruff", Level::Error, "nothing");
    let mut near = Diagnostic::new("rustc", Level::Error, "use of moved value: x");
    near.code = Some("E0382".to_owned());
    near.span.first_line = 7;
    let why = |diagnostics: &[Diagnostic]| {
        let near = matcher.why_not(&RuleId::new("t", "r"), diagnostics, &MemoryWorld::default());
        render(&near.expect("the rule is there"))
    };
    let expected = [
        "not matched",
        "+ a diagnostic",
        "+ the tool is rustc",
        "+ the code fits `E0382`",
        "- the message fits `use of moved value: `(?<what>\\w+)``",
        "7: use of moved value: x",
        "has `use of moved value: ` lacks ``(?<what>\\w+)``",
        "instead `x`",
    ];
    assert_eq!(why(&[other, near.clone()]), expected.join("\n"));
    near.code = None;
    near.message = "use of moved value: `x`".to_owned();
    let expected = [
        "not matched",
        "+ a diagnostic",
        "+ the tool is rustc",
        "- the code fits `E0382` (there is none)",
        "+ the message fits `use of moved value: `(?<what>\\w+)``",
        "7: use of moved value: `x`",
        "has `use of moved value: `x`` lacks ``",
    ];
    assert_eq!(why(&[near]), expected.join("\n"));
    let expected = "not matched\n- a diagnostic of which the tool is rustc, the code fits `E0382`, the message fits `use of moved value: `(?<what>\\w+)``";
    assert_eq!(why(&[]), expected);
}

#[test]
fn the_diagnostic_that_may_not_be_there() {
    let not = DiagnosticTrigger { code: Some(regex("^E")), ..DiagnosticTrigger::default() };
    let trigger = DiagnosticTrigger {
        tool: Some("rustc".to_owned()),
        not: Some(Box::new(not)),
        ..DiagnosticTrigger::default()
    };
    let matcher = Matcher::new(&[playbook(vec![("r", Trigger::Diagnostic(trigger))])]);
    let unused =
        Diagnostic { code: Some("unused".to_owned()), ..Diagnostic::new("rustc", Level::Warning, "x") };
    let error = Diagnostic { code: Some("E0412".to_owned()), ..Diagnostic::new("rustc", Level::Error, "y") };
    let why = |diagnostics: &[Diagnostic]| {
        let near = matcher.why_not(&RuleId::new("t", "r"), diagnostics, &MemoryWorld::default());
        render(&near.expect("the rule is there"))
    };
    let nowhere = "nowhere a diagnostic of which the code fits `^E`";
    let matched = format!("matched\n+ a diagnostic\n+ the tool is rustc\n+ {nowhere}");
    assert_eq!(why(std::slice::from_ref(&unused)), matched);
    let expected =
        format!("not matched\n+ a diagnostic\n+ the tool is rustc\n- {nowhere}\n0: x\nhas `` lacks ``");
    assert_eq!(why(&[unused, error]), expected);
}
