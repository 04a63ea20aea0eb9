use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Probed, Retry, Step, Template, Time, Timeout, Trigger};

/// A trigger and the steps that mend what it finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// `playbook/rule`.
    pub id: RuleId,
    /// One line, filled in with the finding's captures.
    pub title: Template,
    /// A word to group by: `import`, `borrow`, `network` …
    pub category: Option<String>,
    /// How bad the failure is.
    pub severity: Severity,
    /// How its fix may be applied.
    pub safety: Safety,
    /// What the failure means, why it happens and what heal does, in Markdown.
    pub explain: Option<String>,
    /// Pages to read.
    pub links: Vec<String>,
    /// Rules of other playbooks that are known to fire on the same output.
    pub also: Vec<RuleId>,
    /// What each named capture must look like before a command may use it; `ident` where nothing is said.
    pub captures: BTreeMap<String, CaptureType>,
    /// What must be seen.
    pub trigger: Trigger,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// How it is known that it helped.
    pub verify: Option<Verify>,
    /// Its own retry policy.
    pub retry: Option<Retry>,
    /// Its own time limits.
    pub timeout: Option<Timeout>,
    /// Examples that fit and that must not.
    pub tests: Vec<RuleTest>,
    /// For a learned rule: where it comes from.
    pub learned: Option<Provenance>,
    /// Where it is written.
    pub place: Place,
}

/// A rule's name everywhere: `playbook/rule`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(String);

/// How bad a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// In the way.
    Low,
    /// Something does not work.
    #[default]
    Medium,
    /// The command can't succeed.
    High,
    /// Data is at stake.
    Critical,
}

/// How a fix may be applied; the order is from the most careful to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Shown only: a person does it.
    Manual,
    /// Asks, or needs `--unsafe`.
    #[default]
    Unsafe,
    /// Applied with `--yes`.
    Safe,
}

/// What a capture must look like before a command may use it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaptureType {
    /// `[A-Za-z0-9_][A-Za-z0-9_.@/+:-]{0,255}`; never starts with `-`.
    Ident,
    /// A path inside the project that exists.
    Path,
    /// A version: digits, letters, `.`, `+`, `-`, starting with a digit or `v`.
    Version,
    /// A whole number.
    Int,
    /// One line of any text.
    Line,
    /// One of these.
    Enum(Vec<String>),
}

/// How it is known that a fix helped; all that is given must hold.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Verify {
    /// The command that failed, run again, must no longer show what was to be mended.
    pub rerun: bool,
    /// A command that must pass.
    pub command: Option<Vec<Template>>,
    /// What its output must and must not say.
    pub success_indicators: Indicators,
    /// Conditions on files that must hold.
    pub conditions: Vec<Trigger>,
    /// How long the command may take.
    pub timeout: Option<Timeout>,
}

/// What a verifying command's output must and must not say.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Indicators {
    /// Each must be found.
    pub must: Vec<crate::Pattern>,
    /// None may be found.
    pub must_not: Vec<crate::Pattern>,
}

/// One example of a rule: what is seen, and what must come of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleTest {
    /// What it shows.
    pub name: Option<String>,
    /// What is seen.
    pub input: TestInput,
    /// What must come of it.
    pub expect: Expectation,
    /// Where it is written.
    pub place: Place,
}

/// What a rule's test lets the rule see.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct TestInput {
    /// Output of a command.
    pub output: Option<String>,
    /// The command it came from.
    pub command: Option<String>,
    /// The code that command ended with.
    pub exit: Option<i32>,
    /// The project's files.
    pub files: BTreeMap<String, String>,
    /// The environment.
    pub env: BTreeMap<String, String>,
    /// The time; 1970 began where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Time>,
    /// When files were last changed; as long ago where nothing is said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modified: BTreeMap<String, Time>,
    /// The version that heal keeps of a file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, String>,
    /// The processes that run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub processes: Vec<TestProcess>,
    /// The id of the machine's last start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<String>,
    /// What commands say that are run to find out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<TestProbe>,
}

/// What a command says that is run to find out where a rule is tested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestProbe {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// What it says.
    pub said: Probed,
}

/// A process that runs where a rule is tested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestProcess {
    /// Its pid.
    pub pid: u32,
    /// Its program's name.
    pub name: String,
    /// When it started; when 1970 began where nothing is said.
    pub started: Option<Time>,
    /// The pid of the process that started it; 1 is the system's, which takes orphans over.
    pub parent: u32,
    /// Its working folder, from the project's root; absent outside.
    pub folder: Option<String>,
    /// The TCP port that it listens on.
    pub listens: Option<u16>,
}

/// What must come of a rule's test.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Expectation {
    /// How many findings; at least one where nothing is said.
    pub matches: Option<u32>,
    /// Captures of the first finding.
    pub captures: BTreeMap<String, String>,
    /// Files after the fix, whole; those not named must be as before; `None` where a file must be gone.
    pub files: BTreeMap<String, Option<String>>,
    /// Commands that the fix runs.
    pub commands: Vec<Vec<String>>,
    /// Words that its guide must hold.
    pub guide: Option<String>,
    /// Part of the reason for which planning must refuse.
    pub refused: Option<String>,
}

/// Where a learned rule comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The incidents' ids.
    pub incidents: Vec<String>,
    /// When it was first learned, RFC 3339.
    pub since: Option<String>,
    /// The version of the signature, `sig-v1`.
    pub signature: Option<String>,
}

/// Where something is written: its line and column, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// From 1; 0 where unknown.
    pub line: u32,
    /// From 1; 0 where unknown.
    pub column: u32,
}

impl RuleId {
    /// Joins a playbook's name and a rule's.
    #[must_use]
    pub fn new(playbook: &str, rule: &str) -> Self {
        Self(format!("{playbook}/{rule}"))
    }

    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The playbook's name.
    #[must_use]
    pub fn playbook(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(playbook, _)| playbook)
    }

    /// The rule's name within its playbook.
    #[must_use]
    pub fn rule(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, rule)| rule)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.0)
    }
}

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ }) => {
        impl fmt::Display for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.pad(match self { $(Self::$variant => $word),+ })
            }
        }
    };
}

words!(Severity { Info = "info", Low = "low", Medium = "medium", High = "high", Critical = "critical" });
words!(Safety { Manual = "manual", Unsafe = "unsafe", Safe = "safe" });
