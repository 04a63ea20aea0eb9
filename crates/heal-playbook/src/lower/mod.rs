//! From what is written to what is meant: every value checked at its place, defaults filled in.
//!
//! Nothing here fails. What is wrong becomes a problem, and a stand-in takes its place so that the rest is checked too;
//! with an error among the problems, the result is dropped.

mod action;
mod asset;
pub(crate) mod captures;
mod exact;
mod path;
mod pattern;
mod playbook;
mod policy;
mod rule;
mod state;
mod step;
mod template;
mod test;
mod tier;
mod trigger;

use std::collections::BTreeMap;
use std::ops::Range;

use heal_model::{Asset, Place};

use crate::shape::Lost;
use crate::source::Source;
use crate::template::Scope;
use crate::yaml::Node;
use crate::{Code, Problem};

pub(crate) use playbook::{Parts, playbook};

/// What lowering carries along.
pub(crate) struct Lower<'a> {
    source: &'a Source,
    read: &'a dyn Fn(&str) -> Asset,
    /// The playbook's name.
    name: String,
    /// What every template knows: variables and sources.
    globals: Scope,
    /// What was lost of rules whose shape is wrong, by where they start.
    lost: &'a BTreeMap<usize, Lost>,
    assets: BTreeMap<String, Asset>,
    problems: Vec<Problem>,
}

impl Lower<'_> {
    /// A problem with a whole node.
    fn wrong(&self, code: Code, node: &Node, message: impl Into<String>) -> Problem {
        Problem::new(code, node.head(&self.source.text), message)
    }

    /// A problem with a part of a text.
    fn wrong_in(&self, code: Code, node: &Node, part: &Range<usize>, message: impl Into<String>) -> Problem {
        Problem::new(code, node.within(&self.source.text, part), message)
    }

    fn note(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn place(&self, node: &Node) -> Place {
        let (line, column) = self.source.place(node.span.start);
        Place { line, column }
    }
}
