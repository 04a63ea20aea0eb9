use std::ops::Range;

use heal_model::{Engine, Pattern, PatternKind};

use crate::PatternError;
use crate::{BACKTRACKS, DEEPEST, LARGEST, LONGEST};

/// A pattern that searches.
#[derive(Clone, Debug)]
pub struct Compiled(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Linear(regex::bytes::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

/// Where a pattern was found, and its named captures that took part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caught {
    /// Where, in bytes of what was searched.
    pub range: Range<usize>,
    /// In the pattern's order.
    pub groups: Vec<Group>,
}

/// A named capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Where, in bytes of what was searched.
    pub range: Range<usize>,
}

impl Compiled {
    /// Compiles a pattern for searching one line or one whole text: `^` and `$` are a line's ends.
    ///
    /// # Errors
    /// Says what is wrong and where in the source.
    pub fn new(pattern: &Pattern) -> Result<Self, PatternError> {
        if pattern.source.len() > LONGEST {
            return Err(PatternError::Long { len: pattern.source.len() });
        }
        let source = match pattern.kind {
            PatternKind::Regex => pattern.source.clone(),
            PatternKind::Text => regex::escape(&pattern.source),
        };
        match pattern.engine {
            Engine::Linear => linear(&source, pattern.unicode).map(|regex| Self(Kind::Linear(regex))),
            Engine::Backtracking => {
                backtracking(&source).map(|regex| Self(Kind::Backtracking(Box::new(regex))))
            }
        }
    }

    /// Its named captures, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        match &self.0 {
            Kind::Linear(regex) => regex.capture_names().flatten().map(str::to_owned).collect(),
            Kind::Backtracking(regex) => regex.capture_names().flatten().map(str::to_owned).collect(),
        }
    }

    /// Whether it is found anywhere in `text`. A search over the backtrack limit counts as not found.
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        match &self.0 {
            Kind::Linear(regex) => regex.is_match(text),
            Kind::Backtracking(regex) => regex.is_match(&*String::from_utf8_lossy(text)).unwrap_or(false),
        }
    }

    /// The first place from `start` where it is found, with its captures.
    #[must_use]
    pub fn find_at(&self, text: &[u8], start: usize) -> Option<Caught> {
        match &self.0 {
            Kind::Linear(regex) => {
                let captures = regex.captures_at(text, start)?;
                let names = regex.capture_names().enumerate();
                let groups = names.filter_map(|(index, name)| {
                    Some(Group { name: name?.to_owned(), range: captures.get(index)?.range() })
                });
                Some(Caught { range: captures.get(0)?.range(), groups: groups.collect() })
            }
            Kind::Backtracking(regex) => {
                let text = std::str::from_utf8(text).ok()?;
                let captures = regex.captures_from_pos(text, start).ok()??;
                let names = regex.capture_names().enumerate();
                let groups = names.filter_map(|(index, name)| {
                    Some(Group { name: name?.to_owned(), range: captures.get(index)?.range() })
                });
                Some(Caught { range: captures.get(0)?.range(), groups: groups.collect() })
            }
        }
    }

    /// The first place where it is found, with its captures.
    #[must_use]
    pub fn find(&self, text: &[u8]) -> Option<Caught> {
        self.find_at(text, 0)
    }
}

fn linear(source: &str, unicode: bool) -> Result<regex::bytes::Regex, PatternError> {
    if let Err(error) =
        regex_syntax::ast::parse::ParserBuilder::new().nest_limit(DEEPEST).build().parse(source)
    {
        let span = error.span().start.offset..error.span().end.offset;
        let unsupported = matches!(
            error.kind(),
            regex_syntax::ast::ErrorKind::UnsupportedLookAround
                | regex_syntax::ast::ErrorKind::UnsupportedBackreference
        );
        return Err(PatternError::Syntax { message: error.kind().to_string(), span, unsupported });
    }
    regex::bytes::RegexBuilder::new(source)
        .unicode(unicode || !source.is_ascii())
        .multi_line(true)
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => PatternError::Large,
            other => {
                PatternError::Syntax { message: other.to_string(), span: 0..source.len(), unsupported: false }
            }
        })
}

fn backtracking(source: &str) -> Result<fancy_regex::Regex, PatternError> {
    fancy_regex::RegexBuilder::new(source)
        .multi_line(true)
        .backtrack_limit(BACKTRACKS)
        .delegate_size_limit(LARGEST)
        .build()
        .map_err(|error| PatternError::Syntax {
            message: error.to_string(),
            span: 0..source.len(),
            unsupported: false,
        })
}
