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
}

impl Text {
    /// Reads a file's content.
    pub(crate) fn new(content: &[u8]) -> Self {
        let mark = if content.starts_with(MARK) { MARK.len() } else { 0 };
        let content = &content[mark..];
        let mut text = Self { bytes: Vec::with_capacity(content.len()), returns: Vec::new(), mark };
        for (index, &byte) in content.iter().enumerate() {
            if byte == b'\r' && content.get(index + 1) == Some(&b'\n') {
                text.returns.push(text.bytes.len());
            } else {
                text.bytes.push(byte);
            }
        }
        text
    }

    /// Where a stretch of the text lies in the file.
    pub(crate) fn in_file(&self, range: &Range<usize>) -> Range<usize> {
        self.offset(range.start)..self.offset(range.end)
    }

    fn offset(&self, offset: usize) -> usize {
        self.mark + offset + self.returns.partition_point(|&at| at < offset)
    }

    /// Text for the file: `\n` becomes what ends most of its lines.
    pub(crate) fn for_file(&self, text: &str) -> String {
        let plain = text.replace("\r\n", "\n");
        if self.has_returns() { plain.replace('\n', "\r\n") } else { plain }
    }

    /// Its lines, each with its end.
    pub(crate) fn lines(&self) -> Vec<&[u8]> {
        split(&self.bytes)
    }

    /// The file's content with stretches of the text replaced, its own line ends in what is new.
    pub(crate) fn spliced(&self, content: &[u8], splices: &[(Range<usize>, Bytes)]) -> Bytes {
        let in_file = |(range, new): &(Range<usize>, Bytes)| {
            let new = new.text().map_or_else(|| new.clone(), |new| self.for_file(new).into());
            (self.in_file(range), new)
        };
        let splices: Vec<(Range<usize>, Bytes)> = splices.iter().map(in_file).collect();
        apply(content, splices.iter().map(|(range, new)| (range, new)))
    }

    fn has_returns(&self) -> bool {
        let ends = self.bytes.iter().filter(|&&byte| byte == b'\n').count();
        self.returns.len() * 2 > ends
    }

    /// The line that an offset lies in: its number, from 1, and its bounds without its end.
    pub(crate) fn line(&self, offset: usize) -> (usize, Range<usize>) {
        let number = 1 + self.bytes[..offset].iter().filter(|&&byte| byte == b'\n').count();
        let start = self.bytes[..offset].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let end = self.bytes[offset..].iter().position(|&byte| byte == b'\n');
        (number, start..end.map_or(self.bytes.len(), |end| offset + end))
    }

    /// Where a line and column are, both from 1, the column in characters; the place just after a line's end is one.
    pub(crate) fn offset_of(&self, line: usize, column: usize) -> Option<usize> {
        let lines = self.lines();
        let (line, column) = (line.checked_sub(1)?, column.checked_sub(1)?);
        let start: usize = lines.get(..line)?.iter().map(|line| line.len()).sum();
        let line = lines.get(line).map_or(Some(""), |line| std::str::from_utf8(line).ok())?;
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
