use std::ops::Range;

use heal_model::{Pattern, PatternKind, PatternTemplate, RefusalCode};
use heal_pattern::{Caught, Compiled, PatternError};

use crate::draft::Draft;
use crate::refused::{Refused, quoted};
use crate::template::Escape;
use crate::text::Text;

/// How often one pattern may be found in one file.
const MOST: usize = 10_000;

/// How much of what is searched a pattern must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Any part of it.
    Any,
    /// All of it.
    All,
}

/// A pattern with its templates filled in, ready to search.
pub(crate) struct Search {
    compiled: Compiled,
    /// The pattern, filled in.
    pub(crate) source: String,
    /// Its source, for people.
    pub(crate) shown: String,
}

impl Search {
    /// Fills a pattern in and compiles it.
    pub(crate) fn new(draft: &Draft<'_>, pattern: &PatternTemplate, extent: Extent) -> Result<Self, Refused> {
        let escape = match pattern.kind {
            PatternKind::Regex => Escape::Regex,
            PatternKind::Text => Escape::Plain,
        };
        let mut source = draft.fill(&pattern.source, escape)?;
        if pattern.kind == PatternKind::Text {
            source = source.replace("\r\n", "\n");
        }
        let shown = quoted(&source);
        let wrong = |error: PatternError| {
            Refused::new(RefusalCode::Template, format!("{shown} is not a regular expression: {error}"))
        };
        if source.is_empty() && extent == Extent::Any {
            return Err(Refused::new(RefusalCode::Template, "there is nothing to search for".to_owned()));
        }
        let (source, kind) = match (extent, pattern.kind) {
            (Extent::Any, kind) => (source, kind),
            (Extent::All, PatternKind::Regex) => (format!(r"\A(?:{source})\z"), PatternKind::Regex),
            (Extent::All, PatternKind::Text) => {
                (format!(r"\A{}\z", regex_syntax::escape(&source)), PatternKind::Regex)
            }
        };
        Self::compiled(source, kind, shown.clone()).map_err(wrong)
    }

    /// A pattern that is a text as it stands; none where it is none, or too large.
    pub(crate) fn of(source: String, kind: PatternKind) -> Option<Self> {
        let shown = quoted(&source);
        Self::compiled(source, kind, shown).ok()
    }

    fn compiled(source: String, kind: PatternKind, shown: String) -> Result<Self, PatternError> {
        let engine = heal_pattern::check(&source, kind, false)?.engine;
        let pattern = Pattern { source, kind, unicode: false, engine };
        let compiled = Compiled::new(&pattern)?;
        Ok(Self { compiled, source: pattern.source, shown })
    }

    /// Its named captures.
    pub(crate) fn names(&self) -> Vec<String> {
        self.compiled.names()
    }

    /// Whether a line fits.
    pub(crate) fn fits(&self, line: &[u8]) -> bool {
        self.compiled.is_match(line)
    }

    /// The match that starts at an offset.
    pub(crate) fn at(&self, text: &Text, start: usize) -> Option<Caught> {
        self.compiled.find_at(&text.bytes, start).filter(|caught| caught.range.start == start)
    }

    /// The match in a stretch of the text, of which it sees nothing else.
    pub(crate) fn whole(&self, text: &Text, range: Range<usize>) -> Option<Caught> {
        let mut caught = self.compiled.find(&text.bytes[range.clone()])?;
        let moved = |inner: &Range<usize>| range.start + inner.start..range.start + inner.end;
        caught.range = moved(&caught.range);
        for group in &mut caught.groups {
            group.range = moved(&group.range);
        }
        Some(caught)
    }

    /// Every place where it is found, from left to right and apart from each other.
    pub(crate) fn all(&self, text: &Text) -> Result<Vec<Caught>, Refused> {
        self.each(
            text,
            |caught| if caught.range.is_empty() { caught.range.end + 1 } else { caught.range.end },
        )
    }

    /// The first place in each line where it is found.
    pub(crate) fn lines(&self, text: &Text) -> Result<Vec<Caught>, Refused> {
        self.each(text, |caught| text.line(caught.range.start).1.end + 1)
    }

    fn each(&self, text: &Text, next: impl Fn(&Caught) -> usize) -> Result<Vec<Caught>, Refused> {
        let mut found = Vec::new();
        let mut start = 0;
        while let Some(caught) =
            (start <= text.bytes.len()).then(|| self.compiled.find_at(&text.bytes, start)).flatten()
        {
            if found.len() == MOST {
                let reason = format!("{} is found more than {MOST} times in one file", self.shown);
                return Err(Refused::new(RefusalCode::Limit, reason));
            }
            start = next(&caught);
            found.push(caught);
        }
        Ok(found)
    }
}
