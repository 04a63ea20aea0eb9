//! Which of a repository's playbooks may act: bound to every byte they consist of, kept outside the repository.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use heal_model::{Bytes, Time};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::hash::sha256;
use crate::state::{StateError, open_folder, private};
use crate::warrant::Warrant;
use crate::world::now;
use crate::{Host, seal, sys};

const VERSION: u32 = 1;

/// A playbook and every file it refers to, as they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// The playbook, by its path in the repository.
    pub playbook: String,
    /// Each file's path and content, the playbook's own among them; a file that is missing has none.
    pub files: BTreeMap<String, Option<Bytes>>,
}

/// What is known of a playbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is what was trusted, byte for byte.
    Trusted,
    /// It was never trusted here.
    New,
    /// It has changed since it was trusted.
    Changed {
        /// What was trusted: each file's path and content.
        before: Vec<(String, Bytes)>,
    },
}

/// A playbook that was trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trusted {
    v: u32,
    /// The project, by its path when it was trusted.
    pub project: String,
    /// The playbook, by its path in the repository.
    pub playbook: String,
    /// The closure's hash.
    pub hash: String,
    /// When it was trusted.
    pub at: Time,
    /// Each file's sha256, by path; a file that was missing has none.
    pub files: BTreeMap<String, Option<String>>,
}

/// Why trust can't be looked up or kept.
#[derive(Debug, Error)]
pub enum TrustError {
    /// heal's own folder can't be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// Nothing to take back.
    #[error("{playbook} is not trusted here")]
    Unknown {
        /// The playbook.
        playbook: String,
    },
    /// It can't be written.
    #[error("cannot keep what is trusted")]
    Write {
        /// Why.
        #[from]
        source: io::Error,
    },
}

impl TrustError {
    /// The exit code that says so.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unknown { .. } => 1,
            Self::State(_) | Self::Write { .. } => 4,
        }
    }
}

/// What the user trusts in one project.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    project: String,
}

impl Closure {
    /// The hash of all of it: sha256 over the sorted list of each file's path and sha256.
    ///
    /// A file that is missing counts as missing, so that one that appears later asks again.
    #[must_use]
    pub fn hash(&self) -> String {
        // A path holds no NUL and no line break, so no two closures come to the same list.
        let lines =
            self.sums().into_iter().map(|(path, sum)| format!("{path}\0{}\n", sum.unwrap_or_default()));
        sha256(lines.collect::<String>().as_bytes())
    }

    fn sums(&self) -> BTreeMap<String, Option<String>> {
        let sum = |content: &Option<Bytes>| content.as_ref().map(|content| sha256(content));
        self.files.iter().map(|(path, content)| (path.clone(), sum(content))).collect()
    }
}

impl Store {
    /// Opens what the user trusts in this project.
    ///
    /// # Errors
    /// When there is no place of the user's own to keep it.
    pub fn open(host: &Host) -> Result<Self, TrustError> {
        let folder = host.state_home()?.join("trust");
        Ok(Self { folder, project: host.root().display().to_string() })
    }

    /// What is known of a playbook.
    #[must_use]
    pub fn status(&self, closure: &Closure) -> Status {
        match self.read(&closure.playbook) {
            None => Status::New,
            Some(trusted) if trusted.hash == closure.hash() && trusted.files == closure.sums() => {
                Status::Trusted
            }
            Some(trusted) => Status::Changed { before: self.contents(&trusted) },
        }
    }

    /// A warrant for those of the playbooks that are trusted as they are.
    #[must_use]
    pub fn warrant<'a>(&self, closures: impl IntoIterator<Item = &'a Closure>) -> Warrant {
        let trusted = closures.into_iter().filter(|closure| self.status(closure) == Status::Trusted);
        Warrant::for_repository(trusted.map(|closure| closure.playbook.clone()))
    }

    /// Trusts a playbook as it is, and no other version of it.
    ///
    /// # Errors
    /// When that can't be kept.
    pub fn allow(&self, closure: &Closure) -> Result<Trusted, TrustError> {
        let contents = self.folder.join("blobs");
        private(&self.folder)?;
        private(&contents)?;
        let blobs = open_folder(&contents)?;
        for content in closure.files.values().flatten() {
            let sum = sha256(content);
            if self.content(&sum).is_none() {
                sys::unlink(&blobs, &sum)?;
                sys::write_new(&blobs, &sum, content)?;
            }
        }
        sys::sync(&blobs)?;
        let trusted = Trusted {
            v: VERSION,
            project: self.project.clone(),
            playbook: closure.playbook.clone(),
            hash: closure.hash(),
            at: now(),
            files: closure.sums(),
        };
        let folder = open_folder(&self.folder)?;
        let text = seal::seal(&trusted).map_err(io::Error::from)?;
        sys::write_over(&folder, &self.name(&closure.playbook), text.as_bytes())?;
        sys::sync(&folder)?;
        Ok(trusted)
    }

    /// Stops trusting a playbook, whatever it says now.
    ///
    /// # Errors
    /// When it was not trusted, or that can't be kept.
    pub fn revoke(&self, playbook: &str) -> Result<(), TrustError> {
        let name = self.name(playbook);
        if fs::symlink_metadata(self.folder.join(&name)).is_err() {
            return Err(TrustError::Unknown { playbook: playbook.to_owned() });
        }
        let folder = open_folder(&self.folder)?;
        sys::unlink(&folder, &name)?;
        Ok(sys::sync(&folder)?)
    }

    /// Every playbook that is trusted in this project, by path.
    #[must_use]
    pub fn list(&self) -> Vec<Trusted> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut all: Vec<Trusted> = names.filter_map(|name| self.read_named(&name)).collect();
        all.retain(|trusted| trusted.project == self.project);
        all.sort_by(|a, b| a.playbook.cmp(&b.playbook));
        all
    }

    fn read(&self, playbook: &str) -> Option<Trusted> {
        let trusted = self.read_named(&self.name(playbook))?;
        (trusted.playbook == playbook && trusted.project == self.project).then_some(trusted)
    }

    /// A damaged record trusts nothing.
    fn read_named(&self, name: &str) -> Option<Trusted> {
        let text = fs::read_to_string(self.folder.join(name)).ok()?;
        seal::open(&text, VERSION).ok()
    }

    fn contents(&self, trusted: &Trusted) -> Vec<(String, Bytes)> {
        let content = |sum: &Option<String>| self.content(sum.as_deref()?);
        trusted.files.iter().filter_map(|(path, sum)| Some((path.clone(), content(sum)?))).collect()
    }

    fn content(&self, sum: &str) -> Option<Bytes> {
        let content = fs::read(self.folder.join("blobs").join(sum)).ok()?;
        (sha256(&content) == sum).then(|| content.into())
    }

    fn name(&self, playbook: &str) -> String {
        format!("{}.trust", sha256(format!("{}\0{playbook}", self.project).as_bytes()))
    }
}
