use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Bytes, Finding, Origin, RelPath, Retry, RuleId, Safety, Time, Timeout, Verify};

/// What is to be done, with nothing left to decide: no template, glob, default or rule look-up at execution.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Plan {
    /// A hash of what changes, before and after: the same world and findings give the same id.
    pub id: PlanId,
    /// One for each finding that something can be done about, in rank.
    pub fixes: Vec<Fix>,
    /// All fixes' parts joined: one edit a file, in path order. This is what is written.
    pub edits: Vec<Edit>,
    /// What was asked for and is not done, with the reason.
    pub refusals: Vec<Refusal>,
}

/// A plan's name: 64 hexadecimal digits, of which people type twelve.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(pub String);

/// What one rule does about one finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// The rule; `playbook/files` for a file tier.
    pub rule: RuleId,
    /// Its playbook's origin: what it may do.
    pub origin: Origin,
    /// The rule's title, filled in.
    pub title: String,
    /// How it may be applied.
    pub safety: Safety,
    /// What it mends; absent for a file tier.
    pub finding: Option<Finding>,
    /// Changes to files, each against the file as it is now.
    pub parts: Vec<Part>,
    /// What files hold once the fixes before it are done, where its parts are of that, and not of the files as they are
    /// now: it adds to what those add, and can't be applied without them.
    pub upon: BTreeMap<RelPath, Option<Bytes>>,
    /// Files that belong to it as they are, since its commands may change them.
    pub snapshots: Vec<RelPath>,
    /// Folders that belong to it whole, with their links and folders: what its commands make in them is removed when it is
    /// taken back.
    pub folders: Vec<RelPath>,
    /// Commands and signals, in order, after the files are written.
    pub commands: Vec<Command>,
    /// What a person is told to do.
    pub guides: Vec<String>,
    /// What a person is told has been done, in the past tense: `Note: x was missing and has been created`.
    pub notes: Vec<String>,
    /// Warnings, such as degraded mode.
    pub warnings: Vec<String>,
    /// How it is known that it helped, filled in.
    pub verify: Option<Verify>,
    /// Steps left for after the commands, planned anew then.
    pub rest: Option<Rest>,
}

/// One change to one file: the unit that a person takes or leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// These bytes of the file are replaced.
    Splice {
        /// The file.
        path: RelPath,
        /// Byte offsets in the file as it is now, or as the fix was planned upon.
        range: Range<usize>,
        /// What takes their place.
        text: Bytes,
    },
    /// The file is made; it must not exist.
    Create {
        /// The file.
        path: RelPath,
        /// Its content.
        content: Bytes,
        /// Whether it may be executed.
        executable: bool,
    },
    /// The file is replaced whole: it is not text, or is restored.
    Replace {
        /// The file.
        path: RelPath,
        /// Its content.
        content: Bytes,
    },
    /// The file is deleted; its content is kept in the journal.
    Delete {
        /// The file.
        path: RelPath,
    },
}

/// A part's place in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartRef {
    /// An index of [`Plan::fixes`].
    pub fix: usize,
    /// An index of [`Fix::parts`].
    pub part: usize,
}

/// Before and after, of anything.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Diff<T> {
    /// What it is now.
    pub before: T,
    /// What it will be.
    pub after: T,
}

/// One file's change. From this one type come the preview, the stale check, undo, create and delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub path: RelPath,
    /// `before: None` makes it, `after: None` deletes it.
    pub content: Diff<Option<Bytes>>,
    /// For a file that is made: whether it may be executed. An edit keeps the mode.
    pub executable: bool,
    /// The parts it is made of, in the file's order.
    pub parts: Vec<PartRef>,
}

/// Something that is run, and can't be undone.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What.
    pub invocation: Invocation,
    /// Where; the project's root where nothing is said.
    pub cwd: Option<RelPath>,
    /// Variables added to its environment.
    pub env: BTreeMap<String, String>,
    /// Exit codes that count as done.
    pub exit: Option<crate::ExitCodes>,
    /// How long it may take.
    pub timeout: Timeout,
    /// When it is tried again.
    pub retry: Retry,
    /// Whether it may be run again.
    pub idempotent: bool,
    /// The rule whose breaker counts it, with all of the rule's commands; its own where the policy is the step's.
    pub breaker_of: Option<RuleId>,
}

/// What a command is.
#[derive(Clone, Debug, PartialEq)]
pub enum Invocation {
    /// A program and its arguments.
    Program(Vec<String>),
    /// Shell text, as written in the playbook.
    Shell(String),
    /// A signal to a process.
    Signal {
        /// The file with its pid, where it came from one: it must still name it.
        pid_file: Option<RelPath>,
        /// The pid, as it was when the plan was made.
        pid: u32,
        /// When the process started: another that has its pid by then is left alone.
        started: Time,
        /// Which signal.
        signal: crate::SignalName,
        /// How long it has before it is killed.
        kill_after: Option<std::time::Duration>,
        /// Whether the processes that it has started get it too.
        family: bool,
    },
}

/// The steps of a fix that wait for its commands.
#[derive(Clone, Debug, PartialEq)]
pub struct Rest {
    /// The index of the first step that is left.
    pub step: usize,
    /// How many are left, as far as is known before they are planned.
    pub left: u32,
    /// What earlier steps have bound.
    pub bindings: BTreeMap<String, Value>,
}

/// Something that was asked for and is not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The rule that asked.
    pub rule: RuleId,
    /// Its finding's title, filled in where it could be.
    pub title: String,
    /// The file it is about; known for file tiers alone.
    pub file: Option<RelPath>,
    /// Why, for machines.
    pub code: RefusalCode,
    /// Why, for people; no full stop.
    pub reason: String,
}

/// Why something is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalCode {
    /// Another fix of higher rank changes the same place.
    Overlap,
    /// What a step looks for is not there.
    NotFound,
    /// What a step looks for is in several places.
    Ambiguous,
    /// A file that would be made exists.
    Exists,
    /// A required file is missing: a person must act.
    Required,
    /// A path leaves the project or goes over a link.
    Outside,
    /// The path is one that a rule may not touch.
    Protected,
    /// A capture is not what a command may be given.
    Capture,
    /// A template could not be filled in.
    Template,
    /// A file can't be read, or is not text.
    Unreadable,
    /// The result would not be a valid document.
    Invalid,
    /// Over a limit.
    Limit,
    /// The playbook is not trusted.
    Untrusted,
    /// The step is not available in this version.
    Unsupported,
    /// A person has to choose.
    Choice,
    /// Nothing is left to do: what the steps come to is there. No failure.
    Already,
}

impl Plan {
    /// Whether it changes a file or runs a command.
    #[must_use]
    pub fn acts(&self) -> bool {
        self.fixes.iter().any(Fix::acts)
    }
}

impl Fix {
    /// A safe fix that does nothing yet: what it does is filled in.
    #[must_use]
    pub fn new(rule: RuleId, origin: Origin, title: impl Into<String>) -> Self {
        Self {
            rule,
            origin,
            title: title.into(),
            safety: Safety::Safe,
            finding: None,
            parts: Vec::new(),
            upon: BTreeMap::new(),
            snapshots: Vec::new(),
            folders: Vec::new(),
            commands: Vec::new(),
            guides: Vec::new(),
            notes: Vec::new(),
            warnings: Vec::new(),
            verify: None,
            rest: None,
        }
    }

    /// Whether it changes a file or runs a command; one that does not only tells a person what to do.
    #[must_use]
    pub fn acts(&self) -> bool {
        !self.parts.is_empty() || !self.commands.is_empty()
    }
}

impl Command {
    /// A command run once in the project's root, with nothing added to its environment.
    #[must_use]
    pub fn new(invocation: Invocation) -> Self {
        Self {
            invocation,
            cwd: None,
            env: BTreeMap::new(),
            exit: None,
            timeout: Timeout::default(),
            retry: Retry::default(),
            idempotent: false,
            breaker_of: None,
        }
    }
}

impl Refusal {
    /// Whether something is left undone: what is mended already is not.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.code != RefusalCode::Already
    }
}

impl PlanId {
    /// The first twelve digits.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.short())
    }
}

impl<T> Diff<T> {
    /// The way back.
    #[must_use]
    pub fn invert(self) -> Self {
        Self { before: self.after, after: self.before }
    }
}

impl Part {
    /// The file it changes.
    #[must_use]
    pub fn path(&self) -> &RelPath {
        match self {
            Self::Splice { path, .. }
            | Self::Create { path, .. }
            | Self::Replace { path, .. }
            | Self::Delete { path } => path,
        }
    }
}
