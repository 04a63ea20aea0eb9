use std::ops::Range;

const MARK: &str = "\u{feff}";

/// A file's text as patterns see it: no mark, each line ended by `\n` alone. Knows the way back to the file.
///
/// The engine that applies rules sees files the same way; what is learned here must hold there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    /// What is searched.
    pub(crate) plain: String,
    /// Offsets in `plain` of each `\n` that is `\r\n` in the file.
    returns: Vec<usize>,
    mark: bool,
}

impl Text {
    /// Reads a file's content; `None` where it is not UTF-8.
    pub(crate) fn new(content: &[u8]) -> Option<Self> {
        let whole = std::str::from_utf8(content).ok()?;
        let content = whole.strip_prefix(MARK).unwrap_or(whole);
        let mut plain = String::with_capacity(content.len());
        let mut returns = Vec::new();
        let mut parts = content.split("\r\n").peekable();
        while let Some(part) = parts.next() {
            plain.push_str(part);
            if parts.peek().is_some() {
                returns.push(plain.len());
                plain.push('\n');
            }
        }
        Some(Self { plain, returns, mark: content.len() < whole.len() })
    }

    /// The file's content with stretches of the text replaced, its own line ends in what is new.
    pub(crate) fn spliced(&self, splices: &[(Range<usize>, String)]) -> String {
        let line_ends = self.plain.bytes().filter(|&byte| byte == b'\n').count();
        let mostly_returns = self.returns.len() * 2 > line_ends;
        let mut out = String::with_capacity(self.plain.len());
        if self.mark {
            out.push_str(MARK);
        }
        let mut copied = 0;
        for (range, new) in splices {
            self.copy(copied..range.start, &mut out);
            let new = new.replace("\r\n", "\n");
            out.push_str(&if mostly_returns { new.replace('\n', "\r\n") } else { new });
            copied = range.end;
        }
        self.copy(copied..self.plain.len(), &mut out);
        out
    }

    fn copy(&self, range: Range<usize>, out: &mut String) {
        let mut start = range.start;
        let inside = self.returns.partition_point(|&at| at < range.start);
        for &at in self.returns[inside..].iter().take_while(|&&at| at < range.end) {
            out.push_str(&self.plain[start..at]);
            out.push_str("\r\n");
            start = at + 1;
        }
        out.push_str(&self.plain[start..range.end]);
    }
}

/// Where a line and column are, both from 1, the column in characters; the place just after a line's end is one.
pub(crate) fn offset_of(text: &str, line: u32, column: u32) -> Option<usize> {
    let mut bounds = line_bounds(text, line)?;
    bounds.end += usize::from(text[bounds.end..].starts_with('\n'));
    let columns = usize::try_from(column).ok()?.checked_sub(1)?;
    let mut ends = text[bounds.clone()].char_indices().map(|(at, _)| at).chain([bounds.len()]);
    ends.nth(columns).map(|at| bounds.start + at)
}

/// A line's bounds, from 1, without its end.
pub(crate) fn line_bounds(text: &str, line: u32) -> Option<Range<usize>> {
    let mut start = 0;
    for _ in 1..line.max(1) {
        start += text[start..].find('\n')? + 1;
    }
    let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
    (line > 0).then_some(start..end)
}

/// The number of the line that an offset lies in, from 1.
pub(crate) fn line_at(text: &str, offset: usize) -> u32 {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + u32::try_from(before.iter().filter(|&&byte| byte == b'\n').count()).unwrap_or(u32::MAX - 1)
}

/// The bounds of the line that an offset lies in, without its end.
pub(crate) fn line_around(text: &str, offset: usize) -> Range<usize> {
    let start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
    let end = text[offset..].find('\n').map_or(text.len(), |end| offset + end);
    start..end
}

#[cfg(test)]
mod tests {
    use super::{Text, offset_of};

    #[track_caller]
    fn check(content: &str, find: &str, new: &str, expected: &str) {
        let text = Text::new(content.as_bytes()).expect("UTF-8");
        let at = text.plain.find(find).expect("it is there");
        assert_eq!(text.spliced(&[(at..at + find.len(), new.to_owned())]), expected);
        assert_eq!(text.spliced(&[]), content);
    }

    #[test]
    fn line_ends_and_marks_are_kept() {
        check("a\nb\nc", "b", "x\ny", "a\nx\ny\nc");
        check("\u{feff}a\r\nb\r\nc\n", "b\nc", "x\ny", "\u{feff}a\r\nx\r\ny\n");
        check("a\r\nb\nc\nd", "c", "x\ny", "a\r\nb\nx\ny\nd");
    }

    #[test]
    fn places() {
        let found = [(1, 1), (1, 3), (1, 4), (2, 1), (3, 1), (3, 2), (4, 1), (0, 1), (1, 0)]
            .map(|(line, column)| offset_of("éa\nb\n", line, column));
        assert_eq!(found, [Some(0), Some(3), Some(4), Some(4), Some(6), None, None, None, None]);
    }
}
