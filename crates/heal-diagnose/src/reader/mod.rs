mod document;
mod pending;

use std::cell::OnceCell;
use std::io::{BufRead, ErrorKind, Result};
use std::sync::Arc;

use heal_model::Diagnostic;
use memchr::memchr;

use crate::clean::clean;
use crate::text::{Index, Lanes, Quiet, Runs};
use crate::{Extractor, Format, LONGEST_LINE};
use document::Document;
use pending::Pending;

/// Where a line is in its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct LinePlace {
    /// From 1.
    pub number: u64,
    /// Its first byte's offset from the stream's start.
    pub start: u64,
    /// The offset just after its last byte, its end not included.
    pub end: u64,
}

/// Reads a stream of output in which several formats may be mixed.
///
/// It may be fed bytes, in pieces of any size, or lines; the same diagnostics come of both. What it keeps does not grow
/// with the stream.
#[derive(Debug)]
pub struct Reader {
    index: Arc<Index>,
    format: Option<Format>,
    lanes: Lanes,
    document: Option<Document>,
    /// The line that is being fed, as far as text is looked at.
    line: Pending,
    place: LinePlace,
    /// Whether the line that is being fed belongs to a report, so that its text is not looked at.
    claimed: bool,
    room: Vec<u8>,
    /// What finds lines to pass over, once there have been [`MANY`]; nothing where that can't be told.
    quiet: OnceCell<Option<Quiet>>,
}

/// How many lines come before it pays to join all that is looked for.
const MANY: u64 = 200;

/// Tells of all diagnostics in `input`.
///
/// # Errors
/// When the stream can't be read any further; what was found till then has been told.
pub fn read(
    input: &mut dyn BufRead,
    extractors: &[Extractor],
    format: Option<Format>,
    on: &mut dyn FnMut(Diagnostic),
) -> Result<()> {
    let mut reader = Reader::new(extractors, format);
    loop {
        let taken = match input.fill_buf() {
            Ok([]) => break,
            Ok(bytes) => {
                reader.feed(bytes, on);
                bytes.len()
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        input.consume(taken);
    }
    reader.finish(on);
    Ok(())
}

impl Reader {
    /// Makes a reader for any mixture of formats, or for one of them alone.
    #[must_use]
    pub fn new(extractors: &[Extractor], format: Option<Format>) -> Self {
        let text = format.is_none_or(Format::is_text) || format == Some(Format::Go);
        let of_format = |extractor: &&Extractor| match format {
            Some(Format::Tap) => extractor.tool() == "tap",
            _ => text,
        };
        let extractors: Vec<Extractor> = extractors.iter().filter(of_format).cloned().collect();
        Self::with(Arc::new(Index::new(&extractors)), format)
    }

    /// Makes another that reads the same, for another stream: making the first costs much more.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self::with(Arc::clone(&self.index), self.format)
    }

    fn with(index: Arc<Index>, format: Option<Format>) -> Self {
        Self {
            index,
            format,
            lanes: Lanes::default(),
            document: None,
            line: Pending::default(),
            place: LinePlace { number: 1, start: 0, end: 0 },
            claimed: false,
            room: Vec::new(),
            quiet: OnceCell::new(),
        }
    }

    /// Which lines were printed by runs that passed, as far as that is known: what is told of them is no failure.
    #[must_use]
    pub fn runs(&self) -> Runs {
        self.lanes.runs().clone()
    }

    /// Takes the next bytes of the stream.
    pub fn feed(&mut self, bytes: &[u8], out: &mut dyn FnMut(Diagnostic)) {
        let mut rest = bytes;
        loop {
            rest = &rest[self.pass_over(rest)..];
            let Some(at) = memchr(b'\n', rest) else { break };
            let line = &rest[..at];
            if self.is_plain(line) {
                self.place.end += line.len() as u64;
                self.text(line, out);
            } else {
                self.part(line, out);
                self.line_ended(out);
            }
            self.place = LinePlace {
                number: self.place.number + 1,
                start: self.place.end + 1,
                end: self.place.end + 1,
            };
            rest = &rest[at + 1..];
        }
        self.part(rest, out);
    }

    /// Passes over lines at the start of `bytes` that mean nothing; how long they are in all.
    fn pass_over(&mut self, bytes: &[u8]) -> usize {
        let is_text = self.format.is_none_or(Format::is_text);
        if self.place.number < MANY || !is_text || !self.line.is_empty() || self.document.is_some() {
            return 0;
        }
        let Some(lane) = self.lanes.idle() else { return 0 };
        self.quiet.get_or_init(|| Quiet::new(&self.index));
        let Some(quiet) = self.quiet.get_mut().and_then(Option::as_mut) else { return 0 };
        let stretch = quiet.stretch(&self.index, bytes);
        lane.pass(self.place.number, stretch.lines, stretch.last(bytes, self.place));
        self.place = stretch.after(self.place);
        stretch.length
    }

    /// Takes the next line of the stream, without its end, in place of feeding its bytes.
    pub fn line(&mut self, line: &[u8], place: LinePlace, out: &mut dyn FnMut(Diagnostic)) {
        self.place = LinePlace { end: place.start, ..place };
        self.part(line, out);
        self.place.end = place.end;
        self.line_ended(out);
    }

    /// Ends the stream: tells of what was still open.
    pub fn finish(&mut self, out: &mut dyn FnMut(Diagnostic)) {
        if self.place.end > self.place.start {
            self.line_ended(out);
        }
        if let Some(mut document) = self.document.take() {
            document.finish(&mut self.lanes, out);
        }
        self.lanes.finish(&self.index, out);
    }

    /// Takes a part of a line.
    fn part(&mut self, bytes: &[u8], out: &mut dyn FnMut(Diagnostic)) {
        self.place.end += bytes.len() as u64;
        let from = if self.place.start == 0 && self.line.is_empty() {
            bytes.strip_prefix(MARK).unwrap_or(bytes)
        } else {
            bytes
        };
        if self.document.is_none() && self.line.is_empty() {
            self.document = Document::starting(from, self.format, self.place);
        }
        self.in_document(from, out);
        self.line.push(from);
    }

    /// Gives the next bytes to the report that has begun, if one has.
    fn in_document(&mut self, bytes: &[u8], out: &mut dyn FnMut(Diagnostic)) {
        let Some(document) = &mut self.document else { return };
        let more = document.feed(bytes, &self.index, &mut self.lanes, self.place, out);
        self.claimed |= document.known();
        if more {
            return;
        }
        document.finish(&mut self.lanes, out);
        let stray = !document.known() && document.began_before(self.place);
        self.document = None;
        if stray {
            // What began above was no report; this line may be the first of one.
            let line = [self.line.bytes(), bytes].concat();
            self.document = Document::starting(&line, self.format, self.place);
            self.in_document(&line, out);
        }
    }

    fn line_ended(&mut self, out: &mut dyn FnMut(Diagnostic)) {
        if self.document.is_some() {
            self.in_document(b"\n", out);
        }
        let line = std::mem::take(&mut self.line);
        if !std::mem::take(&mut self.claimed) {
            self.text(line.bytes(), out);
        }
        self.line = line.cleared();
    }

    /// Whether a whole line can be taken as text as it stands: no report is open, and it begins none.
    fn is_plain(&self, line: &[u8]) -> bool {
        let idle = self.line.is_empty() && self.document.is_none() && self.place.start > 0;
        idle && line.len() <= LONGEST_LINE && Document::starting(line, self.format, self.place).is_none()
    }

    /// Takes a line of text.
    fn text(&mut self, line: &[u8], out: &mut dyn FnMut(Diagnostic)) {
        let mut room = std::mem::take(&mut self.room);
        let text = String::from_utf8_lossy(clean(line, &mut room));
        let end = self.place.end - u64::from(line.ends_with(b"\r") && self.place.end > self.place.start);
        let place = LinePlace { end, ..self.place };
        self.lanes.line(&self.index, text.as_bytes(), place, out);
        self.room = room;
    }
}

/// The byte order mark, which some programs begin their reports with.
const MARK: &[u8] = b"\xEF\xBB\xBF";
