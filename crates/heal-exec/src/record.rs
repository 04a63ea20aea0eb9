use heal_model::{CommandOutcome, PlanId, RelPath, RuleId, Time, Verification};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record_shapes as shapes;

/// The version of the journal that this heal writes, and the newest it reads.
pub(crate) const VERSION: u32 = 1;

/// What is about to be done: on the disk before the first file changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// The version of the format.
    pub v: u32,
    /// The operation's id: when it began, in milliseconds since 1970, in Crockford's base 32.
    pub id: String,
    /// The operation before it, so that one that is missing is noticed.
    pub previous: Option<Previous>,
    /// When it began, milliseconds since 1970.
    #[schemars(with = "i64")]
    pub at: Time,
    /// The plan that is applied.
    #[schemars(with = "String")]
    pub plan: PlanId,
    /// The operation that this one takes back.
    pub undoes: Option<String>,
    /// The rules whose fixes it holds.
    #[schemars(with = "Vec<String>")]
    pub rules: Vec<RuleId>,
    /// The process that does it.
    pub by: Writer,
    /// Part of the names of this operation's temporary files.
    pub tag: String,
    /// The files, in path order. Their contents, before then after, stand one behind the other in the file
    /// `blobs/<id>`.
    pub changes: Vec<Change>,
    /// Folders that are made for them, outermost first.
    #[schemars(with = "Vec<String>")]
    pub folders: Vec<RelPath>,
    /// Folders that are removed afterwards if they are empty, innermost first.
    #[schemars(with = "Vec<String>")]
    pub emptied: Vec<RelPath>,
    /// Commands that run after the files are written, secrets taken out.
    pub commands: Vec<Vec<String>>,
    /// Every folder, as it was, of those that the operation keeps whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Folder>,
}

/// The operation before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    /// Its id.
    pub id: String,
    /// The sha256 of its intent record, hexadecimal.
    pub sha256: String,
}

/// The process that wrote a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Writer {
    /// heal's version.
    pub heal: String,
    /// Its pid.
    pub pid: u32,
    /// When it started, milliseconds since 1970.
    pub started: Option<i64>,
    /// The start of the machine that the pid belongs to.
    pub boot: Option<String>,
}

/// One file's change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The file.
    #[schemars(with = "String")]
    pub path: RelPath,
    /// What it was; absent where it did not exist.
    pub before: Option<Version>,
    /// What it becomes; absent where it is deleted.
    pub after: Option<Version>,
    /// For the sidecar of a file that changes too: the sha256 of what it holds meanwhile, which names both contents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<String>,
}

/// A folder, and who may do what with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    /// The folder.
    #[schemars(with = "String")]
    pub path: RelPath,
    /// The permission bits.
    pub mode: u32,
}

/// A file's content and who may do what with it; of a symbolic link, what it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The content's sha256, hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// The permission bits; of a symbolic link the bits that say so (0o120000) as well.
    pub mode: u32,
    /// Whose it is; absent for a file that is made, where the system decides.
    pub owner: Option<Owner>,
}

/// Whose a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The user.
    pub uid: u32,
    /// The group.
    pub gid: u32,
}

/// What became of an operation; one may get several, each in its own file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// The version of the format.
    pub v: u32,
    /// The operation.
    pub id: String,
    /// When, milliseconds since 1970.
    #[schemars(with = "i64")]
    pub at: Time,
    /// What became of it.
    pub verdict: Verdict,
    /// Files that the operation's commands changed further, or made in a folder that is kept whole. The contents stand
    /// one behind the other in the file `blobs/<id>.settled`.
    pub settled: Vec<Settled>,
    /// Every folder, as the commands left it, of those that the operation keeps whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<Folder>,
    /// The commands that ran, secrets taken out.
    #[schemars(with = "Vec<shapes::CommandOutcome>")]
    pub commands: Vec<CommandOutcome>,
    /// Whether it helped.
    #[schemars(with = "Option<shapes::Verification>")]
    pub verification: Option<Verification>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// What became of an operation; the name is the ending of the record's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// All of it is done and on the disk.
    Commit,
    /// It was seen to help.
    Verified,
    /// It did not help, and is being taken back.
    Failed,
    /// It was taken back byte for byte.
    RolledBack,
    /// It was cut short, and taken back on a later start.
    Recovered,
    /// It was to be taken back, and a file had changed since: that file was left alone.
    Conflict,
}

/// A file as the operation's commands left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// The file.
    #[schemars(with = "String")]
    pub path: RelPath,
    /// What it is then; absent where it is gone.
    pub after: Option<Version>,
}

impl Change {
    /// Whether the file is kept as it is, since the operation's commands may change it.
    pub(crate) fn is_snapshot(&self) -> bool {
        self.before == self.after
    }

    /// Whether it is, or becomes, a symbolic link.
    pub(crate) fn is_link(&self) -> bool {
        [&self.before, &self.after].into_iter().flatten().any(Version::is_link)
    }
}

impl Intent {
    /// Whether it keeps files as they are, since its commands may change them.
    pub(crate) fn has_snapshot(&self) -> bool {
        !self.kept.is_empty() || self.changes.iter().any(Change::is_snapshot)
    }

    /// The files that the operation and its commands changed: those it was to change, then those that came besides.
    pub(crate) fn changes_with(&self, settled: &[Settled]) -> Vec<Change> {
        let is_new = |one: &&Settled| !self.changes.iter().any(|change| change.path == one.path);
        let came = settled.iter().filter(is_new).map(|one| Change {
            path: one.path.clone(),
            before: None,
            after: one.after.clone(),
            between: None,
        });
        self.changes.iter().cloned().chain(came).collect()
    }
}

impl Version {
    /// Whether it is a symbolic link.
    pub(crate) fn is_link(&self) -> bool {
        is_link(self.mode)
    }
}

/// Whether a mode is a symbolic link's.
pub(crate) fn is_link(mode: u32) -> bool {
    mode & 0o170_000 == 0o120_000
}

impl Verdict {
    /// Each of them.
    pub(crate) const ALL: [Self; 6] =
        [Self::Commit, Self::Verified, Self::Failed, Self::RolledBack, Self::Recovered, Self::Conflict];

    /// The ending of the record's file.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Verified => "verified",
            Self::Failed => "failed",
            Self::RolledBack => "rolledback",
            Self::Recovered => "recovered",
            Self::Conflict => "conflict",
        }
    }
}

impl Ending {
    /// An ending with nothing more to say.
    pub(crate) fn new(id: &str, at: Time, verdict: Verdict) -> Self {
        Self {
            v: VERSION,
            id: id.to_owned(),
            at,
            verdict,
            settled: Vec::new(),
            folders: Vec::new(),
            commands: Vec::new(),
            verification: None,
            notes: Vec::new(),
        }
    }
}

/// The JSON Schema (draft 2020-12) of the journal's records.
///
/// A record's file holds the record on one line, and on a second `#sha256:` and the sum of the first.
#[must_use]
pub fn journal_schema() -> serde_json::Value {
    let mut generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let records = [generator.subschema_for::<Intent>(), generator.subschema_for::<Ending>()];
    serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A record of heal's journal",
        "description": "What is about to be done (ops/ID.intent), or what became of it (ops/ID.commit, .verified, \
            .failed, .rolledback, .recovered, .conflict).",
        "anyOf": records,
        "$defs": generator.take_definitions(true),
    })
}
