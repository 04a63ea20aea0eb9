use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{Level, Offered, Pattern, Retry, Stream, Template};

/// What must be seen. In conditions (`when`, `verify`) `Output` and `Diagnostic` do not occur.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Trigger {
    /// Lines of a command's output.
    Output(OutputTrigger),
    /// A diagnostic, whatever tool printed it and in whatever format.
    Diagnostic(DiagnosticTrigger),
    /// A file's state.
    File(FileTrigger),
    /// Nodes of a JSON, YAML or TOML document.
    Document(DocumentTrigger),
    /// The share of records that fail.
    Rate(RateTrigger),
    /// A process, by pid file, by pid, or by what it is.
    Process(ProcessTrigger),
    /// What a command says when it is run to find out.
    Probe(ProbeTrigger),
    /// An environment variable.
    Env(EnvTrigger),
    /// A rendered value.
    Value(ValueTrigger),
    /// Each must hold; their captures join.
    All(Vec<Trigger>),
    /// The first that holds counts.
    Any(Vec<Trigger>),
    /// It must not hold.
    Not(Box<Trigger>),
}

impl Trigger {
    /// Whether it looks at what a command printed, in any of its parts: that may be older than the files.
    #[must_use]
    pub fn looks_at_output(&self) -> bool {
        match self {
            Self::Output(_) | Self::Diagnostic(_) => true,
            Self::All(triggers) | Self::Any(triggers) => triggers.iter().any(Self::looks_at_output),
            Self::Not(trigger) => trigger.looks_at_output(),
            _ => false,
        }
    }
}

/// Lines of a command's output.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OutputTrigger {
    /// One pattern a line, in order; each is searched within one line, colours and line ends stripped.
    pub lines: Vec<LinePattern>,
    /// With it, other lines may lie between, all of them within this many lines; without it, the lines follow
    /// each other directly.
    pub within: Option<u32>,
    /// What must not be seen near by.
    pub not: Option<Absence>,
    /// How often it must be seen; once where nothing is said.
    pub count: Option<Count>,
    /// Which commands' output is looked at; a command that is not known fits.
    pub command: Option<Pattern>,
    /// Which exit codes; an unknown one fits.
    pub exit: Option<ExitCodes>,
    /// Which of the command's streams; an unknown one fits.
    pub stream: Option<Stream>,
}

/// One line of a sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinePattern {
    /// What the line must hold.
    pub pattern: Pattern,
    /// Whether the sequence may go on without it.
    pub optional: bool,
}

/// What must not be seen near a match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Absence {
    /// What must not be seen.
    pub pattern: Pattern,
    /// Within how many lines before the match's first line; at most 1,000.
    pub before: Option<u32>,
    /// Within how many lines after its last. Where neither is given, nowhere in the output.
    pub after: Option<u32>,
}

/// How often something must be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// At least this often.
    pub at_least: u32,
    /// Within so many lines; anywhere where nothing is said.
    pub within: Option<u32>,
}

/// A set of exit codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExitCodes {
    /// These.
    Codes(Vec<i32>),
    /// All but 0.
    Failure,
}

/// A diagnostic; all that is given must fit.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct DiagnosticTrigger {
    /// The tool's name.
    pub tool: Option<String>,
    /// Its code, `E0382`, `no-unused-vars`, `F401`.
    pub code: Option<Pattern>,
    /// At least this bad.
    pub level: Option<Level>,
    /// Its message; named captures join the finding's.
    pub message: Option<Pattern>,
    /// A glob its file must fit.
    pub file: Option<String>,
    /// Any of its help and note texts.
    pub help: Option<Pattern>,
    /// Whether the tool must offer an edit, and how sure of it.
    pub suggestion: Option<Offered>,
    /// What no other diagnostic of the same output may fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<DiagnosticTrigger>>,
}

/// A file's state; all that is given must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileTrigger {
    /// A path or glob inside the project: one finding for each file that fits.
    pub path: Template,
    /// What it is.
    pub is: Option<FileIs>,
    /// What some line of it holds.
    pub contains: Option<Pattern>,
    /// What no line of it holds.
    pub lacks: Option<Pattern>,
    /// The asset with the JSON Schema that it fails.
    pub invalid_against: Option<String>,
    /// Not changed for this long.
    pub older_than: Option<Duration>,
    /// Larger than so many bytes.
    pub larger_than: Option<u64>,
}

impl FileTrigger {
    /// A trigger that asks nothing of the file at this path yet.
    #[must_use]
    pub fn at(path: &Template) -> Self {
        Self {
            path: path.clone(),
            is: None,
            contains: None,
            lacks: None,
            invalid_against: None,
            older_than: None,
            larger_than: None,
        }
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileIs {
    /// Not there.
    Missing,
    /// There.
    Present,
    /// There, with no byte in it.
    Empty,
    /// There, and its `.sha256` sidecar names another content.
    Corrupt,
    /// There, and no document of the kind that its name says.
    Broken,
    /// There, and what was appended last was cut off: the last line has no end, and in JSON Lines is no JSON.
    Torn,
}

/// Nodes of a document: one finding for each; all that is given must hold of a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentTrigger {
    /// A path or glob; the ending tells JSON, YAML or TOML.
    pub file: Template,
    /// A JSONPath (RFC 9535).
    pub select: String,
    /// Whether the finding is that nothing was selected.
    pub missing: bool,
    /// What the node is; null is a value like any other.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub equals: Option<Value>,
    /// What its text holds.
    pub matches: Option<Pattern>,
    /// A time (RFC 3339 or seconds since 1970) that lies this long back.
    pub older_than: Option<Duration>,
    /// A number above this.
    pub more_than: Option<f64>,
    /// A number below this.
    pub less_than: Option<f64>,
    /// Captures taken from inside the node: each name's JSONPath, with `$` for the node.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bind: BTreeMap<String, String>,
}

/// Tells a null that is written from nothing at all.
fn given<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(input).map(Some)
}

/// The share of records that fail, over a threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateTrigger {
    /// The log or the source.
    pub of: Records,
    /// Which lines are records, with named captures.
    pub record: Pattern,
    /// Which of them fail.
    pub failing: Pattern,
    /// The capture that groups them: one finding a group.
    pub by: Option<String>,
    /// The share above which it is a finding, 0 to 1.
    pub over: f64,
    /// How many records there must be; 20 unless said otherwise.
    pub at_least: u32,
    /// Only records whose `time` capture is this young.
    pub window: Option<Duration>,
}

/// Where records are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Records {
    /// A file, one record a line.
    File(Template),
}

/// A process, and what has become of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProcessTrigger {
    /// Which.
    pub of: ProcessOf,
    /// What has become of it.
    pub is: ProcessState,
}

/// Which process is meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ProcessOf {
    /// The one whose pid is the first number of a file: a path or glob, one finding for each file that fits.
    PidFile(Template),
    /// The one that a lock or lease records.
    Holder(Holder),
    /// Each that runs and is like this.
    Running(Running),
}

/// A process as a lock or lease records it. The more is recorded, the surer it is told from another of the same pid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holder {
    /// Its pid.
    pub pid: Template,
    /// When it started.
    pub started: Option<Template>,
    /// The id of the start of the machine that it belongs to.
    pub boot: Option<Template>,
    /// The name of the machine it runs on; of another's, nothing can be told.
    pub host: Option<Template>,
}

/// What a running process is like; all that is given must hold.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Running {
    /// What its program's name holds.
    pub name: Option<Pattern>,
    /// The folder of the project, `.` for all of it, that its working folder lies in.
    pub within: Option<Template>,
    /// The TCP port that it listens on.
    pub listens: Option<Template>,
}

/// What has become of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProcessState {
    /// It runs.
    Alive,
    /// It is gone.
    Dead,
    /// Its pid belongs to a process that started after the file was written, or not when the holder did.
    Recycled,
    /// Dead or recycled: whoever had the pid is no more.
    Gone,
    /// It runs, and the one that started it does not: the system has taken it over.
    Orphaned,
}

/// What a command says when it is run to find out. It runs only where the playbook may act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProbeTrigger {
    /// The program and its arguments.
    pub argv: Vec<Template>,
    /// The exit codes that make a finding.
    pub exit: Option<ExitCodes>,
    /// Output that makes a finding.
    pub output: Option<Pattern>,
    /// How long it may take; 30 s unless said otherwise.
    pub timeout: Option<Duration>,
    /// When it is tried again; once, after it ran out of time, unless said otherwise.
    #[serde(default)]
    pub retry: Option<Retry>,
    /// Whether the finding is that it does not end in time.
    #[serde(default)]
    pub hangs: bool,
}

/// An environment variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnvTrigger {
    /// Its name.
    pub name: String,
    /// Whether it must be set; true unless said otherwise.
    pub set: bool,
    /// What its value holds.
    pub matches: Option<Pattern>,
}

/// A rendered value, compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueTrigger {
    /// The value.
    pub value: Template,
    /// What it is.
    pub equals: Option<Template>,
    /// What it holds.
    pub matches: Option<Pattern>,
    /// A time (RFC 3339 or seconds since 1970) that lies this long back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older_than: Option<Duration>,
    /// A number above this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_than: Option<f64>,
    /// A number below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less_than: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::Offered;
    use crate::{Applicability, Suggestion};

    #[track_caller]
    fn check(offered: Offered, applicabilities: &[Applicability], expected: bool) {
        let suggestion =
            |&applicability| Suggestion { message: String::new(), applicability, replacements: Vec::new() };
        let suggestions: Vec<Suggestion> = applicabilities.iter().map(suggestion).collect();
        assert_eq!(offered.fits(&suggestions), expected, "{offered:?} {applicabilities:?}");
    }

    #[test]
    fn an_edit_is_offered() {
        use Applicability::{HasPlaceholders, MachineApplicable, MaybeIncorrect, Unspecified};
        check(Offered::Nothing, &[], true);
        check(Offered::Nothing, &[Unspecified], false);
        check(Offered::AtLeast(MaybeIncorrect), &[HasPlaceholders, MachineApplicable], true);
        check(Offered::AtLeast(MaybeIncorrect), &[HasPlaceholders], false);
        check(Offered::Unsure, &[MaybeIncorrect], true);
        check(Offered::Unsure, &[HasPlaceholders, MaybeIncorrect], true);
        check(Offered::Unsure, &[HasPlaceholders, Unspecified], false);
        check(Offered::Unsure, &[MaybeIncorrect, MachineApplicable], false);
        check(Offered::Unsure, &[], false);
    }
}
