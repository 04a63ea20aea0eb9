use std::sync::LazyLock;

use regex::Regex;

/// What changes from run to run: an operation's id, a time of the log.
static CHANGES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b01[0-9a-hjkmnp-tv-z]{8}\b|\b\d{4}-\d\d-\d\d \d\d:\d\d\b").expect("it is written here")
});

/// Whether a text is as expected: `[..]` is anything within a line, a line `...` any lines.
pub(super) fn fits(expected: &str, text: &str) -> bool {
    let (expected, text): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), text.lines().collect());
    lines_fit(&expected, &text)
}

/// A text with what changes from run to run left open.
pub(super) fn elided(text: &str) -> String {
    let text = CHANGES.replace_all(text, "[..]").into_owned();
    if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
}

fn lines_fit(expected: &[&str], text: &[&str]) -> bool {
    match (expected.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((&"...", rest)), _) => (0..=text.len()).any(|skipped| lines_fit(rest, &text[skipped..])),
        (Some((one, expected)), Some((line, text))) => line_fits(one, line) && lines_fit(expected, text),
        _ => false,
    }
}

fn line_fits(expected: &str, line: &str) -> bool {
    let mut pieces = expected.trim_end().split("[..]");
    let line = line.trim_end();
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[test]
fn elisions() {
    assert!(fits("a [..] c\n...\nend\n", "a b c\nx\ny\nend\n"));
    assert!(fits("...\n", ""));
    assert!(!fits("a [..] c\n", "a b d\n") && !fits("a\n", "a\nb\n") && !fits("a\nb\n", "a\n"));
    assert_eq!(elided("undo 01m7yfa6ze, 2026-11-21 07:14"), "undo [..], [..]\n");
}
