use std::fmt;

use serde::{Deserialize, Serialize};

/// Handlebars source, not yet filled in.
///
/// The loader has checked its syntax, variables and helpers; only `heal-plan` renders it, once, in strict mode.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Template(pub String);

impl Template {
    /// The source.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it holds anything to fill in.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.0.contains("{{")
    }
}

impl From<&str> for Template {
    fn from(source: &str) -> Self {
        Self(source.to_owned())
    }
}

impl fmt::Display for Template {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The helpers that a template may call: heal's own, and those of Handlebars that only compute.
pub const HELPERS: &[&str] = &[
    "count",
    "max",
    "add",
    "json",
    "lower",
    "upper",
    "snake",
    "camel",
    "kebab",
    "module-of-path",
    "unmarked",
    "nearest",
    "default",
    "now",
    "if",
    "unless",
    "each",
    "with",
    "lookup",
    "eq",
    "ne",
    "gt",
    "gte",
    "lt",
    "lte",
    "and",
    "or",
    "not",
    "len",
];
