use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Diagnostic, RelPath, RuleId};

/// One place where a rule's trigger holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// What its patterns caught, by name.
    pub captures: BTreeMap<String, Capture>,
    /// What captures of a document's nodes hold there, where that is no text: a number, null, a list.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Value>,
    /// Where in the output it was; absent for findings about files.
    pub span: Option<Span>,
    /// The place in the project it is about.
    pub location: Option<Location>,
    /// The lines that matched, colours stripped, each at most 512 bytes.
    pub excerpt: Vec<String>,
    /// The diagnostic it came from.
    pub diagnostic: Option<Diagnostic>,
    /// How often the same was seen (same rule, same captures).
    pub count: u32,
    /// Where else in the output it was: the first [`Finding::MOST_AGAIN`] of its repetitions.
    #[serde(default)]
    pub again: Vec<Span>,
}

impl Finding {
    /// How many of its repetitions a finding keeps the places of.
    pub const MOST_AGAIN: usize = 16;

    /// Counts a repetition, and keeps its place.
    pub fn repeat(&mut self, span: Option<Span>) {
        self.count = self.count.saturating_add(1);
        self.again.extend(span.filter(|_| self.again.len() < Self::MOST_AGAIN));
    }

    /// Every place of the output that is known to hold it.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.span.iter().chain(&self.again).copied()
    }

    /// Whether both are, somewhere, about the same line of the output.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.spans().any(|one| other.spans().any(|other| one.overlaps(other)))
    }
}

impl Span {
    /// Whether both hold a line.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.first_line <= other.last_line && other.first_line <= self.last_line
    }
}

/// What a named group caught.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Capture(pub String);

/// A stretch of an observed stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    /// The first line, from 1.
    pub first_line: u64,
    /// The last line, from 1, inclusive.
    pub last_line: u64,
    /// The first line's offset in bytes from the stream's start.
    pub start: u64,
    /// The offset just after the last line, its end not included.
    pub end: u64,
}

/// A place in a file of the project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The file.
    pub path: RelPath,
    /// From 1.
    pub line: Option<u32>,
    /// From 1, in characters.
    pub column: Option<u32>,
}

/// One of a command's streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What is known of the output that is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Observation {
    /// The command that printed it.
    pub command: Option<String>,
    /// The code it ended with.
    pub exit: Option<i32>,
    /// Which of its streams this is.
    pub stream: Option<Stream>,
}

/// What was found, beside what could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Found {
    /// In playbook order.
    pub findings: Vec<Finding>,
    /// Never an error: the rest still counts.
    pub doubts: Vec<Doubt>,
}

/// Something that could not be looked at or decided, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The rule that asked.
    pub rule: Option<RuleId>,
    /// What, and why; no full stop.
    pub message: String,
}

impl Finding {
    /// A capture's text.
    #[must_use]
    pub fn capture(&self, name: &str) -> Option<&str> {
        self.captures.get(name).map(|capture| capture.0.as_str())
    }
}

impl From<&str> for Capture {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
