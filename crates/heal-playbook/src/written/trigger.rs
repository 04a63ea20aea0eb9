use heal_model::{Level, Stream};
use schemars::JsonSchema;
use serde::Deserialize;

use super::state::{
    DocumentTrigger, EnvTrigger, FileTrigger, ProbeTrigger, ProcessTrigger, RateTrigger, ValueTrigger,
};
use super::{Exit, LinePattern, Pattern, Short, Span, Sure, Word};
use crate::schema::exactly;

/// Every way to trigger.
const KINDS: &[&str] = &[
    "output",
    "diagnostic",
    "file",
    "document",
    "rate",
    "process",
    "probe",
    "env",
    "value",
    "all",
    "any",
    "not",
];

/// What must be seen: one kind of trigger.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = exactly(KINDS)))]
pub(crate) struct Trigger {
    /// Lines of a command's output: a regular expression, or a map that says more.
    #[schemars(extend("examples" = [r"^error: no module (?<module>\w+)$", {"sequence": [r"^error\[(?<code>E\d+)\]", r"^ *--> (?<file>[^:]+):(?<line>\d+)"], "within": "3 lines"}]))]
    pub(crate) output: Option<Short<String, OutputTrigger>>,
    /// A diagnostic, whatever tool printed it and in whatever format.
    #[schemars(extend("examples" = [{"tool": "rustc", "code": "^E0425$"}]))]
    pub(crate) diagnostic: Option<DiagnosticTrigger>,
    /// A file's state.
    #[schemars(extend("examples" = [{"path": ".env", "is": "missing"}]))]
    pub(crate) file: Option<FileTrigger>,
    /// Nodes of a JSON, YAML or TOML document.
    #[schemars(extend("examples" = [{"file": "package.json", "select": "$.scripts.test", "missing": true}]))]
    pub(crate) document: Option<DocumentTrigger>,
    /// The share of records in a log that fail.
    pub(crate) rate: Option<RateTrigger>,
    /// The process that a pid file names.
    #[schemars(extend("examples" = [{"pid_file": "run/server.pid", "is": "dead"}]))]
    pub(crate) process: Option<ProcessTrigger>,
    /// What a command says when it is run to find out.
    #[schemars(extend("examples" = [{"argv": ["redis-cli", "ping"], "exit": "failure"}]))]
    pub(crate) probe: Option<ProbeTrigger>,
    /// An environment variable: its name, or a map that says more.
    #[schemars(extend("examples" = ["DATABASE_URL", {"name": "CI", "set": false}]))]
    pub(crate) env: Option<Short<String, EnvTrigger>>,
    /// A rendered value.
    pub(crate) value: Option<ValueTrigger>,
    /// Triggers that must each hold; their captures join.
    #[schemars(length(min = 1))]
    pub(crate) all: Option<Vec<Trigger>>,
    /// Triggers of which the first that holds counts.
    #[schemars(length(min = 1))]
    pub(crate) any: Option<Vec<Trigger>>,
    /// A trigger that must not hold.
    pub(crate) not: Option<Box<Trigger>>,
}

/// Lines of a command's output. Each pattern is searched within one line, colours and line ends stripped.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = exactly(&["regex", "text", "lines", "sequence"])))]
pub(crate) struct OutputTrigger {
    /// A regular expression that one line must hold.
    pub(crate) regex: Option<String>,
    /// A text that one line must hold.
    pub(crate) text: Option<String>,
    /// Patterns for lines that follow each other directly.
    #[schemars(length(min = 1))]
    #[schemars(extend("examples" = [["^first line$", "^the one below$"]]))]
    pub(crate) lines: Option<Vec<LinePattern>>,
    /// Patterns for lines in this order; others may lie between. Needs `within`.
    #[schemars(length(min = 1))]
    #[schemars(extend("examples" = [[r"^error\[(?<code>E\d+)\]", r"^ *--> (?<file>[^:]+):(?<line>\d+)"]]))]
    pub(crate) sequence: Option<Vec<LinePattern>>,
    /// Within how many lines the whole sequence must lie: `5` or `5 lines`.
    pub(crate) within: Option<Span>,
    /// Whether `\w`, `\d`, `\s` and `\b` of `regex` mean Unicode.
    pub(crate) unicode: Option<bool>,
    /// What must not be seen near by.
    #[schemars(extend("examples" = [{"text": "will retry", "after": 3}]))]
    pub(crate) not: Option<Short<String, AbsenceMap>>,
    /// How often it must be seen.
    #[schemars(extend("examples" = [3, {"at_least": 3, "within": "50 lines"}]))]
    pub(crate) count: Option<Short<u32, CountMap>>,
    /// Which commands' output is looked at; a command that is not known fits.
    #[schemars(extend("examples" = [r"^(?:pytest|python3? -m pytest)\b"]))]
    pub(crate) command: Option<Pattern>,
    /// Which exit codes: a number, a list, or `failure` for every code but 0. An unknown one fits.
    #[schemars(extend("examples" = [1, [1, 2], "failure"]))]
    pub(crate) exit: Option<Exit>,
    /// Which of the command's streams; an unknown one fits.
    pub(crate) stream: Option<Word<Stream>>,
}

/// What must not be seen near a match. A regular expression alone must be nowhere in the output.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Absence", extend("oneOf" = exactly(&["regex", "text"])))]
pub(crate) struct AbsenceMap {
    /// A regular expression for one line.
    pub(crate) regex: Option<String>,
    /// The text itself.
    pub(crate) text: Option<String>,
    /// Whether `\w`, `\d`, `\s` and `\b` mean Unicode.
    pub(crate) unicode: Option<bool>,
    /// Within how many lines before the match's first line.
    #[schemars(range(max = 1000))]
    pub(crate) before: Option<u32>,
    /// Within how many lines after its last line.
    #[schemars(range(max = 1000))]
    pub(crate) after: Option<u32>,
}

/// How often something must be seen. A number alone is the least.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Count", extend("minimum" = 1))]
pub(crate) struct CountMap {
    /// At least this often.
    #[schemars(range(min = 1))]
    pub(crate) at_least: u32,
    /// Within how many lines: `50` or `50 lines`; anywhere where nothing is said.
    pub(crate) within: Option<Span>,
}

/// A diagnostic; all that is given must fit. A finding's captures hold `tool`, `code`, `level`, `message`, `file`,
/// `line` and `column`, and those of the patterns.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(crate) struct DiagnosticTrigger {
    /// The tool's name: `rustc`, `pytest`, `eslint` …
    pub(crate) tool: Option<String>,
    /// A pattern for its code: `^E0382$`, `no-unused-vars`, `F401`.
    pub(crate) code: Option<Pattern>,
    /// How bad it must be at least.
    pub(crate) level: Option<Word<Level>>,
    /// A pattern for its message.
    pub(crate) message: Option<Pattern>,
    /// A glob that its file must fit.
    pub(crate) file: Option<String>,
    /// A pattern for any of its help and note texts.
    pub(crate) help: Option<Pattern>,
    /// Whether the tool must offer an edit: `true`, `false`, how sure of it the tool must be at least, or
    /// `unsure` where it offers some and is sure of none.
    pub(crate) suggestion: Option<Sure>,
    /// What no diagnostic of the same output may fit, in the same words.
    pub(crate) not: Option<Box<DiagnosticTrigger>>,
}
