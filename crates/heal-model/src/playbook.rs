use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Bytes, FileTier, Pattern, Retry, Rule, Template, Timeout};

/// One YAML document, valid: file tiers, rules, policy, variables, sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Playbook {
    /// The version of the language it is written in; 1.
    pub heal: u32,
    /// Its name: the first half of its rules' ids.
    pub name: String,
    /// What it is for, in a sentence.
    pub summary: Option<String>,
    /// Where it comes from, and so what it may do.
    pub origin: Origin,
    /// Policy of the rules that have none of their own.
    pub defaults: Defaults,
    /// Fixed values for templates: `{{vars.name}}`, and `{{name}}` where no capture has that name.
    pub vars: BTreeMap<String, Value>,
    /// Named values read from files.
    pub sources: BTreeMap<String, Source>,
    /// The files it answers for, in order.
    pub files: Vec<FileTier>,
    /// Its rules, in order of rank: the first wins.
    pub rules: Vec<Rule>,
    /// How lessons are written back.
    pub learning: Option<LearningPolicy>,
    /// The files it refers to (templates, schemas), as read when it was loaded, by the path it names them by.
    pub assets: BTreeMap<String, Asset>,
}

/// Where a playbook comes from, in order of rank.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Built into the binary, by the path it has there.
    Builtin(String),
    /// The user's own, by path.
    User(String),
    /// Found in the repository, by path; match-only until trusted.
    Repository(String),
    /// Named on the command line, by path; naming it is consent for that call.
    Named(String),
}

/// Policy of the rules that have none of their own.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Defaults {
    /// How long a command may take.
    pub timeout: Timeout,
    /// When it is tried again.
    pub retry: Retry,
}

/// A named value read from a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The file, inside the project.
    pub file: Template,
    /// What is taken from it.
    pub kind: SourceKind,
}

/// What a source takes from its file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SourceKind {
    /// One object of captures for each line that fits.
    Lines(Pattern),
    /// Each node that a JSONPath (RFC 9535) selects in a JSON, JSON Lines, YAML or TOML document.
    Nodes {
        /// The JSONPath.
        select: String,
        /// What becomes of the records of a list before it selects.
        fold: Option<Fold>,
    },
    /// The whole text.
    Text,
}

/// Makes one record of all those of a list that agree in a value: what an append-only log comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// The JSONPath of the value, with `$` for the record; a record without it is left out.
    pub by: String,
    /// What becomes of records that agree; they stand where the first stood.
    pub how: FoldHow,
}

/// What becomes of records that agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FoldHow {
    /// The last one counts.
    Latest,
    /// Each overwrites and adds to the members of those before it.
    Merged,
}

/// A file that a playbook refers to, as read when it was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Where it lies: relative to the project where it is inside, else as a person would name it.
    pub path: String,
    /// Its content; absent where there was none, which puts `create` in degraded mode.
    pub content: Option<Bytes>,
}

/// How lessons are written back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearningPolicy {
    /// Whether `heal learn` proposes rules at all.
    pub store_new_patterns: bool,
    /// The playbook they are appended to.
    pub pattern_file: Option<String>,
    /// How many distinct incidents a rule needs; 2 unless said otherwise.
    pub min_occurrences_to_save: u32,
}

impl Origin {
    /// The path it was read from.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Builtin(path) | Self::User(path) | Self::Repository(path) | Self::Named(path) => path,
        }
    }
}
