use serde::{Deserialize, Serialize};

use crate::{Bytes, Diagnostic, RelPath, Time};

/// One failure as it was recorded, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// A hash of its content.
    pub id: String,
    /// When, milliseconds since 1970.
    pub at: Time,
    /// The command that failed.
    pub command: Option<String>,
    /// The code it ended with.
    pub exit: Option<i32>,
    /// What it complained of.
    pub diagnostics: Vec<Diagnostic>,
    /// What it printed, redacted, at most 64 KiB.
    pub output: String,
    /// How it ended, once it has.
    pub ending: Option<Ending>,
}

/// How an incident ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The files that differ between the failure and the pass.
    pub changes: Vec<ChangedFile>,
    /// What the passing run printed, redacted.
    pub output: String,
    /// Who mended it.
    #[serde(default)]
    pub by: Mender,
}

/// Who mended a failure: only what a person did is learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mender {
    /// Somebody, by hand.
    #[default]
    Person,
    /// A rule.
    Heal,
}

/// One file that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    /// The file.
    pub path: RelPath,
    /// Its content at the failure.
    pub before: Option<Bytes>,
    /// Its content at the pass.
    pub after: Option<Bytes>,
}
