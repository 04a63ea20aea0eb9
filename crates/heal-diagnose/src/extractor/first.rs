use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, ClassBytes, Hir, HirKind};
use serde::{Deserialize, Serialize};

/// A set of bytes; written as ranges, the first and the last of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(u8, u8)>", into = "Vec<(u8, u8)>")]
pub(crate) struct Bytes([u64; 4]);

impl Bytes {
    /// Every byte.
    pub(crate) const ALL: Self = Self([u64::MAX; 4]);
    const NONE: Self = Self([0; 4]);

    pub(crate) fn has(self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] & (1 << (byte & 63)) != 0
    }

    /// Whether a line may begin with one of them. An empty line begins with nothing, which only a pattern fits that may
    /// begin with anything.
    pub(crate) fn may_begin(self, line: &[u8]) -> bool {
        line.first().map_or(self == Self::ALL, |byte| self.has(*byte))
    }

    /// One byte.
    pub(crate) fn of(byte: u8) -> Self {
        let mut bytes = Self::NONE;
        bytes.add(byte, byte);
        bytes
    }

    /// The bytes of a part of a pattern that is one byte of some; nothing where it is something else.
    pub(crate) fn alone(hir: &Hir) -> Option<Self> {
        let mut bytes = Self::NONE;
        match hir.kind() {
            HirKind::Capture(capture) => return Self::alone(&capture.sub),
            HirKind::Literal(literal) if literal.0.len() == 1 => bytes.add(literal.0[0], literal.0[0]),
            HirKind::Class(Class::Bytes(class)) => {
                bytes.add_class(class);
            }
            HirKind::Class(Class::Unicode(class)) => {
                for range in class.ranges() {
                    bytes.add(ascii(range.start())?, ascii(range.end())?);
                }
            }
            _ => return None,
        }
        Some(bytes)
    }

    /// How many bytes are of it.
    pub(crate) fn count(self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    /// Whether some byte is of both.
    pub(crate) fn meets(self, other: Self) -> bool {
        (0..4).any(|at| self.0[at] & other.0[at] != 0)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    fn add_class(&mut self, class: &ClassBytes) {
        class.ranges().iter().for_each(|range| self.add(range.start(), range.end()));
    }

    fn add(&mut self, from: u8, to: u8) {
        for byte in from..=to {
            self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
    }
}

impl From<Vec<(u8, u8)>> for Bytes {
    fn from(ranges: Vec<(u8, u8)>) -> Self {
        let mut bytes = Self::NONE;
        ranges.into_iter().for_each(|(from, to)| bytes.add(from, to));
        bytes
    }
}

impl From<Bytes> for Vec<(u8, u8)> {
    fn from(bytes: Bytes) -> Self {
        let mut ranges = Self::new();
        for byte in (0..=u8::MAX).filter(|byte| bytes.has(*byte)) {
            match ranges.last_mut().filter(|(_, to)| to.checked_add(1) == Some(byte)) {
                Some((_, to)) => *to = byte,
                None => ranges.push((byte, byte)),
            }
        }
        ranges
    }
}

/// The bytes that a text may begin with if it begins with a match of the pattern; all where that can't be told.
pub(crate) fn first(source: &str) -> Bytes {
    let Some(hir) = parsed(source) else { return Bytes::ALL };
    let mut bytes = Bytes::NONE;
    if begin(&hir, &mut bytes) { Bytes::ALL } else { bytes }
}

/// A pattern, read as bytes where it can be; nothing where it has what no automaton can do.
pub(crate) fn parsed(source: &str) -> Option<Hir> {
    let parse = |unicode| {
        ParserBuilder::new().utf8(false).unicode(unicode).multi_line(true).build().parse(source).ok()
    };
    parse(false).or_else(|| parse(true))
}

fn ascii(c: char) -> Option<u8> {
    u8::try_from(c).ok().filter(u8::is_ascii)
}

/// Adds what a part may begin with; whether the part may be empty.
fn begin(hir: &Hir, bytes: &mut Bytes) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => literal.0.first().is_none_or(|byte| {
            bytes.add(*byte, *byte);
            false
        }),
        HirKind::Class(Class::Bytes(class)) => {
            bytes.add_class(class);
            false
        }
        HirKind::Class(Class::Unicode(class)) => {
            for range in class.ranges() {
                match (ascii(range.start()), ascii(range.end())) {
                    (Some(from), Some(to)) => bytes.add(from, to),
                    (from, _) => bytes.add(from.unwrap_or(0x80), 0xFF),
                }
            }
            false
        }
        HirKind::Repetition(repetition) => begin(&repetition.sub, bytes) || repetition.min == 0,
        HirKind::Capture(capture) => begin(&capture.sub, bytes),
        HirKind::Concat(parts) => parts.iter().all(|part| begin(part, bytes)),
        HirKind::Alternation(parts) => {
            // Each of them, not only up to the first that may be empty.
            let empty: Vec<bool> = parts.iter().map(|part| begin(part, bytes)).collect();
            empty.contains(&true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::first;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let bytes = first(source);
        let found: String = (0..=0x7F).filter(|byte| bytes.has(*byte)).map(char::from).collect();
        let found = if bytes.has(0xC3) { found + "é" } else { found };
        assert_eq!(found, expected);
    }

    #[test]
    fn what_a_match_begins_with() {
        check("^abc", "a");
        check("^ *[xy]", " xy");
        check("^(?:vet: )?(?<n>[0-3])", "0123v");
        check("^(?:a|b)+c", "ab");
        check("^[x«]", "xé");
        assert_eq!(first("^ *"), super::Bytes::ALL);
        assert_eq!(first("^(?=a)"), super::Bytes::ALL);
    }
}
