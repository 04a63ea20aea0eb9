use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};

/// A set of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bytes([u64; 4]);

impl Bytes {
    /// Every byte.
    pub(crate) const ALL: Self = Self([u64::MAX; 4]);
    const NONE: Self = Self([0; 4]);

    pub(crate) fn has(self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] & (1 << (byte & 63)) != 0
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    fn add(&mut self, from: u8, to: u8) {
        for byte in from..=to {
            self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
    }
}

/// The bytes that a text may begin with if it begins with a match of the pattern; all where that can't be told.
pub(crate) fn first(source: &str) -> Bytes {
    let parse = |unicode| {
        ParserBuilder::new().utf8(false).unicode(unicode).multi_line(true).build().parse(source).ok()
    };
    let Some(hir) = parse(false).or_else(|| parse(true)) else { return Bytes::ALL };
    let mut bytes = Bytes::NONE;
    if begin(&hir, &mut bytes) { Bytes::ALL } else { bytes }
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
            class.ranges().iter().for_each(|range| bytes.add(range.start(), range.end()));
            false
        }
        HirKind::Class(Class::Unicode(class)) => {
            for range in class.ranges() {
                let last = |c: char| u8::try_from(c).ok().filter(u8::is_ascii);
                match (last(range.start()), last(range.end())) {
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
