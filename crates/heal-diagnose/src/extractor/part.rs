use regex_syntax::hir::{Hir, HirKind};
use serde::{Deserialize, Serialize};

use super::first::{Bytes, parsed};

/// What every match of a pattern holds somewhere: links in a row. Of links that can be many the longest row counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part(Vec<Link>);

/// A byte of a set, or some in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Link {
    of: Bytes,
    many: bool,
}

/// So many links tell lines apart well enough.
const MOST: usize = 6;

impl Part {
    /// The part of a pattern that the fewest lines hold; nothing where none can be told.
    pub(crate) fn of(source: &str) -> Self {
        let Some(hir) = parsed(source) else { return Self::default() };
        let mut rows = Rows::default();
        rows.walk(&hir);
        rows.end();
        rows.best
    }

    /// Whether it says nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a line may hold a match; `false` is certain.
    pub(crate) fn may_be_in(&self, line: &[u8]) -> bool {
        let Some(first) = self.0.first() else { return true };
        (0..line.len()).any(|at| first.of.has(line[at]) && self.is_at(&line[at..]))
    }

    fn is_at(&self, mut rest: &[u8]) -> bool {
        self.0.iter().all(|link| {
            let row = rest.iter().take_while(|byte| link.of.has(**byte)).count();
            let taken = if link.many { row } else { row.min(1) };
            rest = &rest[taken..];
            taken > 0
        })
    }

    /// How rare it is: bits that it tells.
    fn bits(&self) -> u32 {
        self.0.iter().map(|link| 8 - link.of.count().ilog2()).sum()
    }
}

/// The rows of links met so far.
#[derive(Default)]
struct Rows {
    row: Vec<Link>,
    best: Part,
}

impl Rows {
    fn walk(&mut self, hir: &Hir) {
        if let Some(of) = Bytes::alone(hir) {
            return self.push(Link { of, many: false });
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => {
                literal.0.iter().for_each(|byte| self.push(Link { of: Bytes::of(*byte), many: false }));
            }
            HirKind::Capture(capture) => self.walk(&capture.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.walk(part)),
            HirKind::Repetition(repetition) if repetition.min > 0 => match Bytes::alone(&repetition.sub) {
                Some(of) => self.push(Link { of, many: true }),
                None => {
                    self.end();
                    self.walk(&repetition.sub);
                    self.end();
                }
            },
            HirKind::Class(_) | HirKind::Repetition(_) | HirKind::Alternation(_) => self.end(),
        }
    }

    /// Adds a link. A row that is as long as it can be leaves no choice only where what follows is none of it.
    fn push(&mut self, link: Link) {
        if self.row.last().is_some_and(|last| last.many && last.of.meets(link.of)) {
            self.end();
        }
        self.row.push(link);
        if self.row.len() == MOST {
            self.end();
        }
    }

    fn end(&mut self) {
        let row = Part(std::mem::take(&mut self.row));
        if row.bits() > self.best.bits() {
            self.best = row;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Part;

    /// Which of some lines may hold a match.
    #[track_caller]
    fn check(source: &str, lines: &[&str], expected: &[&str]) {
        let part = Part::of(source);
        let held: Vec<&str> = lines.iter().copied().filter(|line| part.may_be_in(line.as_bytes())).collect();
        assert_eq!(held, expected, "{source}: {part:?}");
    }

    #[test]
    fn places_are_told_from_other_colons() {
        let lines =
            ["a.py:12:3: E501 long", "core:engine.py:1 took", "test_core.py::test PASSED", "x:1:2:3: y", ""];
        let place = r"^(?<file>[^\s:][^:]*):(?<line>\d+):(?<column>\d+): (?<code>[A-Z]\d+) ";
        check(place, &lines, &["a.py:12:3: E501 long", "x:1:2:3: y"]);
        check(r"^(?<code>[A-Z]{1,4}\d{3,4}) ", &["INFO     12", "E501 x", "a E5 b"], &["E501 x", "a E5 b"]);
    }

    #[test]
    fn what_may_be_left_out_is_not_asked_for() {
        check(r"^a(?::\d+)?b", &["ab", "a:1b", "a"], &["ab", "a:1b", "a"]);
        check(r"(?:x|yy)", &["z"], &["z"]);
        check(r"(?:[a-z]+\.)+Z", &["a.b.Z", "a.", "abZ"], &["a.b.Z", "a."]);
        check(r"é\d", &["é1", "e1"], &["é1"]);
    }

    #[test]
    fn a_row_that_could_take_what_follows_ends_the_part() {
        check(r"\d+5;", &["125;", "15", "5;"], &["125;", "5;"]);
    }
}
