use serde::{Deserialize, Serialize};

use crate::Template;

/// What to look for in one line or one text, ready to compile.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pattern {
    /// A regular expression or literal text, as `kind` says.
    pub source: String,
    /// How `source` is to be read.
    pub kind: PatternKind,
    /// Whether `\w`, `\d`, `\s` and `\b` mean Unicode; they mean ASCII unless asked for.
    pub unicode: bool,
    /// Which engine it needs; the loader found out.
    pub engine: Engine,
}

/// How a pattern's source is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PatternKind {
    /// A regular expression with named captures.
    Regex,
    /// The text itself.
    Text,
}

/// Which engine a pattern needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Engine {
    /// `regex`: linear in the input.
    Linear,
    /// `fancy-regex`, for look-around and back-references: bounded by a backtrack limit, and lint says so.
    Backtracking,
}

/// A pattern with captures of the finding inside, compiled when they are known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PatternTemplate {
    /// The source; values filled into a regular expression are escaped.
    pub source: Template,
    /// How the filled-in source is to be read.
    pub kind: PatternKind,
}
