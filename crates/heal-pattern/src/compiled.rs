use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use heal_model::{Engine, Pattern, PatternKind};

use crate::ascii::{Boundary, ascii};
use crate::form::{self, Form};
use crate::{BACKTRACKS, LARGEST, LONGEST, PatternError, syntax};

/// A pattern that searches bytes, valid UTF-8 or not.
#[derive(Clone, Debug)]
pub struct Compiled(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Linear(Linear),
    Backtracking(Box<fancy_regex::Regex>),
}

/// Two forms of one pattern that agree on ASCII text, where the first is much the faster to compile and to run.
#[derive(Clone, Debug)]
struct Linear {
    /// Reads bytes; for text that is all ASCII.
    narrow: Arc<Form>,
    /// Reads characters, so that no capture splits one; for any other text, compiled when that first comes.
    wide: OnceLock<Arc<Form>>,
    source: String,
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

/// A backtracking pattern took more than [`BACKTRACKS`] steps: whether it would have been found is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pattern backtracks more than {BACKTRACKS} times")]
pub struct Exhausted;

impl Compiled {
    /// Compiles a pattern for searching one line or one whole text: `^` and `$` are a line's ends.
    ///
    /// # Errors
    /// Says what is wrong and where in the source.
    pub fn new(pattern: &Pattern) -> Result<Self, PatternError> {
        if pattern.source.len() > LONGEST {
            return Err(PatternError::Long { len: pattern.source.len() });
        }
        match (pattern.kind, pattern.engine) {
            (PatternKind::Text, _) => {
                Linear::new(&regex_syntax::escape(&pattern.source), true).map(Self::linear)
            }
            (PatternKind::Regex, Engine::Linear) => {
                Linear::new(&pattern.source, pattern.unicode).map(Self::linear)
            }
            (PatternKind::Regex, Engine::Backtracking) => backtracking(&pattern.source, pattern.unicode)
                .map(|regex| Self(Kind::Backtracking(Box::new(regex)))),
        }
    }

    fn linear(linear: Linear) -> Self {
        Self(Kind::Linear(linear))
    }

    /// Its named captures, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        match &self.0 {
            Kind::Linear(linear) => linear.narrow.names().flatten().map(str::to_owned).collect(),
            Kind::Backtracking(regex) => regex.capture_names().flatten().map(str::to_owned).collect(),
        }
    }

    /// Whether it is found anywhere in `text`. A search over the backtrack limit counts as not found.
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        match &self.0 {
            Kind::Linear(linear) => linear.form(text).is_match(text),
            Kind::Backtracking(regex) => regex.is_match(&*valid(text)).unwrap_or(false),
        }
    }

    /// The first place where it is found, without its captures, which costs less.
    #[must_use]
    pub fn range(&self, text: &[u8]) -> Option<Range<usize>> {
        match &self.0 {
            Kind::Linear(linear) => linear.form(text).range(text),
            Kind::Backtracking(regex) => regex.find(&*valid(text)).ok().flatten().map(|found| found.range()),
        }
    }

    /// The first place from `start` where it is found, with its captures.
    ///
    /// # Errors
    /// When a backtracking pattern gives up; then it may be there or not.
    pub fn search(&self, text: &[u8], start: usize) -> Result<Option<Caught>, Exhausted> {
        if start > text.len() {
            return Ok(None);
        }
        match &self.0 {
            Kind::Linear(linear) => {
                let form = linear.form(text);
                let captures = form.search(text, start);
                Ok(caught(form.names(), |index| captures.get_group(index).map(|span| span.range())))
            }
            Kind::Backtracking(regex) => {
                let text = valid(text);
                let captures = regex.captures_from_pos(&*text, start).map_err(|_| Exhausted)?;
                Ok(captures.and_then(|captures| {
                    caught(regex.capture_names(), |index| captures.get(index).map(|found| found.range()))
                }))
            }
        }
    }

    /// The first place from `start` where it is found, with its captures. A search over the backtrack limit counts
    /// as not found.
    #[must_use]
    pub fn find_at(&self, text: &[u8], start: usize) -> Option<Caught> {
        self.search(text, start).ok().flatten()
    }

    /// The first place where it is found, with its captures.
    #[must_use]
    pub fn find(&self, text: &[u8]) -> Option<Caught> {
        self.find_at(text, 0)
    }
}

impl Linear {
    fn new(source: &str, unicode: bool) -> Result<Self, PatternError> {
        let wide = if unicode { source.to_owned() } else { ascii(source, Boundary::Flagged) };
        // What is Unicode by its own wish (`\p{…}`, classes of other letters) has no form that reads bytes.
        let narrow = match Form::new(source, false) {
            Ok(form) => form,
            Err(_) => Form::new(&wide, true).map_err(|error| syntax::explain(source, &error))?,
        };
        Ok(Self { narrow: Arc::new(narrow), wide: OnceLock::new(), source: wide })
    }

    fn form(&self, text: &[u8]) -> &Form {
        if text.is_ascii() {
            return &self.narrow;
        }
        // A form over the size limit was refused by `check`; without that, bytes are better than nothing.
        self.wide
            .get_or_init(|| Form::new(&self.source, true).map_or_else(|_| Arc::clone(&self.narrow), Arc::new))
    }
}

fn caught<'a>(
    names: impl Iterator<Item = Option<&'a str>>,
    range: impl Fn(usize) -> Option<Range<usize>>,
) -> Option<Caught> {
    let group =
        |(index, name): (usize, Option<&str>)| Some(Group { name: name?.to_owned(), range: range(index)? });
    Some(Caught { range: range(0)?, groups: names.enumerate().filter_map(group).collect() })
}

/// The text with each byte that is no UTF-8 replaced by one that is, so that every place stays where it was.
fn valid(text: &[u8]) -> Cow<'_, str> {
    const SUBSTITUTE: &str = "\x1A";
    if let Ok(text) = std::str::from_utf8(text) {
        return text.into();
    }
    let chunk =
        |chunk: std::str::Utf8Chunk<'_>| chunk.valid().to_owned() + &SUBSTITUTE.repeat(chunk.invalid().len());
    text.utf8_chunks().map(chunk).collect::<String>().into()
}

fn backtracking(written: &str, unicode: bool) -> Result<fancy_regex::Regex, PatternError> {
    let source = if unicode { written.to_owned() } else { ascii(written, Boundary::LookAround) };
    fancy_regex::RegexBuilder::new(&source)
        .multi_line(true)
        .backtrack_limit(BACKTRACKS)
        .delegate_size_limit(LARGEST)
        .build()
        .map_err(|error| refused(written, &error))
}

/// Checks that both forms of a linear pattern stay within the limits.
pub(crate) fn fits(source: &str, unicode: bool) -> Result<(), PatternError> {
    let linear = Linear::new(source, unicode)?;
    form::whole(&linear.source, true).map(drop).map_err(|error| syntax::explain(source, &error))
}

/// Places an error of `fancy-regex` in the source as written, by compiling that once more.
fn refused(written: &str, error: &fancy_regex::Error) -> PatternError {
    let start = match fancy_regex::Regex::new(written) {
        Err(fancy_regex::Error::ParseError(position, _)) => position.min(written.len()),
        _ => 0,
    };
    PatternError::Syntax { message: error.to_string(), span: start..written.len(), unsupported: false }
}
