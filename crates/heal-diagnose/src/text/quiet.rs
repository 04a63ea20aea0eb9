use heal_model::{Engine, Pattern, PatternKind};
use heal_pattern::AnyOf;
use memchr::{memchr, memchr_iter, memchr3, memrchr_iter};

use super::history::LINES;
use super::index::Index;
use crate::{LONGEST_LINE, LinePlace};

/// Finds lines that mean nothing to anybody while nothing is open: most lines of most output.
///
/// They hold no word of an extractor, and begin with nothing that one without words, a report or a diff begins with.
#[derive(Debug)]
pub(crate) struct Quiet {
    any: AnyOf,
}

/// A stretch of whole lines that mean nothing.
pub(crate) struct Stretch {
    /// Its length, ends of lines included.
    pub(crate) length: usize,
    /// How many lines it has.
    pub(crate) lines: u64,
}

/// What a structured report begins with.
const REPORT: &str = r"^\s*[\[{<]";
/// What a diff begins with.
const DIFFERENCE: &str = "^(?:--- |diff --git |Diff in )";

impl Quiet {
    /// Joins what must be looked for beside words; `None` where some extractor looks for what no automaton can.
    pub(crate) fn new(index: &Index) -> Option<Self> {
        let own = [REPORT, DIFFERENCE].map(|source| Pattern {
            source: source.to_owned(),
            kind: PatternKind::Regex,
            unicode: false,
            engine: Engine::Linear,
        });
        let patterns = [own.to_vec(), index.without_words()?].concat();
        Some(Self { any: AnyOf::new(&patterns)? })
    }

    /// The lines at the start of `bytes` that mean nothing.
    pub(crate) fn stretch(&mut self, index: &Index, bytes: &[u8]) -> Stretch {
        let mut stretch = Stretch { length: 0, lines: 0 };
        while let Some(end) = memchr(b'\n', &bytes[stretch.length..]) {
            if !self.is_quiet(index, &bytes[stretch.length..][..end]) {
                break;
            }
            stretch.length += end + 1;
            stretch.lines += 1;
        }
        stretch
    }

    fn is_quiet(&mut self, index: &Index, line: &[u8]) -> bool {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.len() <= LONGEST_LINE
            && memchr3(0x1B, b'\r', 0x08, line).is_none()
            && !index.holds_word(line)
            && std::str::from_utf8(line).is_ok()
            && !self.any.may_begin(line)
    }
}

impl Stretch {
    /// The place of the line after it, from that of its first line.
    pub(crate) fn after(&self, place: LinePlace) -> LinePlace {
        let start = place.start + self.length as u64;
        LinePlace { number: place.number + self.lines, start, end: start }
    }

    /// The last lines of it, which is at the start of `bytes`: as many as are remembered, each with its place.
    pub(crate) fn last<'a>(
        &self,
        bytes: &'a [u8],
        place: LinePlace,
    ) -> impl Iterator<Item = (&'a [u8], LinePlace)> + use<'a> {
        let text = &bytes[..self.length];
        let from = memrchr_iter(b'\n', text).nth(LINES).map_or(0, |end| end + 1);
        let count = memchr_iter(b'\n', &text[from..]).count() as u64;
        let mut number = place.number + self.lines - count;
        let mut start = place.start + from as u64;
        text[from..].split_inclusive(|byte| *byte == b'\n').map(move |line| {
            let shown = line.strip_suffix(b"\n").unwrap_or(line);
            let shown = shown.strip_suffix(b"\r").unwrap_or(shown);
            let place = LinePlace { number, start, end: start + shown.len() as u64 };
            number += 1;
            start += line.len() as u64;
            (shown, place)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Quiet;
    use crate::text::index::Index;

    /// Most lines of most output are passed over in bulk.
    #[test]
    fn a_plain_line_is_quiet() {
        let index = Index::new(&crate::extractors());
        let mut quiet =
            Quiet::new(&index).expect("each extractor has words, or can be told by how a line begins");
        assert!(quiet.is_quiet(&index, b"compiling a crate of forty and some bytes"));
        assert!(!quiet.is_quiet(&index, b"a.c:1:2: error: no"));
    }
}
