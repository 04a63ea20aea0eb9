use serde::{Deserialize, Serialize};

use crate::{PartRef, PlanId, Refusal, RelPath, RuleId, Safety};

/// A plan to look at: data, that the command paints or prints as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preview {
    /// The plan's id.
    pub plan: PlanId,
    /// In path order.
    pub files: Vec<FilePreview>,
    /// Files that are kept as they are while commands run.
    pub snapshots: Vec<RelPath>,
    /// Folders that are kept whole.
    pub folders: Vec<RelPath>,
    /// In the order they run.
    pub commands: Vec<CommandPreview>,
    /// What is not done, and why.
    pub refusals: Vec<Refusal>,
}

/// One file's change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePreview {
    /// The file.
    pub path: RelPath,
    /// What becomes of it.
    pub kind: FileKind,
    /// Whether its content is text; if not there are no hunks.
    pub binary: bool,
    /// Lines added.
    pub added: u32,
    /// Lines removed.
    pub removed: u32,
    /// In the file's order.
    pub hunks: Vec<Hunk>,
    /// sha256 of its content now, hexadecimal; absent where it does not exist.
    pub before: Option<String>,
    /// sha256 of its content then.
    pub after: Option<String>,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// It is made.
    Created,
    /// It is deleted.
    Deleted,
    /// It is changed.
    Edited,
}

/// A stretch of changed lines with three lines around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// First line before, from 1; 0 where there is none.
    pub old_start: u32,
    /// Lines before.
    pub old_lines: u32,
    /// First line after, from 1; 0 where there is none.
    pub new_start: u32,
    /// Lines after.
    pub new_lines: u32,
    /// The rules that ask for it.
    pub rules: Vec<RuleId>,
    /// The most careful of their safeties.
    pub safety: Safety,
    /// The parts it is made of: what a person takes or leaves.
    pub parts: Vec<PartRef>,
    /// Its lines.
    pub lines: Vec<DiffLine>,
}

/// One line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// Where it belongs.
    pub tag: LineTag,
    /// Its text without its end, in pieces.
    pub pieces: Vec<Piece>,
    /// Whether it has no end: the file's last line.
    pub no_newline: bool,
}

/// Where a line of a hunk belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineTag {
    /// Before and after.
    Context,
    /// Before alone.
    Removed,
    /// After alone.
    Added,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Its text.
    pub text: String,
    /// Whether these words are what changed within the line.
    pub changed: bool,
}

/// One command, as it will run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandPreview {
    /// The rule that asks for it.
    pub rule: RuleId,
    /// How it may be applied.
    pub safety: Safety,
    /// As a person would type it, quoted for a shell.
    pub line: String,
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// Where.
    pub cwd: Option<RelPath>,
    /// How many steps follow, planned after it.
    pub then: u32,
}
