use serde::{Deserialize, Serialize};

use crate::{PlanId, RelPath, RuleId, Time};

/// What really happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The operation's id, which sorts by time.
    pub id: String,
    /// The plan that was applied.
    pub plan: PlanId,
    /// When it began, milliseconds since 1970.
    pub at: Time,
    /// What became of it.
    pub state: ReceiptState,
    /// The rules whose fixes it holds.
    pub rules: Vec<RuleId>,
    /// Every file, in path order.
    pub files: Vec<FileOutcome>,
    /// Every command, in order.
    pub commands: Vec<CommandOutcome>,
    /// Whether it helped.
    pub verification: Option<Verification>,
    /// The operation that this one takes back.
    pub undoes: Option<String>,
    /// The operation that took this one back.
    pub undone_by: Option<String>,
    /// What a person should know: what could not be taken back, and why; no full stop.
    pub notes: Vec<String>,
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptState {
    /// Begun, and neither done nor taken back: still at work, or cut short and not yet recovered.
    Unfinished,
    /// Done.
    Applied,
    /// Done, and seen to help.
    Verified,
    /// Done, did not help, and taken back byte for byte.
    RolledBack,
    /// Cut short, and taken back on the next start.
    Recovered,
    /// Cut short, and a file had changed since: a person must look.
    Conflict,
    /// Taken back later.
    Undone,
}

impl ReceiptState {
    /// Whether an operation's changes still stand.
    #[must_use]
    pub fn stands(self) -> bool {
        matches!(self, Self::Applied | Self::Verified)
    }
}

/// One file, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileOutcome {
    /// The file.
    pub path: RelPath,
    /// sha256 before, hexadecimal; absent where it did not exist.
    pub before: Option<String>,
    /// sha256 after.
    pub after: Option<String>,
}

/// One command, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandOutcome {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// The code it ended with; absent where a signal ended it.
    pub exit: Option<i32>,
    /// The signal that ended it; where it is itself a signal, the one that the process ended on.
    pub signal: Option<i32>,
    /// Whether it ran out of time.
    pub timed_out: bool,
    /// Tries, the first included.
    pub attempts: u32,
    /// Milliseconds, all tries together.
    pub milliseconds: u64,
    /// The end of what it printed, at most 2 KiB.
    pub tail: String,
}

impl Receipt {
    /// Whether it came to nothing at all: its commands were not run, and it changed no file.
    #[must_use]
    pub fn did_nothing(&self) -> bool {
        let has_run = self.commands.iter().any(CommandOutcome::has_run);
        self.files.is_empty() && !self.commands.is_empty() && !has_run
    }
}

impl CommandOutcome {
    /// Whether it was run at all: one that was not has only something to say.
    #[must_use]
    pub fn has_run(&self) -> bool {
        self.exit.is_some() || self.signal.is_some() || self.timed_out || self.attempts > 1
    }
}

/// One thing that was looked at to find out whether a fix helped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Whether it is as it should be.
    pub passed: bool,
    /// What was looked at, and what it said, in words.
    pub text: String,
}

/// Whether a fix helped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether it did.
    pub passed: bool,
    /// Each check and what it said.
    pub checks: Vec<Check>,
    /// The commands that were run for it.
    pub commands: Vec<CommandOutcome>,
}
