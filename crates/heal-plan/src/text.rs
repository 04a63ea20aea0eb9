use std::cell::OnceCell;
use std::ops::Range;

use heal_model::Bytes;

use crate::lines::split;
use crate::splice::apply;

/// The mark that some editors put before UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// How much of a file is looked at to tell text from anything else.
const SNIFFED: usize = 8 * 1024;

/// A file's text as patterns see it: no mark, each line ended by `\n` alone. Knows the way back to the file's bytes.
pub(crate) struct Text {
    /// What is searched.
    pub(crate) bytes: Vec<u8>,
    /// Offsets in `bytes` of each `\n` that is `\r\n` in the file.
    returns: Vec<usize>,
    mark: usize,
    /// Where each line starts, found out when it is first asked for.
    starts: OnceCell<Vec<usize>>,
}

impl Text {
    /// Reads a file's content.
    pub(crate) fn new(content: &[u8]) -> Self {
        let mark = if content.starts_with(MARK) { MARK.len() } else { 0 };
        let content = &content[mark..];
        if !content.contains(&b'\r') {
            return Self { bytes: content.to_vec(), returns: Vec::new(), mark, starts: OnceCell::new() };
        }
        let (mut bytes, mut returns) = (Vec::with_capacity(content.len()), Vec::new());
        for (index, &byte) in content.iter().enumerate() {
            if byte == b'\r' && content.get(index + 1) == Some(&b'\n') {
                returns.push(bytes.len());
            } else {
                bytes.push(byte);
            }
        }
        Self { bytes, returns, mark, starts: OnceCell::new() }
    }

    /// Where a stretch of the text lies in the file.
    pub(crate) fn in_file(&self, range: &Range<usize>) -> Range<usize> {
        self.offset(range.start)..self.offset(range.end)
    }

    fn offset(&self, offset: usize) -> usize {
        self.mark + offset + self.returns.partition_point(|&at| at < offset)
    }

    /// Its lines, each with its end.
    pub(crate) fn lines(&self) -> Vec<&[u8]> {
        split(&self.bytes)
    }

    /// The file's content with stretches of the text replaced, its own line ends in what is new.
    pub(crate) fn spliced(&self, content: &[u8], splices: &[(Range<usize>, Bytes)]) -> Bytes {
        let end = self.end();
        let for_file = |new: &str| new.replace("\r\n", "\n").replace('\n', end).into();
        let in_file = |(range, new): &(Range<usize>, Bytes)| {
            (self.in_file(range), new.text().map_or_else(|| new.clone(), for_file))
        };
        let splices: Vec<(Range<usize>, Bytes)> = splices.iter().map(in_file).collect();
        apply(content, splices.iter().map(|(range, new)| (range, new)))
    }

    /// What ends most of its lines.
    fn end(&self) -> &'static str {
        let ends = self.starts().len() - 1;
        if self.returns.len() * 2 > ends { "\r\n" } else { "\n" }
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let ends = self.bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
            [0].into_iter().chain(ends.map(|(end, _)| end + 1)).collect()
        })
    }

    /// The line that an offset lies in: its number, from 1, and its bounds without its end.
    pub(crate) fn line(&self, offset: usize) -> (usize, Range<usize>) {
        let starts = self.starts();
        let number = starts.partition_point(|&start| start <= offset);
        let end = starts.get(number).map_or(self.bytes.len(), |next| next - 1);
        (number, starts[number - 1]..end)
    }

    /// Where a line and column are, both from 1, the column in characters; the place just after a line's end is one.
    pub(crate) fn offset_of(&self, line: usize, column: usize) -> Option<usize> {
        let (line, column) = (line.checked_sub(1)?, column.checked_sub(1)?);
        let start = *self.starts().get(line)?;
        let (_, bounds) = self.line(start);
        let line = std::str::from_utf8(&self.bytes[bounds]).ok()?;
        let mut ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
        ends.nth(column).map(|at| start + at)
    }

    /// Part of it as a person reads it.
    pub(crate) fn shown(&self, range: Range<usize>) -> String {
        String::from_utf8_lossy(&self.bytes[range]).into_owned()
    }
}

/// Whether a file is text: no NUL among its first 8 KiB, as git tells it.
pub(crate) fn is_text(content: &Bytes) -> bool {
    !content[..content.len().min(SNIFFED)].contains(&0)
}
