//! YAML text to a tree whose nodes know their places, and refuses what a playbook has no use for.

mod node;
mod parse;
mod place;
mod scalar;
mod syntax;

pub(crate) use node::{Entry, Kind, Node};
pub(crate) use parse::parse;
pub(crate) use scalar::value as scalar_value;
