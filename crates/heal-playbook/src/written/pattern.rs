use schemars::JsonSchema;
use serde::Deserialize;

use super::Short;
use crate::schema::exactly;

/// A regular expression, or a map that says more.
pub(crate) type Pattern = Short<String, PatternMap>;
/// One line of a sequence: a regular expression, or a map that says more.
pub(crate) type LinePattern = Short<String, LineMap>;

/// What to look for: a regular expression with named captures, `(?<name>…)`. The map form takes literal text too.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Pattern", extend("oneOf" = exactly(&["regex", "text"])))]
pub(crate) struct PatternMap {
    /// A regular expression. `^` and `$` are a line's ends; `\w`, `\d`, `\s` and `\b` are ASCII unless `unicode` is set.
    pub(crate) regex: Option<String>,
    /// The text itself.
    pub(crate) text: Option<String>,
    /// Whether `\w`, `\d`, `\s` and `\b` mean Unicode.
    pub(crate) unicode: Option<bool>,
}

/// One line of several: a regular expression, or a map that says more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LinePattern", extend("oneOf" = exactly(&["regex", "text"])))]
pub(crate) struct LineMap {
    /// A regular expression for one line.
    pub(crate) regex: Option<String>,
    /// The text itself.
    pub(crate) text: Option<String>,
    /// Whether `\w`, `\d`, `\s` and `\b` mean Unicode.
    pub(crate) unicode: Option<bool>,
    /// Whether the others may match without this line.
    pub(crate) optional: Option<bool>,
}
