use std::ops::Range;

use granit_parser::ScalarStyle;

/// Where a part of a scalar's text is in its notation.
///
/// `raw` is the scalar as written, `text` what it means. The notation is read again, noting for each byte of the
/// text where it comes from; should that not give `text`, the answer is none and the caller shows the whole scalar.
pub(super) fn of(raw: &str, text: &str, style: ScalarStyle, part: &Range<usize>) -> Option<Range<usize>> {
    let mut trace = Trace { text: String::new(), from: Vec::new() };
    match style {
        ScalarStyle::SingleQuoted => single(raw, &mut trace),
        ScalarStyle::DoubleQuoted => double(raw, &mut trace),
        ScalarStyle::Literal | ScalarStyle::Folded => block(raw, text, &mut trace),
        ScalarStyle::Plain => flow(raw, 0, &mut trace),
    }
    let quotes = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    trace.from.push(raw.len().saturating_sub(usize::from(quotes)));
    if !text.starts_with(&trace.text) {
        return None;
    }
    Some(*trace.from.get(part.start)?..*trace.from.get(part.end)?)
}

/// The text read so far, and where each of its bytes comes from.
struct Trace {
    text: String,
    from: Vec<usize>,
}

impl Trace {
    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.from.extend(std::iter::repeat_n(at, c.len_utf8()));
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
        trace.push(' ', at);
    } else {
        (1..breaks).for_each(|_| trace.push('\n', at));
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
            trace.push(c, at);
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
            trace.push(c, at);
            at += if c == '\'' { 2 } else { c.len_utf8() };
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
                trace.push(c, at);
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
            trace.push(simple(kind), at);
            return after;
        }
    };
    let code = raw.get(after..after + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
    trace.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER), at);
    (after + digits).min(raw.len())
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

/// A block scalar: each character of the text is the next equal one of the notation, indents and folds skipped.
fn block(raw: &str, text: &str, trace: &mut Trace) {
    let mut at = raw.find('\n').map_or(raw.len(), |line_end| line_end + 1);
    let indent = raw[at..]
        .lines()
        .find(|line| !line.trim().is_empty())
        .map_or(0, |line| line.len() - line.trim_start_matches(' ').len());
    at = (at + indent).min(raw.len());
    for c in text.chars() {
        let Some(next) = raw.get(at..).and_then(|rest| rest.chars().next()) else { return };
        if c == next || (c == ' ' && next == '\n') {
            trace.push(c, at);
            at += next.len_utf8();
        } else if c == '\n' && next == '\r' {
            trace.push(c, at);
            at += 2;
        } else {
            return;
        }
        if next == '\n' || next == '\r' {
            let rest = &raw[at.min(raw.len())..];
            let blank = rest.len() - rest.trim_start_matches(' ').len();
            at += blank.min(indent);
        }
    }
}
