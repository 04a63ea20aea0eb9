use std::collections::BTreeMap;

use heal_model::{Capture, Finding, RuleId, Span};
use heal_pattern::Caught;

use crate::location::location;
use crate::seen::LONGEST_EXCERPT;

pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One line as it is searched.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: u64,
    /// Where it starts in the stream, in bytes.
    pub(crate) start: u64,
    /// Where it ends, its line end not included.
    pub(crate) end: u64,
    /// What shows of it.
    pub(crate) text: &'a [u8],
}

impl<'a> Line<'a> {
    /// A line; the byte order mark that a stream may start with is no part of it.
    pub(crate) fn new(number: u64, start: u64, end: u64, text: &'a [u8]) -> Self {
        let text = if start == 0 { text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text) } else { text };
        Self { number, start, end, text }
    }
}

/// The lines of a trigger that have been seen so far.
#[derive(Clone, Debug)]
pub(crate) struct Partial {
    pub(crate) span: Span,
    captures: BTreeMap<String, Capture>,
    excerpt: Vec<String>,
    shown: Shown,
}

/// Which lines a finding shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Those that matched, each cut to an excerpt.
    Matched,
    /// All from the first to the last, whole: the rule takes a diff out of them. So many bytes are left.
    All(usize),
}

/// How much of a diff is kept.
const LONGEST_DIFF: usize = 256 * 1024;

impl Shown {
    pub(crate) fn all() -> Self {
        Self::All(LONGEST_DIFF)
    }
}

impl Partial {
    /// Starts with a line.
    pub(crate) fn new(line: Line<'_>, caught: &Caught, shown: Shown) -> Self {
        let span = Span { first_line: line.number, last_line: line.number, start: line.start, end: line.end };
        Self { span, captures: BTreeMap::new(), excerpt: Vec::new(), shown }.with(line, caught)
    }

    /// Adds a line. Of two captures with one name the first counts.
    pub(crate) fn with(mut self, line: Line<'_>, caught: &Caught) -> Self {
        self.span.last_line = line.number;
        self.span.end = line.end;
        for group in &caught.groups {
            let text = || Capture(String::from_utf8_lossy(&line.text[group.range.clone()]).into_owned());
            self.captures.entry(group.name.clone()).or_insert_with(text);
        }
        self.show(line);
        self
    }

    /// Goes on past a line that is none of those wanted.
    pub(crate) fn pass(&mut self, line: Line<'_>) {
        if self.span.last_line < line.number && self.shown != Shown::Matched {
            self.show(line);
        }
    }

    fn show(&mut self, line: Line<'_>) {
        match &mut self.shown {
            Shown::Matched => self.excerpt.push(excerpt(line.text)),
            Shown::All(left) if *left > line.text.len() => {
                *left -= line.text.len() + 1;
                self.excerpt.push(String::from_utf8_lossy(line.text).into_owned());
            }
            Shown::All(left) => *left = 0,
        }
    }

    /// What has been captured so far.
    pub(crate) fn captures(&self) -> &BTreeMap<String, Capture> {
        &self.captures
    }

    /// What it comes to when nothing is missing.
    pub(crate) fn finding(self, rule: &RuleId) -> Finding {
        Finding {
            rule: rule.clone(),
            location: location(&self.captures),
            captures: self.captures,
            values: BTreeMap::new(),
            span: Some(self.span),
            excerpt: self.excerpt,
            diagnostic: None,
            count: 1,
            again: Vec::new(),
        }
    }
}

/// A line as an excerpt shows it: cut at a character's end.
pub(crate) fn excerpt(text: &[u8]) -> String {
    let text = &text[..text.len().min(4 * LONGEST_EXCERPT)];
    let mut shown = String::from_utf8_lossy(text).into_owned();
    shown.truncate(shown.floor_char_boundary(LONGEST_EXCERPT));
    shown
}
