use serde::{Deserialize, Serialize};

use crate::Rule;

/// A candidate rule that incidents and the edits that ended them agree on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// The rule it would write, with its incidents as tests.
    pub rule: Rule,
    /// What it rests on.
    pub evidence: Evidence,
    /// What it was checked against; it may be written when each has passed.
    pub gates: Vec<Gate>,
}

/// What a lesson rests on.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// The incidents' ids, in order.
    pub incidents: Vec<String>,
    /// How many of them are distinct in message, old and new text.
    pub distinct: u32,
    /// On how many of all incidents on record the rule does what a person did.
    pub right: u32,
    /// On how many it would have done something else.
    pub wrong: u32,
}

/// One check of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Its name: `often`, `reproduces`, `idempotent`, `silent`, `right`, `specific`, `small`, `honest`, `new`.
    pub name: String,
    /// Whether it passed.
    pub passed: bool,
    /// What was seen, in words.
    pub detail: String,
}
