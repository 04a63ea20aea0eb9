use heal_model::{Pattern, PatternKind, PatternTemplate, RefusalCode};
use heal_pattern::{Caught, Compiled};

use crate::draft::Draft;
use crate::refused::{Refused, quoted};
use crate::template::Escape;
use crate::text::Text;

/// How often one pattern may be found in one file.
const MOST: usize = 10_000;

/// A pattern with its templates filled in, ready to search.
pub(crate) struct Search {
    compiled: Compiled,
    /// Its source, for people.
    pub(crate) shown: String,
}

impl Search {
    /// Fills a pattern in and compiles it.
    pub(crate) fn new(draft: &Draft<'_>, pattern: &PatternTemplate) -> Result<Self, Refused> {
        let escape = match pattern.kind {
            PatternKind::Regex => Escape::Regex,
            PatternKind::Text => Escape::Plain,
        };
        let mut source = draft.fill(&pattern.source, escape)?;
        if pattern.kind == PatternKind::Text {
            source = source.replace("\r\n", "\n");
        }
        let shown = quoted(&source);
        let wrong = |error: heal_pattern::PatternError| {
            Refused::new(RefusalCode::Template, format!("{shown} is not a regular expression: {error}"))
        };
        if source.is_empty() {
            return Err(Refused::new(RefusalCode::Template, "there is nothing to search for".to_owned()));
        }
        let engine = heal_pattern::check(&source, pattern.kind, false).map_err(wrong)?.engine;
        let compiled =
            Compiled::new(&Pattern { source, kind: pattern.kind, unicode: false, engine }).map_err(wrong)?;
        Ok(Self { compiled, shown })
    }

    /// Its named captures.
    pub(crate) fn names(&self) -> Vec<String> {
        self.compiled.names()
    }

    /// Whether a line fits.
    pub(crate) fn fits(&self, line: &[u8]) -> bool {
        self.compiled.is_match(line)
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
