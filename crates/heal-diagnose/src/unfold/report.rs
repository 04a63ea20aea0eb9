use memchr::memmem;

use super::lines::Step;
use super::{LONGEST, count_lines};
use crate::{json, xml};

/// A report of tests that has begun: or something that may be one.
pub(super) struct Report {
    kind: Kind,
    /// What was read until it was known.
    held: Vec<u8>,
    is_known: bool,
    /// Whether it is complete, so that only its last line is left.
    is_over: bool,
    /// The line that is being read, and the one where the element began that is being read.
    line: u64,
    begun: u64,
}

enum Kind {
    Json(json::Stream),
    Xml(xml::Stream),
}

/// What bytes came to.
pub(super) enum Fed {
    /// It can't be told yet.
    Held,
    /// It is no such report.
    Stray,
    /// It is one.
    Known {
        /// What failing tests printed.
        texts: Vec<Text>,
        /// How many lines were read since it was last told.
        lines: u64,
        /// Whether its last line has ended.
        over: bool,
    },
}

/// What a failing test printed.
pub(super) struct Text {
    pub(super) text: String,
    /// The line of the output that its first stands for, and how the next ones go on.
    pub(super) line: u64,
    pub(super) step: Step,
}

/// Whether a line of JSON, as far as was read, may be the first of a report.
pub(super) fn may_begin(line: &[u8]) -> bool {
    !line.trim_ascii_end().ends_with(b"}") || memmem::find(line, b"\"longrepr\"").is_some()
}

impl Report {
    /// May be a report of pytest-json-report, which begins on this line.
    pub(super) fn json(line: u64) -> Self {
        Self::new(Kind::Json(json::Stream::new()), line)
    }

    /// May be JUnit XML, which begins on this line.
    pub(super) fn xml(line: u64) -> Self {
        Self::new(Kind::Xml(xml::Stream::new()), line)
    }

    fn new(kind: Kind, line: u64) -> Self {
        Self { kind, held: Vec::new(), is_known: false, is_over: false, line, begun: line }
    }

    /// What is held of something that is not known.
    pub(super) fn into_held(self) -> Vec<u8> {
        self.held
    }

    /// Takes bytes of one line.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Fed {
        let mut texts = Vec::new();
        let is_open = self.is_over || self.read(bytes, &mut texts);
        self.line += count_lines(bytes);
        if !self.is_known {
            self.held.extend_from_slice(bytes);
            return if is_open && self.held.len() <= LONGEST { Fed::Held } else { Fed::Stray };
        }
        self.is_over |= !is_open;
        let lines = count_lines(&std::mem::take(&mut self.held)) + count_lines(bytes);
        Fed::Known { texts, lines, over: self.is_over && bytes.ends_with(b"\n") }
    }

    /// Reads on; whether there is more to come.
    fn read(&mut self, bytes: &[u8], texts: &mut Vec<Text>) -> bool {
        let was_open = self.in_element();
        let (line, begun, mut count) = (self.line, self.begun, 0);
        let mut from = || {
            count += 1;
            if was_open && count == 1 { begun } else { line }
        };
        let (is_open, is_known) = match &mut self.kind {
            Kind::Json(stream) => {
                let mut is_known = self.is_known;
                let mut on = |element, bytes: &[u8], _| {
                    let line = from();
                    let found = json::printed(element, bytes);
                    is_known |= found.is_some();
                    let found = found.into_iter().flatten();
                    texts.extend(found.map(|text| Text { text, line, step: Step::Same }));
                };
                (stream.feed(bytes, &mut on) == json::Progress::More, is_known)
            }
            Kind::Xml(stream) => {
                let mut on = |part, bytes: &[u8], _| {
                    let line = from();
                    if part == xml::Part::Case {
                        let found = xml::printed(bytes).into_iter();
                        texts.extend(found.map(|(text, below)| Text {
                            text,
                            line: line + below,
                            step: Step::Next,
                        }));
                    }
                };
                let progress = stream.feed(bytes, &mut on);
                let is_known = self.is_known || stream.is_report() || progress == xml::Progress::Done;
                (progress == xml::Progress::More, is_known)
            }
        };
        self.is_known = is_known;
        if !was_open || count > 0 {
            self.begun = line;
        }
        is_open
    }

    fn in_element(&self) -> bool {
        match &self.kind {
            Kind::Json(stream) => stream.in_element(),
            Kind::Xml(stream) => stream.in_case(),
        }
    }
}
