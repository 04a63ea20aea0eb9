use std::ops::Range;

use crate::Code;
use crate::source::Source;

/// How many problems are told; what comes after them is mostly what they lead to.
pub(crate) const MOST_PROBLEMS: usize = 100;

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The playbook works; it could be better.
    Advice,
    /// The playbook works, and part of it perhaps not as meant.
    Warning,
    /// The playbook can't be used.
    Error,
}

/// Something that is wrong with a playbook, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of mistake it is.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong; lower case, no full stop.
    pub message: String,
    /// A few words for the underlined text.
    pub label: String,
    /// What to type instead.
    pub help: Option<String>,
    /// The offending text, in bytes of the playbook.
    pub span: Range<usize>,
    /// The line it starts in, from 1.
    pub line: u32,
    /// The column it starts at, from 1, in characters.
    pub column: u32,
    /// The line it ends in, from 1.
    pub end_line: u32,
    /// The column just after its end, from 1, in characters.
    pub end_column: u32,
}

impl Problem {
    /// What is wrong with a file of extractors, at a line and a column.
    #[must_use]
    pub fn of_extractor(text: &str, line: u32, column: u32, message: &str) -> Self {
        let above = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
        let start: usize = text.split_inclusive('\n').take(above).map(str::len).sum();
        let at =
            text[start..].char_indices().nth(usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX));
        let start = at.map_or(text.len(), |(at, _)| start + at);
        let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
        let mut problem = Self::new(Code::Extractor, start..end, message);
        problem.locate(&Source::decode(text.as_bytes()).0);
        problem
    }

    pub(crate) fn new(code: Code, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            label: "here".to_owned(),
            help: None,
            span,
            line: 0,
            column: 0,
            end_line: 0,
            end_column: 0,
        }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    pub(crate) fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Fits the span to the text and works out its lines and columns.
    pub(crate) fn locate(&mut self, source: &Source) {
        self.span = source.fit(&self.span);
        (self.line, self.column) = source.place(self.span.start);
        (self.end_line, self.end_column) = source.place(self.span.end);
    }
}
