use std::collections::BTreeMap;

use heal_model::{Capture, Finding, Location, RuleId};
use heal_pattern::Caught;
use serde_json::Value;

use super::budget::text;
use crate::location::location;

/// What has been captured, by name.
pub(crate) type Captures = BTreeMap<String, Capture>;

/// One place where a trigger holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    pub(crate) captures: Captures,
    /// What captures hold that are no text.
    pub(crate) values: BTreeMap<String, Value>,
    pub(crate) location: Option<Location>,
    pub(crate) excerpt: Vec<String>,
}

impl Spot {
    /// A place with these captures.
    pub(crate) fn of(captures: Captures) -> Self {
        Self { location: location(&captures), captures, ..Self::default() }
    }

    /// Adds a capture, unless there is one with its name.
    pub(crate) fn with(mut self, name: &str, text: impl Into<String>) -> Self {
        self.captures.entry(name.to_owned()).or_insert_with(|| Capture(text.into()));
        self
    }

    /// Adds a node of a document as a capture, unless there is one with its name.
    pub(crate) fn with_node(self, name: &str, node: &Value) -> Self {
        let is_new = !self.captures.contains_key(name);
        let mut spot = self.with(name, text(node));
        if is_new && !node.is_string() {
            spot.values.insert(name.to_owned(), node.clone());
        }
        spot
    }

    /// Adds the named captures of a match, unless there are ones with their names.
    pub(crate) fn with_groups(mut self, caught: &Caught, text: &[u8]) -> Self {
        for group in &caught.groups {
            self = self.with(&group.name, String::from_utf8_lossy(&text[group.range.clone()]));
        }
        self
    }

    /// This place and another as one; where both say something, this one counts.
    pub(crate) fn joined(&self, other: &Self) -> Self {
        let mut captures = other.captures.clone();
        captures.extend(self.captures.clone());
        let mut values = other.values.clone();
        values.retain(|name, _| !self.captures.contains_key(name));
        values.extend(self.values.clone());
        Self {
            captures,
            values,
            location: self.location.clone().or_else(|| other.location.clone()),
            excerpt: [self.excerpt.as_slice(), &other.excerpt].concat(),
        }
    }

    /// What it comes to.
    pub(crate) fn finding(self, rule: &RuleId) -> Finding {
        Finding {
            rule: rule.clone(),
            location: self.location.or_else(|| location(&self.captures)),
            captures: self.captures,
            values: self.values,
            span: None,
            excerpt: self.excerpt,
            diagnostic: None,
            count: 1,
            again: Vec::new(),
        }
    }
}
