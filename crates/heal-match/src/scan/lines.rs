use std::io::{BufRead, ErrorKind, Result};
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2_iter, memrchr};

use super::clean::Cleaner;
use super::partial::Line;
use crate::seen::LONGEST_LINE;

/// How much is read at a time: enough that no call counts, little enough to stay in a core's cache.
const BLOCK: usize = 256 * 1024;
/// How much room there is before it is known that a stream needs more.
const FIRST: usize = 16 * 1024;

/// A stretch of a stream.
pub(crate) enum Piece<'a> {
    /// Whole lines, with their ends, that can be searched as they are: no escape sequence, no lone carriage return,
    /// none longer than [`LONGEST_LINE`].
    Plain(&'a [u8]),
    /// One line as it would be shown, without its end.
    Shown {
        /// The text that shows.
        text: &'a [u8],
        /// Whether more of it was cut off.
        cut: bool,
        /// Its length in the stream, without its end.
        len: u64,
        /// The length of its end: 0, 1 or 2.
        end: u64,
    },
}

/// Cuts a stream into pieces, in order, each as soon as it has come. Memory does not grow with the stream.
pub(crate) fn pieces(input: &mut dyn BufRead, on: &mut dyn FnMut(Piece<'_>)) -> Result<()> {
    let mut block = vec![0; FIRST];
    let mut filled = 0;
    loop {
        let read = fill(input, &mut block[filled..])?;
        let fresh = filled;
        filled += read;
        if filled == block.len() {
            block.resize(BLOCK, 0);
        }
        if read == 0 {
            whole_lines(&block[..filled], on);
            return Ok(());
        }
        match memrchr(b'\n', &block[fresh..filled]) {
            Some(at) => {
                let end = fresh + at + 1;
                whole_lines(&block[..end], on);
                block.copy_within(end..filled, 0);
                filled -= end;
            }
            None if filled == BLOCK => filled = long_line(input, &mut block, on)?,
            None => {}
        }
    }
}

/// Walks a stream line by line, each as it shows.
pub(crate) fn lines(input: &mut dyn BufRead, on: &mut dyn FnMut(Line<'_>)) -> Result<()> {
    let (mut number, mut bytes) = (0, 0);
    pieces(input, &mut |piece| match piece {
        Piece::Plain(text) => {
            for line in text.split_inclusive(|byte| *byte == b'\n') {
                let shown = line.strip_suffix(b"\n").unwrap_or(line);
                let shown = shown.strip_suffix(b"\r").unwrap_or(shown);
                number += 1;
                on(Line::new(number, bytes, bytes + shown.len() as u64, shown));
                bytes += line.len() as u64;
            }
        }
        Piece::Shown { text, len, end, .. } => {
            number += 1;
            on(Line::new(number, bytes, bytes + len, text));
            bytes += len + end;
        }
    })
}

fn fill(input: &mut dyn BufRead, into: &mut [u8]) -> Result<usize> {
    loop {
        match input.read(into) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}

/// Reads on to the end of a line that fills the block; how much of the block the start of the next one takes.
fn long_line(input: &mut dyn BufRead, block: &mut [u8], on: &mut dyn FnMut(Piece<'_>)) -> Result<usize> {
    let mut cleaner = Cleaner::default();
    cleaner.feed(block);
    let mut len = block.len() as u64;
    let mut last = block.last().copied();
    loop {
        let read = fill(input, block)?;
        let end = memchr(b'\n', &block[..read]);
        let part = &block[..end.unwrap_or(read)];
        cleaner.feed(part);
        len += part.len() as u64;
        last = part.last().copied().or(last);
        if end.is_some() || read == 0 {
            shown(&cleaner, len, last, end.is_some(), on);
            let next = end.map_or(read, |end| end + 1);
            block.copy_within(next..read, 0);
            return Ok(read - next);
        }
    }
}

fn shown(cleaner: &Cleaner, len: u64, last: Option<u8>, ended: bool, on: &mut dyn FnMut(Piece<'_>)) {
    let (text, cut) = cleaner.shown();
    let carriage = u64::from(last == Some(b'\r'));
    on(Piece::Shown { text, cut, len: len - carriage, end: carriage + u64::from(ended) });
}

/// Takes lines that have come whole; the last may lack its end.
fn whole_lines(block: &[u8], on: &mut dyn FnMut(Piece<'_>)) {
    let mut cleaner = Cleaner::default();
    let mut from = 0;
    for odd in odd_lines(block) {
        if odd.start > from {
            on(Piece::Plain(&block[from..odd.start]));
        }
        let line = &block[odd.clone()];
        let ended = line.last() == Some(&b'\n');
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        cleaner.clear();
        cleaner.feed(line);
        shown(&cleaner, line.len() as u64, line.last().copied(), ended, on);
        from = odd.end;
    }
    if from < block.len() {
        on(Piece::Plain(&block[from..]));
    }
}

/// The lines, with their ends, that can't be searched as they are.
fn odd_lines(block: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut long = long_lines(block).into_iter().peekable();
    let mut marks = memchr2_iter(0x1B, b'\r', block)
        .filter(|at| block[*at] == 0x1B || block.get(at + 1) != Some(&b'\n'))
        .peekable();
    std::iter::from_fn(move || {
        let marked = marks.peek().map(|at| line_around(block, *at));
        let next = match (marked, long.peek()) {
            (Some(marked), Some(long)) if long.start < marked.start => long.clone(),
            (Some(marked), _) => marked,
            (None, long) => long?.clone(),
        };
        while marks.next_if(|at| *at < next.end).is_some() {}
        while long.next_if(|line| line.start < next.end).is_some() {}
        Some(next)
    })
}

/// The lines that are too long: found without walking every line, since in any stretch of half that length there is
/// a line end unless it lies inside one.
fn long_lines(block: &[u8]) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while from < block.len() {
        let stretch = &block[from..block.len().min(from + LONGEST_LINE / 2)];
        from += stretch.len();
        if memchr(b'\n', stretch).is_some() {
            continue;
        }
        let line = line_around(block, from - 1);
        from = line.end;
        if line.len() > LONGEST_LINE {
            lines.push(line);
        }
    }
    lines
}

/// The line, with its end, that holds the byte at a place.
fn line_around(block: &[u8], at: usize) -> Range<usize> {
    let start = memrchr(b'\n', &block[..at]).map_or(0, |end| end + 1);
    let end = memchr(b'\n', &block[at..]).map_or(block.len(), |end| at + end + 1);
    start..end
}

/// How many line ends there are.
pub(crate) fn count_lines(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}
