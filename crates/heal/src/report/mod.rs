//! What `--format json` prints: a contract of its own, apart from the types heal works with.
//!
//! One document a call. `version` rises when a field goes or changes its meaning; new fields may come at any time.

mod annotate;
mod fill;
mod learning;
mod results;
mod rule;
mod run;
mod sarif;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

pub use annotate::{Annotation, Weight, annotation, github};
pub use fill::{findings, near_miss, outcome, plan, playbook, problem, rule, tested};
pub use learning::{Gate, Incident, Lesson, NotLearned, Unknown, incident, lesson, not_learned, unknown};
pub use results::results;
pub use rule::Rule;
pub use run::Run;
pub use sarif::sarif;

/// What one call found, planned and did.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this format: 1.
    pub version: u32,
    /// The version of heal.
    pub heal: String,
    /// The command that was called.
    pub command: String,
    /// Why the command could not do its work; the exit code says of what kind it is.
    pub error: Option<Fault>,
    /// What was found, in order.
    pub findings: Vec<Finding>,
    /// What tools complained of (`match --list`): the same objects as `--format jsonl` prints.
    pub diagnostics: Vec<Value>,
    /// What would be done about it; absent where nothing was planned.
    pub plan: Option<Plan>,
    /// How the command ended that `run` ran.
    pub run: Option<Run>,
    /// What was done: one receipt for each operation.
    pub receipts: Vec<Receipt>,
    /// What could not be looked at or decided, and why.
    pub doubts: Vec<String>,
    /// Problems of playbooks (`lint`).
    pub problems: Vec<Problem>,
    /// Outcomes of rules' own tests (`test`, `lint`).
    pub tests: Vec<TestOutcome>,
    /// Rules (`list`, `explain`).
    pub rules: Vec<Rule>,
    /// Why a rule did not match (`why`).
    pub near_miss: Option<NearMiss>,
    /// Playbooks and whether they may act (`trust`).
    pub playbooks: Vec<Playbook>,
    /// Failures on record (`log --incidents`).
    pub incidents: Vec<Incident>,
    /// Rules that the record teaches, which passed all gates (`learn`).
    pub lessons: Vec<Lesson>,
    /// What was not learned, and why (`learn`).
    pub not_learned: Vec<NotLearned>,
    /// Failures that no rule names (`learn --unknown`).
    pub unknown: Vec<Unknown>,
    /// The ids of incidents that were removed (`forget`).
    pub forgotten: Vec<String>,
}

/// Why a command could not do its work.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// What to type instead.
    pub help: Option<String>,
}

/// One place where a rule's trigger holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// Its title, filled in.
    pub title: String,
    /// How bad it is: info, low, medium, high or critical.
    pub severity: String,
    /// How its fix may be applied: manual, unsafe or safe.
    pub safety: String,
    /// Whether its playbook may act here.
    pub trusted: bool,
    /// What its patterns caught.
    pub captures: std::collections::BTreeMap<String, String>,
    /// The file it is about.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// From 1.
    pub column: Option<u32>,
    /// Where in the output it was.
    pub span: Option<Span>,
    /// The lines that matched.
    pub excerpt: Vec<String>,
    /// How often it was seen.
    pub count: u32,
}

/// A stretch of the output.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Span {
    /// From 1.
    pub first_line: u64,
    /// From 1, inclusive.
    pub last_line: u64,
    /// In bytes.
    pub start: u64,
    /// In bytes, exclusive.
    pub end: u64,
}

/// What would be done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Plan {
    /// What `--plan` takes.
    pub id: String,
    /// Each file that changes.
    pub files: Vec<File>,
    /// Files that are kept as they are while commands run.
    pub snapshots: Vec<String>,
    /// Each command that runs, in order; commands can't be undone.
    pub commands: Vec<Command>,
    /// What this call leaves out: fixes that are `unsafe` where --unsafe is not given, and `manual` ones.
    pub left_out: LeftOut,
    /// What a person is told to do.
    pub guides: Vec<Guide>,
    /// What was asked for and is not done.
    pub refusals: Vec<Refusal>,
    /// Warnings, such as degraded mode.
    pub warnings: Vec<String>,
    /// What is told when it is done.
    pub notes: Vec<String>,
}

/// What would change something, and is not part of the plan.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct LeftOut {
    /// Each file that it would change.
    pub files: Vec<File>,
    /// Each command that it would run.
    pub commands: Vec<Command>,
}

/// One file that changes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct File {
    /// Its path in the project.
    pub path: String,
    /// created, edited or deleted.
    pub change: String,
    /// sha256 of what it holds now.
    pub before: Option<String>,
    /// sha256 of what it will hold.
    pub after: Option<String>,
    /// Lines added.
    pub added: u32,
    /// Lines removed.
    pub removed: u32,
    /// The rules that ask for it.
    pub rules: Vec<String>,
    /// How the change may be applied: manual, unsafe or safe.
    pub safety: String,
    /// The change as a unified diff; empty where the file is not text.
    pub diff: String,
}

/// One command that runs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Command {
    /// The rule that asks for it.
    pub rule: String,
    /// manual, unsafe or safe.
    pub safety: String,
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// Where, in the project.
    pub cwd: Option<String>,
}

/// What a person is told to do.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Guide {
    /// The rule.
    pub rule: String,
    /// Markdown.
    pub text: String,
}

/// What was asked for and is not done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Refusal {
    /// The rule.
    pub rule: String,
    /// The file it is about, where that is known.
    pub file: Option<String>,
    /// A stable word: overlap, not-found, required …
    pub code: String,
    /// Why.
    pub reason: String,
}

/// What was done, with the hash of every file before and after.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Receipt {
    /// The operation: what `heal undo` and `heal show` take.
    pub id: String,
    /// The plan that was applied.
    pub plan: String,
    /// Milliseconds since 1970.
    pub at: i64,
    /// applied, verified, rolled-back, recovered, conflict, undone or unfinished.
    pub state: String,
    /// The rules whose fixes it holds.
    pub rules: Vec<String>,
    /// Every file.
    pub files: Vec<Touched>,
    /// Every command.
    pub commands: Vec<Ran>,
    /// Whether it helped, and what said so; absent where nothing was asked.
    pub verification: Option<Verification>,
    /// The operation that it takes back.
    pub undoes: Option<String>,
    /// The operation that took it back.
    pub undone_by: Option<String>,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// One file, before and after.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Touched {
    /// Its path in the project.
    pub path: String,
    /// sha256 before; absent where it did not exist.
    pub before: Option<String>,
    /// sha256 after; absent where it was deleted.
    pub after: Option<String>,
}

/// One command, and how it ended.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Ran {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// The code it ended with.
    pub exit: Option<i32>,
    /// The signal that ended it; where it is itself a signal, the one that the process ended on.
    pub signal: Option<i32>,
    /// Whether it ran out of time.
    pub timed_out: bool,
    /// Tries, the first included.
    pub attempts: u32,
    /// All tries together.
    pub milliseconds: u64,
    /// The end of what it printed.
    pub tail: String,
}

/// Whether a fix helped.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Verification {
    /// Whether it did.
    pub passed: bool,
    /// Each thing that was looked at.
    pub checks: Vec<Check>,
}

/// One thing that was looked at to find out whether a fix helped.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Check {
    /// Whether it is as it should be.
    pub passed: bool,
    /// What was looked at, and what it said, in words.
    pub text: String,
}

/// Something that is wrong with a playbook.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// The playbook.
    pub path: String,
    /// A stable code, `heal::unknown-key`.
    pub code: String,
    /// error, warning or advice.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// What to type instead.
    pub help: Option<String>,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// From 1.
    pub end_line: u32,
    /// From 1, exclusive.
    pub end_column: u32,
}

/// What became of one test of a rule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TestOutcome {
    /// The rule.
    pub rule: String,
    /// The test's name or number.
    pub test: String,
    /// validated, reported, noisy or missing; wrong where it matched and did something else than expected.
    pub outcome: String,
    /// Whether that is as it should be.
    pub passed: bool,
    /// What differs.
    pub detail: Option<String>,
    /// The playbook.
    pub path: String,
    /// From 1.
    pub line: u32,
}

/// Why a rule did not match.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NearMiss {
    /// The rule.
    pub rule: String,
    /// Whether it matched after all.
    pub matched: bool,
    /// What it asks for, and whether that was there.
    pub conditions: Vec<Condition>,
    /// The line that came closest.
    pub closest: Option<Closest>,
}

/// One thing that a rule asks for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Condition {
    /// What.
    pub text: String,
    /// Whether it was there.
    pub met: bool,
}

/// The line that came closest.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Closest {
    /// From 1.
    pub line: u64,
    /// The line.
    pub text: String,
    /// What of it did fit.
    pub matched: String,
    /// What of the pattern did not.
    pub missing: String,
    /// What stands where the missing part should begin; empty at the line's end, and where that is no one place.
    pub instead: String,
}

/// A playbook of the repository.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Playbook {
    /// Its path.
    pub path: String,
    /// trusted, new or changed.
    pub status: String,
    /// What `heal trust --hash` takes.
    pub hash: String,
}

impl Report {
    /// An empty report of a command.
    #[must_use]
    pub fn of(command: &str) -> Self {
        Self {
            version: 1,
            heal: env!("CARGO_PKG_VERSION").to_owned(),
            command: command.to_owned(),
            ..Self::default()
        }
    }
}

/// The JSON Schema of a [`Report`].
#[must_use]
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Report);
    schema.insert("title".to_owned(), Value::from("What heal found, planned and did"));
    schema.to_value()
}
