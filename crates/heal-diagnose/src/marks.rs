use std::sync::Arc;

use heal_model::Pattern;

use crate::Extractor;
use crate::extractor::{Bytes, Look, captured};

/// What other programs put before each line that they pass on: services of CI, containers, several commands at once.
#[derive(Clone, Debug)]
pub struct Marks(Arc<[Mark]>);

#[derive(Debug)]
struct Mark {
    /// What a line with it begins with.
    first: Bytes,
    extractor: Extractor,
}

/// How many programs are known to pass a line on, one after the other.
const MOST_WITHIN: usize = 3;

impl Marks {
    /// Those that no program writes itself, so that rules on lines see what follows them.
    #[must_use]
    pub fn sure(extractors: &[Extractor]) -> Self {
        Self::of(extractors.iter().filter(|extractor| extractor.0.sure))
    }

    /// All of them.
    pub(crate) fn all(extractors: &[Extractor]) -> Self {
        Self::of(extractors.iter())
    }

    fn of<'a>(extractors: impl Iterator<Item = &'a Extractor>) -> Self {
        let mark = |extractor: &Extractor| {
            let first = extractor.0.envelope.as_ref()?.first();
            Some(Mark { first, extractor: extractor.clone() })
        };
        let mut marks: Vec<Mark> = extractors.filter_map(mark).collect();
        marks.sort_by_key(|mark| -i64::from(mark.extractor.0.priority));
        Self(marks.into())
    }

    /// The marks before a line, one within the other, and the line without them.
    pub(crate) fn taken_off<'a>(&self, line: &'a [u8]) -> (String, &'a [u8]) {
        let mut marks = String::new();
        let mut rest = line;
        for _ in 0..MOST_WITHIN {
            let Some((mark, line)) = self.0.iter().find_map(|mark| mark.taken_off(rest)) else { break };
            marks.push_str(&mark);
            rest = line;
        }
        (marks, rest)
    }

    /// A line without the marks before it. `may` says whether a line may have one; `false` is certain.
    pub(crate) fn without<'a>(&self, line: &'a [u8], mut may: impl FnMut(&[u8]) -> bool) -> &'a [u8] {
        let mut rest = line;
        for _ in 0..MOST_WITHIN {
            let mut marks = self.0.iter().filter(|mark| mark.first.may_begin(rest));
            let end = may(rest).then(|| marks.find_map(|mark| mark.look()?.begins(rest))).flatten();
            let Some(end) = end else { break };
            rest = &rest[end..];
        }
        rest
    }

    /// What lines with a mark are recognised by; `None` where that can't be told from how they begin.
    pub(crate) fn patterns(&self) -> Option<Vec<Pattern>> {
        let patterns = self.0.iter().map(|mark| mark.look()?.anchored());
        patterns.collect::<Option<Vec<_>>>().map(|all| all.concat())
    }
}

impl Mark {
    fn look(&self) -> Option<&Look> {
        self.extractor.0.envelope.as_ref()
    }

    /// The mark before a line, with the name of its lane, and the line without it.
    fn taken_off<'a>(&self, line: &'a [u8]) -> Option<(String, &'a [u8])> {
        if !self.first.may_begin(line) {
            return None;
        }
        let found = self.look()?.find(line).filter(|found| found.range.start == 0)?;
        let lane = captured(line, &found).into_iter().find(|one| one.name == "lane");
        // One tool may have several marks for one lane.
        let mark = format!("{} {};", self.extractor.tool(), lane.map_or_else(String::new, |lane| lane.text));
        Some((mark, &line[found.range.end..]))
    }
}
