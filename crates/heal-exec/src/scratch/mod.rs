//! A copy of the project on which everything is tried first, commands included.

mod changes;
mod copy;
mod mounted;
mod put;
mod repository;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use heal_model::{RelPath, Scope};
use rustix::process::{getegid, geteuid};
use thiserror::Error;

use crate::listing::unignored;
use crate::root::Root;
use crate::state::{StateError, private};
use crate::{Homes, Host, process_table};
use mounted::Layer;
use repository::Repository;

pub use changes::{Changed, Changes};

/// A copy of a project, with a journal of its own; it goes when this does.
///
/// It is an overlay over the project, mounted in its place for this process and what it starts, where the kernel lets
/// us: then every path means the copy, absolute ones too. Elsewhere it is a folder with copies of the files that git
/// would not ignore, and a git repository that shares the objects of the project's.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    method: Method,
    /// What an overlay lies over: the project, and its repository where that is elsewhere.
    covered: Vec<PathBuf>,
    repository: Option<Repository>,
    /// The project's symbolic links, as they were before anything was tried.
    links: Vec<RelPath>,
    /// Its files then, in order of path.
    listed: Arc<Vec<RelPath>>,
    /// When that was, since 1970.
    began: Duration,
}

/// How a copy was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// An overlay over the project.
    Overlay,
    /// Files that share their blocks with the project's until one of them is written.
    Reflink,
    /// Files that were copied.
    Copy,
}

/// What kind of copy is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// An overlay where the kernel lets us, else copies.
    Best,
    /// Copies, whatever the kernel would do.
    Copies,
}

/// Why there is no copy.
#[derive(Debug, Error)]
pub enum ScratchError {
    /// heal's folder can't be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// A file could not be copied.
    #[error("cannot copy {path}")]
    Copy {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

impl Host {
    /// Makes a copy of the project to try things on, and gives the machine as it is seen from there.
    ///
    /// This host goes on seeing the project itself: it holds the folder from before. The overlay needs a process that
    /// has no second thread yet; with one, files are copied.
    ///
    /// # Errors
    /// When there is no place for a copy, or a file can't be copied.
    pub fn scratch(&self, wanted: Wanted) -> Result<(Scratch, Self), ScratchError> {
        let parent = self.state_home()?.join("scratch");
        private(&parent)?;
        sweep(&parent);
        let began = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let folder = parent.join(format!("{}-{:08x}", std::process::id(), crate::ids::tag() >> 32));
        private(&folder)?;
        // What is listed must be listed before the copy lies over it.
        let listed = self.listing(Scope::Unignored).unwrap_or_default();
        let links = unignored(self.root(), &|kind| kind.is_symlink()).unwrap_or_default();
        let repository = Repository::of(self);
        let mut covered = vec![self.root().to_owned()];
        let elsewhere = repository.iter().map(|repository| &repository.shared);
        covered.extend(elsewhere.filter(|shared| !shared.starts_with(self.root())).cloned());
        let mut scratch = Scratch {
            folder: folder.clone(),
            method: Method::Overlay,
            covered,
            repository,
            links,
            listed,
            began,
        };
        let root = if wanted == Wanted::Best && scratch.cover(&|| self.is_ours()) {
            self.root().to_owned()
        } else {
            let tree = folder.join("tree");
            scratch.method = copy::copy(self, &tree)?;
            if let Some(repository) = &scratch.repository {
                let failed = |source| ScratchError::Copy { path: ".git".to_owned(), source };
                repository.copy_to(self, &tree).map_err(failed)?;
            }
            tree
        };
        let below = self.cwd.strip_prefix(self.root()).unwrap_or(Path::new(""));
        let opened = Root::open(&root);
        let host = Self {
            root: opened.map_err(|source| ScratchError::Copy { path: root.display().to_string(), source })?,
            cwd: root.join(below),
            homes: Homes { state: Some(folder.join("state")), ..self.homes.clone() },
            probes: self.probes,
            stop: self.stop.clone(),
            grace: self.grace,
            end: self.end,
            is_copy: scratch.method != Method::Overlay,
            listings: Mutex::default(),
        };
        Ok((scratch, host))
    }
}

/// Removes the copies of processes that were killed.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.split_once('-')?.0.parse().ok());
        if pid.is_some_and(|pid| process_table::process(pid).is_none()) {
            remove(&entry.path());
        }
    }
}

/// Removes a copy's folder. The kernel's own folders beside overlays let nobody in.
fn remove(folder: &Path) {
    for layer in fs::read_dir(folder).into_iter().flatten().flatten() {
        let work = layer.path().join("work").join("work");
        let _ = fs::set_permissions(work, fs::Permissions::from_mode(0o700));
    }
    let _ = fs::remove_dir_all(folder);
}

impl Host {
    /// Whether this user and this group own every file that git would not ignore.
    fn is_ours(&self) -> bool {
        let (user, group) = (geteuid().as_raw(), getegid().as_raw());
        let listing = self.listing(Scope::Unignored);
        let owns = |path: &RelPath| {
            self.root
                .stat(path)
                .is_ok_and(|stat| stat.is_none_or(|stat| stat.st_uid == user && stat.st_gid == group))
        };
        listing.is_ok_and(|listing| listing.iter().all(owns))
    }
}

impl Scratch {
    /// How the copy was made.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// Lays overlays over the project; whether the kernel lets us.
    fn cover(&self, is_ours: &dyn Fn() -> bool) -> bool {
        if self.covered.iter().any(|over| self.folder.starts_with(over)) {
            return false;
        }
        let beside = |number: usize| self.folder.join(format!("layer-{number}"));
        let layers = self.covered.iter().enumerate();
        let layers: Vec<_> = layers.map(|(number, over)| Layer { over, beside: beside(number) }).collect();
        mounted::mount(&layers, is_ours).is_ok()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.method == Method::Overlay {
            self.covered.iter().for_each(|over| mounted::unmount(over));
        }
        remove(&self.folder);
    }
}
