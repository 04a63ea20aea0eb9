use serde::{Deserialize, Serialize};

use crate::{Place, RelPath, Template, Trigger};

/// One entry of `files:`: a file the playbook answers for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileTier {
    /// A path, or a glob where the tier allows one.
    pub path: String,
    /// What its absence means.
    pub tier: Tier,
    /// The playbook's template file that it is made from: a key of [`Playbook::assets`](crate::Playbook::assets).
    pub template: Option<String>,
    /// Its content, written in the playbook itself.
    pub content: Option<Template>,
    /// Degraded mode: its content when the template file is missing, used as it stands.
    pub fallback: Option<String>,
    /// A JSON Schema that what is there must satisfy: a key of the playbook's assets.
    pub schema: Option<String>,
    /// What heal keeps to restore it from.
    pub keep: Option<Keep>,
    /// What a person does to get a required file back.
    pub recover: Vec<Template>,
    /// Whether the entry counts here.
    pub when: Option<Trigger>,
    /// Where it is written.
    pub place: Place,
}

/// What a file's absence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Tier 1: made from its template.
    Create,
    /// Tier 2: never made; a person gets it back, and nothing else is done before.
    Require,
    /// Tier 3: skipped.
    Optional,
}

/// What heal keeps beside a file it answers for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keep {
    /// A `.sha256` sidecar.
    pub checksum: bool,
    /// How many good versions, at most 10.
    pub backups: u32,
}

impl FileTier {
    /// Whether `path` is a glob.
    #[must_use]
    pub fn is_glob(&self) -> bool {
        self.path.contains(['*', '?', '[', '{'])
    }

    /// The path, where it is not a glob and lies inside the project.
    #[must_use]
    pub fn file(&self) -> Option<RelPath> {
        if self.is_glob() { None } else { RelPath::new(&self.path).ok() }
    }
}
