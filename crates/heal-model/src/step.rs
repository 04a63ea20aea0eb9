use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Applicability, ExitCodes, Holder, PatternTemplate, Place, Retry, Template, Timeout, Trigger};

/// One declared way to act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// The name that later steps know its result by.
    pub bind: Option<String>,
    /// Whether it is done.
    pub when: Option<Trigger>,
    /// When it is tried again.
    pub retry: Option<Retry>,
    /// How long it may take.
    pub timeout: Option<Timeout>,
    /// Where it is written.
    pub place: Place,
}

impl Step {
    /// A step that is done whenever its rule acts, in the way of steps that say nothing else.
    #[must_use]
    pub fn new(action: Action) -> Self {
        Self { action, bind: None, when: None, retry: None, timeout: None, place: Place::default() }
    }
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Locates and binds.
    Find(Find),
    /// Searches and replaces.
    Edit(TextEdit),
    /// Sees to it that a line is, or is not, in a file.
    Line(Line),
    /// Makes a file; never over one that exists.
    Create(Create),
    /// Sets a value in a document, comments and layout kept.
    Set(Set),
    /// Takes a value out of a document.
    Remove(Remove),
    /// Copies a file; never over one that exists.
    Copy(Copy),
    /// Moves a file; never over one that exists.
    Move(Move),
    /// Deletes a file.
    Delete(Delete),
    /// Brings a file back.
    Restore(Restore),
    /// Applies a unified diff.
    Patch(Patch),
    /// Applies what the tool itself suggests.
    Suggestions(Suggestions),
    /// Keeps files as they are, so that they are brought back where what follows does not end well.
    Snapshot(Snapshot),
    /// Runs a command; can't be undone.
    Run(Run),
    /// Signals a process; can't be undone.
    Signal(Signal),
    /// Asks which way to go.
    Choose(Choose),
    /// Tells a person what to do.
    Guide(Template),
}

/// Locates lines in files and binds the place: `path`, `line`, `column`, `text`, `module`, `stem`, `dir`, `base` and
/// the pattern's named captures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Find {
    /// Globs of the files to look in; what git ignores is left out.
    pub files: Vec<Template>,
    /// Looks for `files` in the folder of this path, then in each folder above, and stops at the first that has one in
    /// which the pattern is found. Binds `inside` as well: this path as seen from there.
    pub above: Option<Template>,
    /// What to find: `^` and `$` are a line's ends.
    pub pattern: PatternTemplate,
    /// Whether it must be found in just one place; otherwise the first is taken.
    pub one: bool,
}

/// Searches and replaces in files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextEdit {
    /// Paths or globs; what git ignores is left out of globs.
    pub files: Vec<Template>,
    /// What is replaced: `^` and `$` are a line's ends, and `\n` may occur.
    pub search: PatternTemplate,
    /// By what; the search's named captures are known here.
    pub replace: Template,
    /// Which places.
    pub occurrences: Occurrences,
    /// Only near here.
    pub at: Option<Anchor>,
}

/// Which places an edit changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Occurrences {
    /// All of them; at least one.
    All,
    /// The only one; more are refused.
    One,
    /// The first in each file.
    First,
}

/// A line that an edit is tied to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anchor {
    /// The line's number, from 1.
    pub line: Template,
    /// The column, from 1, that the match must start at or cover.
    pub column: Option<Template>,
    /// How many lines off it may be; 0 unless said otherwise.
    pub within: u32,
    /// Where the text that starts at the line and column ends: the match must be all of it, and nothing else is searched.
    pub to: Option<AnchorEnd>,
}

/// The end of the text that an edit is tied to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnchorEnd {
    /// The line's number, from 1.
    pub line: Template,
    /// The column, from 1, exclusive.
    pub column: Template,
}

/// Sees to it that a line is, or is not, in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The file.
    pub file: Template,
    /// Which.
    pub change: LineChange,
}

/// What becomes of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LineChange {
    /// It must be there; if not, it is put at the position.
    Present {
        /// The line, without its end.
        line: Template,
        /// Where it is put.
        position: LinePosition,
    },
    /// No line that fits may be there.
    Absent(PatternTemplate),
}

/// Where a line is put.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum LinePosition {
    /// Before the first line.
    Start,
    /// After the last line.
    End,
    /// After the last line that fits; at the end if none does.
    After(PatternTemplate),
    /// Before the first line that fits; at the end if none does.
    Before(PatternTemplate),
}

/// Makes a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Create {
    /// Where.
    pub path: Template,
    /// What it holds.
    pub content: Content,
    /// Whether it may be executed.
    pub executable: bool,
}

/// What a made file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// A template in the playbook itself.
    Inline(Template),
    /// A template file: a key of the playbook's assets.
    Asset(String),
}

/// Sets a value in a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Set {
    /// Which document, and where in it.
    pub at: Document,
    /// The value; strings in it are templates.
    pub value: Value,
}

/// Takes a value out of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remove {
    /// Which document, and where in it.
    pub at: Document,
}

/// A place in a JSON, YAML or TOML document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The file; its ending tells the format.
    pub file: Template,
    /// Dotted keys (`tool.pytest.ini_options.markers[0]`, `markers[+]` to append) or a JSON pointer (`/a/b/0`).
    pub key: Template,
}

/// Copies a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Copy {
    /// From where.
    pub from: Template,
    /// To where.
    pub to: Template,
}

/// Moves a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Move {
    /// From where.
    pub from: Template,
    /// To where.
    pub to: Template,
}

/// Deletes a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delete {
    /// Which.
    pub path: Template,
}

/// Brings a file back as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restore {
    /// Which.
    pub path: Template,
    /// From where.
    pub from: RestoreFrom,
}

/// Where a file is brought back from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum RestoreFrom {
    /// The newest good version that heal keeps.
    Backup,
    /// A commit.
    Git(Template),
}

/// Applies a unified diff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patch {
    /// The diff; where it is absent, the one in the output that the finding came from.
    pub diff: Option<Template>,
    /// How many leading parts of its paths are dropped; `a/` and `b/` always are.
    pub strip: u32,
}

/// Applies what the tool itself suggests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestions {
    /// The least sure that is taken.
    pub applicability: Applicability,
}

/// Keeps files and folders as they are before commands run.
///
/// They belong to the operation from then on: where a command fails, or the fix does not help, or it is undone, they are
/// what they were, whatever the commands have made of them. Of a folder that is everything: links stay links, empty folders
/// come back, and what came in it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Paths or globs of the files, those that git ignores among them; at least one must fit. A folder, or a glob that is
    /// a folder's path and `/**`, keeps the folder whole.
    pub files: Vec<Template>,
}

/// Runs a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The program and its arguments; a capture fills at most one argument. Empty where `shell` is given.
    pub argv: Vec<Template>,
    /// Shell text, never filled in: captures reach it as `HEAL_CAP_<name>`.
    pub shell: Option<String>,
    /// Where, inside the project; its root unless said otherwise.
    pub cwd: Option<Template>,
    /// Variables added to its environment.
    pub env: BTreeMap<String, Template>,
    /// Exit codes that count as done; 0 unless said otherwise.
    pub exit: Option<ExitCodes>,
    /// Whether it may be run again.
    pub idempotent: bool,
    /// A path that makes it needless when it is there.
    pub creates: Option<Template>,
}

/// Signals a process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Which process.
    pub to: SignalTo,
    /// Which signal.
    pub signal: SignalName,
    /// How long it has before it is killed.
    pub kill_after: Option<Duration>,
    /// Whether the processes that it has started get it too.
    pub family: bool,
}

/// Which process a signal goes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SignalTo {
    /// The one that wrote the file with its pid.
    PidFile(Template),
    /// The one that a lock, a lease or a list of processes records.
    Holder(Holder),
}

/// The signals a step may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignalName {
    /// SIGTERM.
    Term,
    /// SIGINT.
    Int,
    /// SIGHUP.
    Hup,
    /// SIGKILL.
    Kill,
    /// SIGUSR1.
    Usr1,
    /// SIGUSR2.
    Usr2,
}

/// Asks which way to go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choose {
    /// What is asked.
    pub question: Template,
    /// The ways, in order.
    pub options: Vec<Choice>,
    /// The one taken when no person is there; none refuses.
    pub default: Option<String>,
}

/// One way of a [`Choose`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Its name.
    pub name: String,
    /// What a person reads.
    pub label: Template,
    /// Whether it is offered; the only one offered is taken unasked.
    pub when: Option<Trigger>,
    /// What is done.
    pub steps: Vec<Step>,
}
