use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{FileTier, Name, Pattern, Retry, Rule, Timeout};
use crate::schema::exactly;

/// A playbook of heal: the files a project must have, and rules that mend known failures.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Playbook {
    /// The version of the language: 1.
    #[schemars(extend("examples" = [1]))]
    pub(crate) heal: u32,
    /// The playbook's name, the first half of its rules' ids.
    #[schemars(extend("examples" = ["shop"]))]
    pub(crate) name: Name,
    /// What the playbook is for, in a sentence.
    pub(crate) summary: Option<String>,
    /// Policy of the rules that have none of their own.
    #[schemars(extend("examples" = [{"timeout": {"first": "30s", "retry": "60s"}, "retry": 3}]))]
    pub(crate) defaults: Option<Defaults>,
    /// Fixed values for templates: `{{vars.name}}`, and `{{name}}` where no capture has that name.
    #[serde(default)]
    #[schemars(extend("examples" = [{"distributions": {"yaml": "PyYAML"}}]))]
    pub(crate) vars: BTreeMap<String, Value>,
    /// Named values read from files, for templates and conditions.
    #[serde(default)]
    #[schemars(extend("examples" = [{"todo": {"file": "TODO.md", "lines": r"^### (?<number>\d+)\. (?<title>.+)$"}}]))]
    pub(crate) sources: BTreeMap<String, Source>,
    /// The files that the playbook answers for, in order.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[schemars(extend("examples" = [[{"path": ".env", "tier": "create", "content": "DEBUG=0\n"}, {"path": "TODO.md", "tier": "require", "recover": ["git checkout HEAD -- {{path}}"]}]]))]
    pub(crate) files: Vec<FileTier>,
    /// Its rules, in order of rank: the first wins.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) rules: Vec<Rule>,
    /// How lessons are written back.
    pub(crate) learning: Option<Learning>,
}

/// Policy of the rules that have none of their own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Defaults {
    /// How long a command may take.
    pub(crate) timeout: Option<Timeout>,
    /// When a failed command is tried again.
    pub(crate) retry: Option<Retry>,
}

/// A named value read from a file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = exactly(&["lines", "select", "text"])))]
pub(crate) struct Source {
    /// The file, inside the project. A template.
    pub(crate) file: String,
    /// One object of the pattern's named captures for each line that fits.
    #[schemars(extend("examples" = [r"^### (?<number>\d+)\. (?<title>.+)$"]))]
    pub(crate) lines: Option<Pattern>,
    /// A JSONPath (RFC 9535) into a JSON, JSON Lines, YAML or TOML document: a list of the nodes that it selects. JSON Lines
    /// (`.jsonl`, `.ndjson`) are a list of their records; a last one that was cut off is left out, and told of.
    #[schemars(extend("examples" = ["$.tasks[*].id"]))]
    pub(crate) select: Option<String>,
    /// With `select`: a JSONPath, with `$` for a record, such as `$.id`. Of the records of a list that agree in it only the
    /// last counts, before anything is selected: what an append-only log comes to.
    pub(crate) latest: Option<String>,
    /// With `select`: as `latest`, but of the records that agree each overwrites and adds to the members of those before it.
    pub(crate) merged: Option<String>,
    /// `true` for the whole text.
    #[schemars(extend("enum" = [true]))]
    pub(crate) text: Option<bool>,
}

/// How lessons are written back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Learning {
    /// Whether `heal learn` proposes rules at all; true unless said otherwise.
    pub(crate) store_new_patterns: Option<bool>,
    /// The playbook that learned rules are appended to, inside the project.
    pub(crate) pattern_file: Option<String>,
    /// How many distinct incidents a rule needs; 2 unless said otherwise.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) min_occurrences_to_save: Option<u32>,
}
