use std::ops::Range;

use crate::{Code, Problem};

/// The largest playbook, in bytes.
const LARGEST: usize = 256 * 1024;
const BOM: char = '\u{feff}';

/// A playbook's text, and where its lines start.
pub(crate) struct Source {
    pub(crate) text: String,
    starts: Vec<usize>,
}

impl Source {
    pub(crate) fn new(text: String) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// Takes a file's bytes as text; where that can't be, the text is what can be shown of it.
    pub(crate) fn decode(bytes: &[u8]) -> (Self, Option<Problem>) {
        if bytes.len() > LARGEST {
            let first = &bytes[..bytes.iter().take(80).position(|byte| *byte == b'\n').unwrap_or(80)];
            let source = Self::new(String::from_utf8_lossy(first).into_owned());
            let span = 0..source.text.len();
            let message = format!("the playbook has {} bytes, of {LARGEST} allowed", bytes.len());
            let problem = Problem::new(Code::TooLarge, span, message).label("starts here");
            return (source, Some(problem.help("split it: each `.yaml` file in the folder is a playbook")));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => (Self::new(text.to_owned()), None),
            Err(error) => {
                let source = Self::new(String::from_utf8_lossy(bytes).into_owned());
                let at = error.valid_up_to();
                let wide = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
                let what = if wide { "UTF-16" } else { "not UTF-8" };
                let problem = Problem::new(Code::Encoding, at..at + 3, format!("the playbook is {what}"))
                    .label("from here on")
                    .help("save the file as UTF-8");
                (source, Some(problem))
            }
        }
    }

    /// How many bytes a byte order mark takes at the start.
    pub(crate) fn bom(&self) -> usize {
        if self.text.starts_with(BOM) { BOM.len_utf8() } else { 0 }
    }

    /// Cuts a span down to characters that are there; a byte order mark is none.
    pub(crate) fn fit(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(span.start).max(self.bom());
        let end = self.text.ceil_char_boundary(span.end.clamp(start, self.text.len()));
        start..end
    }

    /// The line and column of an offset, both from 1; columns are characters.
    pub(crate) fn place(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let start = if line == 1 { self.bom().min(offset) } else { start };
        let before = &self.text[start..offset];
        (number(line), number(before.chars().count() + 1))
    }

    /// Where a place, both from 1 and in characters, is in `text`.
    pub(crate) fn offset_in(text: &str, line: usize, column: usize) -> usize {
        let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
        let rest = &text[start..];
        rest.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| start + at)
    }
}

/// Texts are at most 256 KiB, so their lines and columns fit.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn places_are_lines_and_characters() {
        let source = Source::new("\u{feff}aé: 1\r\nb\n".to_owned());
        let places: Vec<_> = [0, 3, 4, 6, 11, 13].map(|at| source.place(at)).into();
        assert_eq!(places, [(1, 1), (1, 1), (1, 2), (1, 3), (2, 1), (3, 1)]);
        assert_eq!(source.fit(&(5..99)), 4..13);
    }

    #[test]
    fn what_is_not_utf8_is_told() {
        let told = |bytes: &[u8]| Source::decode(bytes).1.map(|problem| (problem.message, problem.span));
        assert_eq!(told(b"heal: 1"), None);
        assert_eq!(told(b"a: \xff"), Some(("the playbook is not UTF-8".to_owned(), 3..6)));
        assert_eq!(told(b"\xff\xfeh\0"), Some(("the playbook is UTF-16".to_owned(), 0..3)));
        let large = vec![b'#'; 256 * 1024 + 1];
        let message = "the playbook has 262145 bytes, of 262144 allowed".to_owned();
        assert_eq!(told(&large), Some((message, 0..80)));
    }
}
