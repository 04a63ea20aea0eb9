use std::collections::BTreeMap;

use heal_model::{Doubt, Finding, RuleId, Span};

/// What a scan tells as it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "an event is handed over once and never kept")]
pub enum Event {
    /// A rule and its captures are seen for the first time.
    Found(Finding),
    /// What was found before is seen again: that finding's place among those found so far, from 0, and where it is now.
    Again(usize, Option<Span>),
}

/// What a whole stream came to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Seen {
    /// Each once, with how often it was seen, in the order in which they were told.
    pub findings: Vec<Finding>,
    /// What could not be searched or decided.
    pub doubts: Vec<Doubt>,
    /// How many lines there were.
    pub lines: u64,
    /// How many bytes there were.
    pub bytes: u64,
    /// Rules that were found more than [`MOST_FINDINGS`] times, and how often beyond that.
    pub capped: BTreeMap<RuleId, u64>,
}

/// How many different findings of one rule a scan keeps; the rest are counted.
pub const MOST_FINDINGS: usize = 100;
/// How many bytes of a line are searched, colours not counted.
pub const LONGEST_LINE: usize = 64 * 1024;
/// How many bytes of a line an excerpt shows.
pub const LONGEST_EXCERPT: usize = 512;
