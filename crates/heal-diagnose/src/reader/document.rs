use heal_model::Diagnostic;

use super::{LinePlace, span_of};
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
    /// Whether an element was one that is known, so that its lines are no text.
    known: bool,
}

#[derive(Debug)]
enum Kind {
    Json(json::Stream),
    Xml(xml::Stream),
}

type Out<'a> = dyn FnMut(Diagnostic) + 'a;

impl Document {
    /// The report that a line may be the first of.
    pub(super) fn starting(line: &[u8], format: Option<Format>) -> Option<Self> {
        if format.is_some_and(Format::is_text) {
            return None;
        }
        let kind = match line.iter().find(|byte| !byte.is_ascii_whitespace())? {
            b'{' | b'[' if format != Some(Format::Junit) => Kind::Json(json::Stream::new()),
            b'<' if format.is_none_or(|format| format == Format::Junit) => Kind::Xml(xml::Stream::new()),
            _ => return None,
        };
        Some(Self { kind, format, owner: None, known: false })
    }

    /// Whether its lines are no text.
    pub(super) fn known(&self) -> bool {
        self.known
    }

    /// Takes its next bytes; whether there is more to come.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        index: &Index,
        lanes: &mut Lanes,
        place: LinePlace,
        out: &mut Out<'_>,
    ) -> bool {
        match &mut self.kind {
            Kind::Json(stream) => {
                let mut elements = Vec::new();
                let (_, progress) =
                    stream.feed(bytes, &mut |element, bytes| elements.push((element, bytes.to_vec())));
                for (element, bytes) in elements {
                    let owner = self.owner.as_deref().unwrap_or("sarif");
                    let said = json::said(element, &bytes, self.format, owner);
                    self.tell(said, index, lanes, place, out);
                }
                progress == json::Progress::More
            }
            Kind::Xml(stream) => {
                let mut parts = Vec::new();
                let (_, progress) = stream.feed(bytes, &mut |part, bytes| parts.push((part, bytes.to_vec())));
                for (part, bytes) in parts {
                    self.known = true;
                    self.xml(part, &bytes, index, place, out);
                }
                progress == xml::Progress::More
            }
        }
    }

    fn tell(&mut self, said: Said, index: &Index, lanes: &mut Lanes, place: LinePlace, out: &mut Out<'_>) {
        self.known |= said != Said::Unknown;
        match said {
            Said::Unknown => {}
            Said::Tool(tool) => self.owner = Some(tool),
            Said::Diagnostics(all) => {
                all.into_iter().for_each(|one| out(Diagnostic { span: span_of(place), ..one }));
            }
            Said::Failure(diagnostic, text) => {
                out(Diagnostic { span: span_of(place), ..placed(*diagnostic, &text, index) });
            }
            Said::Output { lane, text } => {
                text.split('\n').for_each(|line| lanes.named(index, &lane, line.as_bytes(), place, out));
            }
        }
    }

    fn xml(&mut self, part: xml::Part, bytes: &[u8], index: &Index, place: LinePlace, out: &mut Out<'_>) {
        if part == xml::Part::Suite {
            self.owner = xml::suite(bytes);
            return;
        }
        let suite = self.owner.as_deref().unwrap_or_default();
        for (diagnostic, text) in xml::case(bytes, suite) {
            out(Diagnostic { span: span_of(place), ..placed(diagnostic, &text, index) });
        }
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
    let own_heading = |note: &heal_model::Note| !(of_pytest && note.message == "test test");
    diagnostic.notes.extend(found.notes.into_iter().filter(own_heading));
    diagnostic
}
