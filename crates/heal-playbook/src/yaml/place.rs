use std::ops::Range;

use granit_parser::ScalarStyle;

/// Where a part of a scalar's text is in its notation.
///
/// `raw` is the scalar as written, from the column `indent` on, and `text` what it means. The notation is read again,
/// noting for each byte of the text where it comes from; should that not give `text`, or nothing be there to show, the
/// answer is none and the caller shows the whole scalar.
pub(super) fn of(
    raw: &str,
    text: &str,
    style: ScalarStyle,
    indent: usize,
    part: &Range<usize>,
) -> Option<Range<usize>> {
    let mut trace = Trace { text: String::new(), from: Vec::new() };
    match style {
        ScalarStyle::SingleQuoted => single(raw, &mut trace),
        ScalarStyle::DoubleQuoted => double(raw, &mut trace),
        ScalarStyle::Literal | ScalarStyle::Folded => block(raw, text, indent, &mut trace),
        ScalarStyle::Plain => flow(raw, 0, &mut trace),
    }
    if !text.starts_with(&trace.text) {
        return None;
    }
    let start = trace.from.get(part.start)?.start;
    let last = trace.from.get(part.end.checked_sub(1)?)?;
    (start < last.end).then_some(start..last.end)
}

/// The text read so far, and where each of its bytes comes from.
struct Trace {
    text: String,
    from: Vec<Range<usize>>,
}

impl Trace {
    fn push(&mut self, c: char, from: Range<usize>) {
        self.text.push(c);
        self.from.extend(std::iter::repeat_n(from, c.len_utf8()));
    }

    /// Takes the blanks before a line break back.
    fn trim_to(&mut self, floor: usize) {
        let kept = self.text.trim_end_matches([' ', '\t']).len().max(floor);
        self.text.truncate(kept);
        self.from.truncate(kept);
    }
}

/// Folds the line break at `at` and all blanks after it; returns where the next line's text starts.
fn fold(raw: &str, at: usize, trace: &mut Trace) -> usize {
    let rest = &raw[at..];
    let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let breaks = rest[..blank].matches('\n').count();
    if breaks <= 1 {
        trace.push(' ', at..at + blank);
    } else {
        (1..breaks).for_each(|_| trace.push('\n', at..at + blank));
    }
    at + blank
}

fn flow(raw: &str, start: usize, trace: &mut Trace) {
    let mut at = start;
    while let Some(c) = raw[at..].chars().next() {
        if matches!(c, '\r' | '\n') {
            trace.trim_to(0);
            at = fold(raw, at, trace);
        } else {
            trace.push(c, at..at + c.len_utf8());
            at += c.len_utf8();
        }
    }
}

fn single(raw: &str, trace: &mut Trace) {
    let inner = &raw[..raw.len().saturating_sub(1)];
    let mut at = 1;
    while let Some(c) = inner.get(at..).and_then(|rest| rest.chars().next()) {
        if matches!(c, '\r' | '\n') {
            trace.trim_to(0);
            at = fold(inner, at, trace);
        } else {
            let len = if c == '\'' { 2 } else { c.len_utf8() };
            trace.push(c, at..at + len);
            at += len;
        }
    }
}

fn double(raw: &str, trace: &mut Trace) {
    let inner = &raw[..raw.len().saturating_sub(1)];
    let mut at = 1;
    let mut floor = 0;
    while let Some(c) = inner.get(at..).and_then(|rest| rest.chars().next()) {
        match c {
            '\\' => {
                at = escape(inner, at, trace);
                floor = trace.text.len();
            }
            '\r' | '\n' => {
                trace.trim_to(floor);
                at = fold(inner, at, trace);
            }
            _ => {
                trace.push(c, at..at + c.len_utf8());
                at += c.len_utf8();
            }
        }
    }
}

/// Reads the escape at `at`; returns where it ends.
fn escape(raw: &str, at: usize, trace: &mut Trace) -> usize {
    let Some(kind) = raw[at + 1..].chars().next() else { return raw.len() };
    let after = at + 1 + kind.len_utf8();
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '\r' | '\n' => {
            let rest = raw[after..].trim_start_matches('\n').trim_start_matches([' ', '\t']);
            return raw.len() - rest.len();
        }
        _ => {
            trace.push(simple(kind), at..after);
            return after;
        }
    };
    let code = raw.get(after..after + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
    let end = (after + digits).min(raw.len());
    trace.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER), at..end);
    end
}

fn simple(kind: char) -> char {
    match kind {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        't' => '\t',
        'n' => '\n',
        'v' => '\x0b',
        'f' => '\x0c',
        'r' => '\r',
        'e' => '\x1b',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        other => other,
    }
}

/// A block scalar, from its first character on: each character of the text is the next equal one of the notation;
/// indents, and line breaks that fold away, are skipped.
fn block(raw: &str, text: &str, indent: usize, trace: &mut Trace) {
    let body = text.trim_start_matches('\n');
    text[..text.len() - body.len()].chars().for_each(|c| trace.push(c, 0..0));
    let mut at = 0;
    for c in body.chars() {
        let line_end = |at: usize| raw.get(at..).is_some_and(|rest| rest.starts_with(['\r', '\n']));
        while line_end(at) && !matches!(c, ' ' | '\n') {
            at = next_line(raw, at, indent);
        }
        let Some(next) = raw.get(at..).and_then(|rest| rest.chars().next()) else { return };
        if c != next && !line_end(at) {
            return;
        }
        trace.push(c, at..at + next.len_utf8());
        at = if line_end(at) { next_line(raw, at, indent) } else { at + next.len_utf8() };
    }
}

/// Where the text of the line after the line end at `at` starts.
fn next_line(raw: &str, at: usize, indent: usize) -> usize {
    let start = at + if raw[at..].starts_with("\r\n") { 2 } else { 1 };
    let rest = raw.get(start..).unwrap_or_default();
    start + (rest.len() - rest.trim_start_matches(' ').len()).min(indent)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, prop, proptest};

    use crate::source::Source;
    use crate::yaml::{Node, parse};

    fn scalar(text: &str) -> (Source, Node) {
        let source = Source::new(text.to_owned());
        let (root, problems) = parse(&source);
        assert_eq!(problems, []);
        (source, root.expect("no problem, so a tree"))
    }

    /// What is written for each word of the value of `a`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (source, root) = scalar(text);
        let node = root.at("a");
        let serde_json::Value::String(value) = node.value() else { panic!("a text") };
        let words = value.split_whitespace().map(|word| word.as_ptr() as usize - value.as_ptr() as usize);
        let words = words.zip(value.split_whitespace());
        let found: Vec<&str> =
            words.map(|(at, word)| &source.text[node.within(&source.text, &(at..at + word.len()))]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn parts_are_found_in_every_notation() {
        check("a: one  two\n", &["one", "two"]);
        check("a: one\n   two\n\n   three\n", &["one", "two", "three"]);
        check("a: 'it''s two'", &["it''s", "two"]);
        check(r#"a: "caf\xe9 \\d \u0041b tab\tend""#, &[r"caf\xe9", r"\\d", r"\u0041b", "tab", "end"]);
        check("a: \"one \\\n   two\n   three\"", &["one", "two", "three"]);
        check("a: |\n\n  one\n    two\n\n  three\nb: 1", &["one", "two", "three"]);
        check("a: >-\n  one\n  two\n\n\n  three\n", &["one", "two", "three"]);
        check("a: |2\r\n   one\r\n  two\r\n", &["one", "two"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// However a text is written, a plain letter of it is found where that letter is.
        #[test]
        fn letters_are_found(words in prop::collection::vec("[a-z\"'\\\\:# é]{0,6}", 0..6), style in 0..4, part in any::<prop::sample::Index>()) {
            let joined = words.join("\n");
            let written = match style {
                0 => serde_yaml::to_string(&joined).expect("a text"),
                1 => serde_json::to_string(&joined).expect("a text"),
                2 => format!("|-\n  {}", joined.replace('\n', "\n  ")),
                _ => format!("'{}'", joined.replace('\'', "''")),
            };
            let source = Source::new(format!("a: {written}\n"));
            if let (Some(root), problems) = parse(&source) && problems.is_empty() {
                let node = root.at("a");
                if let serde_json::Value::String(text) = node.value() && !text.is_empty() {
                    let at = text.floor_char_boundary(part.index(text.len()));
                    if text[at..].starts_with(|c: char| c.is_ascii_lowercase()) {
                        let found = node.within(&source.text, &(at..at + 1));
                        assert_eq!(&source.text[found], &text[at..=at], "{:?}", source.text);
                    }
                }
            }
        }
    }
}
