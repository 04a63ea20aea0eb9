use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Bytes, Found, RelPath, Retry, RuleId, Trigger};

/// What can be known of the outside, and nothing that can be done to it.
///
/// There are three: the host, an overlay of planned edits over another world, and one in memory.
pub trait World {
    /// Reads a file whole; `None` where there is none.
    ///
    /// # Errors
    /// When something is there that can't be read: never the same as absent, or a plan would create over it.
    fn read(&self, path: &RelPath) -> Result<Option<Bytes>, Unreadable>;

    /// What is at a path; `None` where nothing is. Links are not followed.
    ///
    /// # Errors
    /// When that can't be found out.
    fn stat(&self, path: &RelPath) -> Result<Option<Stat>, Unreadable>;

    /// Every file below a folder (the project's root where none is named), in order of path.
    ///
    /// # Errors
    /// When the folder is there and can't be read.
    fn files(&self, under: Option<&RelPath>, scope: Scope) -> Result<Vec<RelPath>, Unreadable>;

    /// The path in the project of what an absolute path names, whether it is there or not; `None` where it lies
    /// outside. Tools print absolute paths as well as relative ones.
    fn localize(&self, absolute: &str) -> Option<RelPath>;

    /// An environment variable.
    fn env(&self, name: &str) -> Option<String>;

    /// The time.
    fn now(&self) -> Time;

    /// A running process, by pid.
    fn process(&self, pid: u32) -> Option<Process>;

    /// Every running process that can be seen, by pid.
    fn processes(&self) -> BTreeMap<u32, Process>;

    /// The processes that listen on a TCP port, as far as they can be seen.
    fn listeners(&self, port: u16) -> Vec<u32>;

    /// What tells this machine, and this start of it, from others.
    fn machine(&self) -> Machine;

    /// Where a program is found: its absolute path.
    fn program(&self, name: &str) -> Option<String>;

    /// The program that the first line of a script names (`#!`), by the script's absolute path.
    fn interpreter(&self, script: &str) -> Option<String>;

    /// Runs a command to find something out.
    ///
    /// # Errors
    /// When it may not be run here, or could not be started.
    fn probe(&self, probe: &Probe) -> Result<Probed, Unreadable>;

    /// Versions of a file that heal keeps, newest first.
    fn earlier(&self, path: &RelPath) -> Vec<Earlier>;

    /// A file as it is in a commit; `None` where the commit does not hold it.
    ///
    /// # Errors
    /// When there is no such commit, or no repository.
    fn committed(&self, path: &RelPath, revision: &str) -> Result<Option<Bytes>, Unreadable>;
}

/// Decides what holds of files, documents, processes and the environment.
///
/// Matching implements it; planning asks it about `when` conditions, whose templates it has filled in before.
pub trait Inspect {
    /// Every place where a trigger about the state of things holds.
    fn inspect(&self, rule: &RuleId, trigger: &Trigger, world: &dyn World) -> Found;
}

/// Something is there that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What.
    pub path: String,
    /// Why, in the system's words.
    pub reason: String,
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What kind of thing.
    pub kind: EntryKind,
    /// Bytes.
    pub len: u64,
    /// When it was last changed.
    pub modified: Time,
    /// Whether its owner may execute it.
    pub executable: bool,
}

/// What kind of thing is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A symbolic link that leads to nothing.
    DeadLink,
    /// A pipe, socket or device.
    Other,
}

/// Which files a listing holds. `.git` is in none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Those that git would not ignore.
    Unignored,
    /// All.
    All,
}

/// Milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

/// A running process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// When it started.
    pub started: Time,
    /// Its program's name.
    pub name: String,
    /// The pid of the process that started it, or of the one that took it over.
    pub parent: u32,
    /// Its working folder, from the project's root (`.` is the root); absent outside the project, or where it can't
    /// be seen.
    pub folder: Option<String>,
}

/// What tells a machine, and a start of it, from others.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Machine {
    /// The id of its last start: pids and start times mean nothing in another.
    pub boot: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

/// A command that is run to find something out.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// How long it may take.
    pub timeout: Duration,
    /// When it is tried again; once, after it ran out of time, where nothing is said.
    pub retry: Option<Retry>,
}

/// What a probe said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probed {
    /// The code it ended with; absent where it was ended.
    pub exit: Option<i32>,
    /// What it printed, both streams, at most 1 MiB.
    pub output: String,
    /// Whether it ran out of time.
    pub timed_out: bool,
}

/// A version of a file that heal keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// When it was kept.
    pub at: Time,
    /// Its content, checked against its hash.
    pub content: Bytes,
}

impl Stat {
    /// Whether it is a file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.kind == EntryKind::File
    }
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: {}", self.path, self.reason)
    }
}

impl std::error::Error for Unreadable {}
