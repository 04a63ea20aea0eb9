//! What holds of every stream: no bytes make a scan fail, how they arrive does not matter, and neither does the
//! prefilter.

use std::io::{BufRead, Read, Result};
use std::sync::LazyLock;

use heal_match::{Matcher, Seen};
use heal_model::{Absence, Observation, OutputTrigger, Trigger};
use heal_pattern::Compiled;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::{collection, prop_assert_eq};

use crate::support::{lines, playbook, regex};

/// Gives its bytes in pieces of these sizes, over and over.
struct Chunks<'a> {
    bytes: &'a [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Read for Chunks<'_> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let size = self.sizes.next().copied().unwrap_or(1).clamp(1, into.len().max(1));
        self.bytes.by_ref().take(size as u64).read(into)
    }
}

impl BufRead for Chunks<'_> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        Ok(self.bytes)
    }

    fn consume(&mut self, amount: usize) {
        self.bytes = &self.bytes[amount..];
    }
}

fn scan(matcher: &Matcher, input: &mut dyn BufRead) -> Seen {
    matcher.scan(input, &Observation::default(), &mut |_| {}).expect("memory can be read")
}

fn matcher(sources: &[&str]) -> Matcher {
    let mut rules: Vec<(String, Trigger)> = Vec::new();
    for (n, source) in sources.iter().enumerate() {
        rules.push((format!("r{n}"), Trigger::Output(lines(&[source]))));
    }
    let sequence = OutputTrigger {
        within: Some(4),
        not: Some(Absence { pattern: regex("calm"), before: Some(1), after: Some(2) }),
        ..lines(&["error", "?^ +at", "\\d"])
    };
    rules.push(("sequence".to_owned(), Trigger::Output(sequence)));
    Matcher::new(&[playbook(rules.iter().map(|(id, trigger)| (id.as_str(), trigger.clone())).collect())])
}

const SOURCES: [&str; 10] = [
    "error: (?<what>\\w+)",
    "words of a log that (?<x>\\w+)",
    "(?i)warning",
    "^\\s+at (?<file>\\S+):(?<line>\\d+)",
    "naïve|calm",
    "[a-z]{3}\\d",
    "^$",
    "colou?r map (?<x>.)",
    "\\bno\\b",
    "(?<w>\\w+) \\k<w>",
];

fn words() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("error: bad"),
        Just("WARNing"),
        Just(" at a.py:3"),
        Just("naïve"),
        Just("calm"),
        Just("abc1"),
        Just("\n"),
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("\u{1b}[31m"),
        Just("\u{1b}[0m"),
        Just(" "),
        Just("color map"),
        Just("no"),
        Just("no no"),
        Just("\u{feff}"),
        Just("\0"),
        Just("x"),
        Just("\u{1b}]8;;u\u{7}"),
    ];
    let bytes = collection::vec(any::<u8>(), 0..4);
    let part = prop_oneof![8 => word.prop_map(|word| word.as_bytes().to_vec()), 1 => bytes];
    collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

static ALL: LazyLock<Matcher> = LazyLock::new(|| matcher(&SOURCES));
static EACH: LazyLock<Vec<(&str, Compiled, Matcher)>> = LazyLock::new(|| {
    let compiled = |source| Compiled::new(&regex(source)).expect("it compiles");
    SOURCES.map(|source| (source, compiled(source), matcher(&[source]))).into()
});

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_any_pieces(input in words(), sizes in collection::vec(1..40usize, 1..5)) {
        let whole = scan(&ALL, &mut &*input);
        let mut chunks = Chunks { bytes: &input, sizes: sizes.iter().cycle() };
        prop_assert_eq!(&whole, &scan(&ALL, &mut chunks));
        prop_assert_eq!(whole.bytes, input.len() as u64);
        prop_assert_eq!(whole.lines, input.split_inclusive(|byte| *byte == b'\n').count() as u64);
    }

    #[test]
    fn the_prefilter_loses_nothing(text in plain()) {
        for (source, compiled, matcher) in &*EACH {
            prop_assert_eq!(seen(matcher, &text), expected(compiled, &text), "{} on {:?}", source, text);
        }
    }

    #[test]
    fn of_no_pattern((source, text) in pattern_and_text()) {
        let compiled = Compiled::new(&regex(&source)).expect("it compiles");
        prop_assert_eq!(seen(&matcher(&[&source]), &text), expected(&compiled, &text), "{} on {:?}", source, text);
    }
}

/// How often the first rule was found.
fn seen(matcher: &Matcher, text: &str) -> usize {
    let seen = scan(matcher, &mut text.as_bytes());
    let of_rule = seen.findings.iter().filter(|finding| finding.rule.rule() == "r0");
    of_rule.map(|finding| finding.count as usize).sum()
}

/// On how many lines of plain text a pattern is found, the slow way.
fn expected(compiled: &Compiled, text: &str) -> usize {
    text.lines().filter(|line| compiled.is_match(line.as_bytes())).count()
}

/// Patterns of parts, and lines that hold some of the same.
fn pattern_and_text() -> impl Strategy<Value = (String, String)> {
    let part = prop_oneof![
        Just("connection "),
        Just("refused"),
        Just("\\w+"),
        Just("(?:by peer|at port)"),
        Just("[xy]"),
        Just(" ?"),
        Just("(?i:Timeout)"),
        Just("\\b"),
        Just("é"),
        Just("(?:no){2}"),
        Just(".*"),
        Just("^"),
        Just("$"),
    ];
    let piece = prop_oneof![
        4 => Just("\n"),
        2 => Just(" "),
        1 => Just("connection "),
        1 => Just("refused"),
        1 => Just("by peer"),
        1 => Just("at port"),
        1 => Just("x"),
        1 => Just("TIMEOUT"),
        1 => Just("timeout"),
        1 => Just("é"),
        1 => Just("nono"),
    ];
    let source = collection::vec(part, 1..6).prop_map(|parts| parts.concat());
    let text = collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat());
    (source, text)
}

fn plain() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("error: bad"),
        Just("WARNing"),
        Just(" at a.py:3"),
        Just("naïve"),
        Just("calm"),
        Just("abc1"),
        Just("\n"),
        Just("\n"),
        Just(" "),
        Just("colour map x"),
        Just("color map"),
        Just("no"),
        Just("no no"),
        Just("x"),
        Just("err"),
        Just("warn"),
        Just("ing"),
        Just("é"),
        Just("some more words of a log that say nothing at all"),
    ];
    collection::vec(word, 0..80).prop_map(|words| words.concat())
}

#[test]
fn blocks_and_long_lines_join_up() {
    let matcher = &*ALL;
    let mut input = Vec::new();
    for n in 0..9_000_usize {
        let fill = "all is well here, ".repeat(n % 7);
        input.extend_from_slice(format!("{n} {fill}\n").as_bytes());
        if n % 500 == 0 {
            input.extend_from_slice(format!("error: e{n}\r\n at x.py:{n}\n").as_bytes());
        }
        if n % 3_000 == 1 {
            input.extend_from_slice(&b"long ".repeat(20_000 * n.min(10)));
            input.extend_from_slice(b"\r\x1b[1merror: after\x1b[m\n");
        }
    }
    let whole = scan(matcher, &mut &*input);
    assert_eq!(whole.findings.iter().filter(|finding| finding.rule.rule() == "r0").count(), 19);
    for sizes in [&[1_000_usize, 70_000, 3][..], &[262_144], &[300_000, 1]] {
        let mut chunks = Chunks { bytes: &input, sizes: sizes.iter().cycle() };
        assert_eq!(scan(matcher, &mut chunks), whole);
    }
}
