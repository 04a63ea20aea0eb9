use heal_model::{Diagnostic, Note, Span};

use super::LinePlace;
use crate::Format;
use crate::json::{self, Said};
use crate::text::{Index, Lanes};
use crate::xml;

/// A structured report that has begun and not ended.
#[derive(Debug)]
pub(super) struct Document {
    kind: Kind,
    format: Option<Format>,
    /// The tool of a SARIF run, the suite of a JUnit report.
    owner: Option<String>,
    /// Results of a SARIF run that does not name its tool before them.
    waiting: Vec<Diagnostic>,
    /// Whether an element was one that is known, so that its lines are no text.
    known: bool,
    /// Its first line.
    begun: LinePlace,
    /// The line where the element that is being read began.
    from: LinePlace,
}

#[derive(Debug)]
enum Kind {
    Json(json::Stream),
    Xml(xml::Stream),
}

/// Something whole in a report, and how much of the bytes it took to its end.
enum Part {
    Json(json::Element, Vec<u8>),
    Xml(xml::Part, Vec<u8>),
}

/// How many results may wait for the tool of their run to be named.
const MOST_WAITING: usize = 1000;

type Out<'a> = dyn FnMut(Diagnostic) + 'a;

impl Document {
    /// The report that a line may be the first of.
    pub(super) fn starting(line: &[u8], format: Option<Format>, place: LinePlace) -> Option<Self> {
        if format.is_some_and(Format::is_text) {
            return None;
        }
        let kind = match line.iter().find(|byte| !byte.is_ascii_whitespace())? {
            b'{' | b'[' if format != Some(Format::Junit) => Kind::Json(json::Stream::new()),
            b'<' if format.is_none_or(|format| format == Format::Junit) => Kind::Xml(xml::Stream::new()),
            _ => return None,
        };
        Some(Self { kind, format, owner: None, waiting: Vec::new(), known: false, begun: place, from: place })
    }

    /// Whether its lines are no text.
    pub(super) fn known(&self) -> bool {
        self.known
    }

    /// Whether it began on an earlier line.
    pub(super) fn began_before(&self, place: LinePlace) -> bool {
        self.begun.number < place.number
    }

    /// Ends it: tells of what waits for its tool.
    pub(super) fn finish(&mut self, lanes: &mut Lanes, out: &mut Out<'_>) {
        for mut diagnostic in std::mem::take(&mut self.waiting) {
            self.owner.iter().for_each(|tool| diagnostic.tool.clone_from(tool));
            lanes.tell(diagnostic, out);
        }
    }

    /// Takes its next bytes, which end where `place` does so far; whether there is more to come.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        index: &Index,
        lanes: &mut Lanes,
        place: LinePlace,
        out: &mut Out<'_>,
    ) -> bool {
        let was_open = self.kind.is_open();
        let (parts, more) = self.kind.feed(bytes);
        self.known |= self.kind.is_known();
        let before = place.end.saturating_sub(bytes.len() as u64);
        for (at, (part, taken)) in parts.into_iter().enumerate() {
            let from = match part {
                Part::Json(json::Element::Whole, _) => self.begun,
                _ if at == 0 && was_open => self.from,
                _ => place,
            };
            let span = Span {
                first_line: from.number,
                last_line: place.number,
                start: from.start,
                end: before + taken as u64,
            };
            match part {
                Part::Json(element, bytes) => self.json(element, &bytes, index, lanes, (place, span), out),
                Part::Xml(part, bytes) => self.xml(part, &bytes, index, lanes, span, out),
            }
            self.from = place;
        }
        if !was_open {
            self.from = place;
        }
        more
    }

    fn json(
        &mut self,
        element: json::Element,
        bytes: &[u8],
        index: &Index,
        lanes: &mut Lanes,
        (place, span): (LinePlace, Span),
        out: &mut Out<'_>,
    ) {
        if element == json::Element::Run {
            self.finish(lanes, out);
            self.owner = None;
            return;
        }
        let said = json::said(element, bytes, self.format, self.owner.as_deref().unwrap_or("sarif"));
        self.known |= said != Said::Unknown;
        match said {
            Said::Unknown => {}
            Said::Tool(tool) => {
                self.owner = Some(tool);
                self.finish(lanes, out);
            }
            Said::Diagnostics(all)
                if element == json::Element::Result
                    && self.owner.is_none()
                    && self.waiting.len() < MOST_WAITING =>
            {
                self.waiting.extend(all.into_iter().map(|one| Diagnostic { span, ..one }));
            }
            Said::Diagnostics(all) => {
                all.into_iter().for_each(|one| lanes.tell(Diagnostic { span, ..one }, out));
            }
            Said::Failures(all) => all.into_iter().for_each(|(diagnostic, text)| {
                lanes.tell(Diagnostic { span, ..placed(diagnostic, &text, index) }, out);
            }),
            Said::Output { lane, text } => {
                text.split('\n').for_each(|line| lanes.named(index, &lane, line.as_bytes(), place, out));
            }
        }
    }

    fn xml(
        &mut self,
        part: xml::Part,
        bytes: &[u8],
        index: &Index,
        lanes: &mut Lanes,
        span: Span,
        out: &mut Out<'_>,
    ) {
        if part == xml::Part::Suite {
            self.owner = xml::suite(bytes);
            return;
        }
        let suite = self.owner.as_deref().unwrap_or_default();
        for (diagnostic, text) in xml::case(bytes, suite) {
            lanes.tell(Diagnostic { span, ..placed(diagnostic, &text, index) }, out);
        }
    }
}

impl Kind {
    /// Takes bytes; the parts that end in them, each with how many it took, and whether there is more to come.
    fn feed(&mut self, bytes: &[u8]) -> (Vec<(Part, usize)>, bool) {
        let mut parts = Vec::new();
        let more = match self {
            Kind::Json(stream) => {
                let mut on =
                    |element, bytes: &[u8], at| parts.push((Part::Json(element, bytes.to_vec()), at));
                stream.feed(bytes, &mut on) == json::Progress::More
            }
            Kind::Xml(stream) => {
                let mut on = |part, bytes: &[u8], at| parts.push((Part::Xml(part, bytes.to_vec()), at));
                stream.feed(bytes, &mut on) == xml::Progress::More
            }
        };
        (parts, more)
    }

    /// Whether a part has begun and not ended.
    fn is_open(&self) -> bool {
        match self {
            Kind::Json(stream) => stream.in_element(),
            Kind::Xml(stream) => stream.in_case(),
        }
    }

    fn is_known(&self) -> bool {
        matches!(self, Kind::Xml(stream) if stream.is_report())
    }
}

/// Gives a failed test the place that its text speaks of: a traceback's, say.
///
/// Of a failure of pytest the text says all, as it stands on the terminal below a heading.
fn placed(mut diagnostic: Diagnostic, text: &str, index: &Index) -> Diagnostic {
    let of_pytest = diagnostic.tool == "pytest";
    let heading: &[&str] = if of_pytest { &["=== FAILURES ===", "___ test ___"] } else { &[] };
    let mut found: Option<Diagnostic> = None;
    let mut keep = |one: Diagnostic| {
        if one.file.is_some() {
            found.get_or_insert(one);
        }
    };
    let mut lanes = Lanes::default();
    let lines = heading.iter().copied().chain(text.lines());
    lines.for_each(|line| lanes.line(index, line.as_bytes(), LinePlace::default(), &mut keep));
    lanes.finish(index, &mut keep);
    let Some(found) = found else { return diagnostic };
    if of_pytest {
        (diagnostic.code, diagnostic.message) = (found.code, found.message);
    }
    (diagnostic.file, diagnostic.line, diagnostic.column) = (found.file, found.line, found.column);
    let own_heading = |note: &Note| !(of_pytest && note.message == "test test");
    diagnostic.notes.extend(found.notes.into_iter().filter(own_heading));
    diagnostic
}
