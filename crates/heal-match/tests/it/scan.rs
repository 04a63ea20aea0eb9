//! What is found in a stream of output, whole findings compared.

use crate::support::{lines, playbook, regex, show};
use heal_match::{Event, Matcher, Seen};
use heal_model::{
    Absence, Action, Count, ExitCodes, Observation, OutputTrigger, Patch, Step, Stream, Trigger,
};

fn scan(rules: Vec<(&str, OutputTrigger)>, input: &[u8], observation: &Observation) -> Seen {
    let rules = rules.into_iter().map(|(id, trigger)| (id, Trigger::Output(trigger))).collect();
    let mut told = Vec::new();
    let seen = Matcher::new(&[playbook(rules)])
        .scan(&mut &*input, observation, &mut |event| told.push(event))
        .expect("memory can be read");
    let mut counted: Vec<_> = Vec::new();
    for event in told {
        match event {
            Event::Found(finding) => counted.push(finding),
            Event::Again(place, span) => counted[place].repeat(span),
        }
    }
    assert_eq!(counted, seen.findings, "what is told is what is given");
    seen
}

fn render(seen: &Seen) -> String {
    let findings = seen.findings.iter().map(show);
    let doubts = seen.doubts.iter().map(|doubt| format!("? {}", doubt.message));
    let capped = seen.capped.iter().map(|(rule, times)| format!("{}: {times} more", rule.rule()));
    findings.chain(doubts).chain(capped).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(trigger: OutputTrigger, input: impl AsRef<[u8]>, expected: &str) {
    let seen = scan(vec![("r", trigger)], input.as_ref(), &Observation::default());
    assert_eq!(render(&seen), expected.trim());
}

#[test]
fn one_line_with_captures() {
    check(
        lines(&["^(?<file>[^:]+):(?<line>\\d+): error: (?<what>.*)"]),
        "ok\nsrc/a.py:3: error: no\nend",
        r#"r 2-2@3..24 file="src/a.py" line="3" what="no" at src/a.py:3 | src/a.py:3: error: no"#,
    );
    check(lines(&["error"]), "", "");
    check(lines(&["error"]), "error", "r 1-1@0..5 | error");
    check(lines(&["^$"]), "\n\nx", "r 1-1@0..0 |  ×2");
}

#[test]
fn the_same_is_folded_and_the_many_are_capped() {
    check(
        lines(&["no (?<x>[a-z]+)"]),
        "no a\nno b\nno a no b\n",
        "r 1-1@0..4 x=\"a\" | no a ×2\nr 2-2@5..9 x=\"b\" | no b",
    );
    let many: String = (0..150).map(|n| format!("no x{n}\n")).collect();
    let seen = scan(vec![("r", lines(&["no (?<x>\\w+)"]))], many.as_bytes(), &Observation::default());
    assert_eq!(
        (seen.findings.len(), seen.lines, render(&seen).lines().last()),
        (100, 150, Some("r: 50 more"))
    );
}

#[test]
fn lines_that_follow_each_other() {
    let two = || lines(&["^E  (?<a>\\w+)", "^F  (?<b>\\w+)"]);
    check(two(), "E  x\nF  y\n", "r 1-2@0..9 a=\"x\" b=\"y\" | E  x ⏎ F  y");
    check(two(), "E  x\n\nF  y\n", "");
    check(two(), "E  x\nE  z\nF  y\nF  y\n", "r 2-3@5..14 a=\"z\" b=\"y\" | E  z ⏎ F  y");
    let three = || lines(&["^one", "?^two", "^three"]);
    check(three(), "one\nthree\none\ntwo\nthree\none\nx\nthree", "r 1-2@0..9 | one ⏎ three ×2");
    check(lines(&["^one", "?^two"]), "one\ntwo\none\nx\none", "r 1-2@0..7 | one ⏎ two ×3");
    check(lines(&["?^one", "^two"]), "one\ntwo\nx\ntwo", "r 1-2@0..7 | one ⏎ two ×2");
}

#[test]
fn sequences_take_the_tightest_match() {
    let sequence = |sources: &[&str], within| OutputTrigger { within: Some(within), ..lines(sources) };
    let two = |within| sequence(&["^File (?<f>\\w)", "^Error (?<e>\\w)"], within);
    check(two(3), "File a\nFile b\n x\nError c\nError d", "r 2-4@7..24 e=\"c\" f=\"b\" | File b ⏎ Error c");
    check(two(3), "File a\n x\n x\nError c", "");
    check(two(4), "File a\n x\n x\nError c", "r 1-4@0..20 e=\"c\" f=\"a\" | File a ⏎ Error c");
    // A new first line starts anew: the second error's help is not the first one's.
    check(
        sequence(&["^error (?<a>\\w)", "^ at (?<b>\\w)", "^help (?<c>\\w)"], 9),
        "error a\n at x\nerror b\nhelp y\n at z\nhelp w",
        "r 3-6@14..41 a=\"b\" b=\"z\" c=\"w\" | error b ⏎  at z ⏎ help w",
    );
    check(
        sequence(&["^a", "?^b", "^c", "?^d"], 5),
        "a\nb\nx\nc\nd\na\nc\na\nc\nx\nx\nx\nd",
        "r 1-5@0..9 | a ⏎ b ⏎ c ⏎ d ×3",
    );
}

#[test]
fn for_one_first_line_the_first_of_each_later_one_counts() {
    let sequence = OutputTrigger { within: Some(9), ..lines(&["^error", "--> (?<file>\\S+)", "^help"]) };
    check(
        sequence,
        "error\n--> a.rs\nnote\n--> b.rs\nhelp\n",
        "r 1-5@0..33 file=\"a.rs\" at a.rs | error ⏎ --> a.rs ⏎ help",
    );
}

#[test]
fn a_rule_that_takes_a_diff_is_shown_all_of_it() {
    let long = "+".repeat(2_000);
    let input = format!("x\n--- a.py\n+++ a.py\n@@ -1 +1 @@\n-a\n{long}\n\n1 file would\nend\n");
    let trigger =
        OutputTrigger { within: Some(50), ..lines(&["^--- ", "^\\+\\+\\+ ", "^@@ ", "^\\d+ files? would"]) };
    let mut book = playbook(vec![("r", Trigger::Output(trigger))]);
    let action = Action::Patch(Patch { diff: None, strip: 0 });
    let step = Step::new(action);
    book.rules[0].steps = vec![step];
    let seen = Matcher::new(&[book])
        .scan(&mut input.as_bytes(), &Observation::default(), &mut |_| {})
        .expect("memory can be read");
    let excerpt: Vec<&str> = seen.findings[0].excerpt.iter().map(String::as_str).collect();
    assert_eq!(excerpt, ["--- a.py", "+++ a.py", "@@ -1 +1 @@", "-a", &long, "", "1 file would"]);
}

#[test]
fn what_must_not_be_near() {
    let not = |before, after| OutputTrigger {
        not: Some(Absence { pattern: regex("fixed"), before, after }),
        ..lines(&["^bad (?<n>\\d)"])
    };
    check(not(None, None), "bad 1\nbad 2\n", "r 1-1@0..5 n=\"1\" | bad 1\nr 2-2@6..11 n=\"2\" | bad 2");
    check(not(None, None), "bad 1\nx\nfixed\nbad 2\n", "");
    check(not(Some(2), None), "fixed\nx\nbad 1\nbad 2\nfixed", "r 4-4@14..19 n=\"2\" | bad 2");
    check(not(None, Some(1)), "bad 1\nfixed\nbad 2\nx\nfixed", "r 3-3@12..17 n=\"2\" | bad 2");
    check(not(Some(0), Some(0)), "bad 1 fixed\nfixed\nbad 2\nfixed", "r 3-3@18..23 n=\"2\" | bad 2");
}

#[test]
fn how_often() {
    let count = |at_least, within| OutputTrigger {
        count: Some(Count { at_least, within }),
        ..lines(&["slow (?<n>\\d)"])
    };
    check(count(3, None), "slow 1\nslow 2\n", "");
    check(count(3, None), "slow 1\nslow 2\nx\nslow 3\nslow 4", "r 1-4@0..22 n=\"3\" | slow 3 ×4");
    check(count(2, Some(2)), "slow 1\nx\nslow 2\nslow 3\nslow 4", "r 3-4@9..22 n=\"3\" | slow 3 ×3");
}

#[test]
fn only_some_outputs_are_looked_at() {
    let only = || OutputTrigger {
        command: Some(regex("^cargo ")),
        exit: Some(ExitCodes::Failure),
        stream: Some(Stream::Stderr),
        ..lines(&["error"])
    };
    let of = |command: &str, exit, stream| {
        let observation =
            Observation { command: Some(command.to_owned()), exit: Some(exit), stream: Some(stream) };
        scan(vec![("r", only())], b"error", &observation).findings.len()
    };
    assert_eq!(of("cargo test", 101, Stream::Stderr), 1);
    assert_eq!(of("pytest", 101, Stream::Stderr), 0);
    assert_eq!(of("cargo test", 0, Stream::Stderr), 0);
    assert_eq!(of("cargo test", 101, Stream::Stdout), 0);
    assert_eq!(scan(vec![("r", only())], b"error", &Observation::default()).findings.len(), 1);
}

#[test]
fn terminals_output_is_read_as_it_shows() {
    check(
        lines(&["^error: (?<x>.*)$"]),
        "\u{1b}[1;31mer\u{1b}[0mror: no\u{1b}[0m\r\nx",
        "r 1-1@0..24 x=\"no\" | error: no",
    );
    check(lines(&["^error$"]), "10%\r50%\rerror\nerror\r\n", "r 1-1@0..13 | error ×2");
    check(lines(&["^bad$"]), "\u{feff}bad\nx", "r 1-1@0..6 | bad");
    check(lines(&["^a.b"]), b"a\0b\xff\n", "r 1-1@0..4 | a\0b\u{fffd}");
    check(lines(&["caf. (?<x>\\w+)"]), b"\xff caf\xc3\xa9 x\n", "r 1-1@0..9 x=\"x\" | \u{fffd} caf\u{e9} x");
}

#[test]
fn long_lines_are_searched_at_their_start() {
    for len in [70_000, 300_000, 1_000_000] {
        let long = format!("ok\nfirst {} last\nlast\n", "x".repeat(len));
        let seen = scan(
            vec![("f", lines(&["^first"])), ("l", lines(&["last"]))],
            long.as_bytes(),
            &Observation::default(),
        );
        let shown: Vec<String> = seen.findings.iter().map(|finding| show(finding).replace('x', "")).collect();
        let end = len + 14;
        assert_eq!(
            shown,
            [format!("f 2-2@3..{end} | first "), format!("l 3-3@{}..{} | last", end + 1, end + 5)]
        );
        assert_eq!(seen.doubts[0].message, "line 2: only the first 64 KiB were searched");
    }
    // What a progress bar overwrites does not count.
    let bar = format!("{}\rerror\n", "#\r".repeat(400_000));
    check(lines(&["^error"]), bar, "r 1-1@0..800006 | error");
}

#[test]
fn one_finding_of_a_rule_for_each_line() {
    let any = Trigger::Any(vec![Trigger::Output(lines(&["(?<x>a)"])), Trigger::Output(lines(&["(?<y>b)"]))]);
    let mut none = |_| {};
    let seen = Matcher::new(&[playbook(vec![("r", any)])])
        .scan(&mut "a b\nb\n".as_bytes(), &Observation::default(), &mut none)
        .expect("memory can be read");
    assert_eq!(render(&seen), "r 1-1@0..3 x=\"a\" | a b\nr 2-2@4..5 y=\"b\" | b");
}

#[test]
fn what_can_not_be_decided_is_a_doubt() {
    check(
        lines(&["^(?:(?=a)a|aa)+$"]),
        format!("{}b\n", "a".repeat(64)),
        "? line 1: the pattern backtracks more than 10000 times",
    );
    check(lines(&["("]), "x", "? unclosed group");
}
