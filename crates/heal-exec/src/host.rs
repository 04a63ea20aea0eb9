use std::collections::HashMap;
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heal_model::{BadPath, RelPath, Scope, Unreadable};
use thiserror::Error;

use crate::clock::Deadline;
use crate::homes::Homes;
use crate::root::Root;

/// How long a command has between being asked to end and being ended.
const GRACE: Duration = Duration::from_secs(2);

/// The machine heal runs on, seen from one project.
///
/// As a [`World`](heal_model::World) it can only be read. What it does besides, it does through a held folder, so
/// no path leads out of the project whatever is swapped meanwhile.
#[derive(Debug)]
pub struct Host {
    pub(crate) root: Root,
    pub(crate) cwd: PathBuf,
    pub(crate) homes: Homes,
    pub(crate) probes: Probes,
    pub(crate) stop: Option<Arc<AtomicUsize>>,
    pub(crate) grace: Duration,
    pub(crate) end: Option<Deadline>,
    /// Whether this is a copy of the project, with a repository of its own.
    pub(crate) is_copy: bool,
    pub(crate) listings: Mutex<HashMap<Scope, Arc<Vec<RelPath>>>>,
}

/// Why something outside could not be looked at.
#[derive(Debug, Error)]
pub enum HostError {
    /// The folder to start from can't be opened.
    #[error("cannot open the folder {path}")]
    Start {
        /// The folder.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// What was named to start from is a file.
    #[error("{path} is a file; name the folder that it is in")]
    NoFolder {
        /// As it was typed.
        path: String,
    },
    /// A path that was typed lies outside the project.
    #[error(
        "{path} is outside the project {root}; name a file inside it, or go to the project it belongs to"
    )]
    Outside {
        /// As it was typed.
        path: String,
        /// The project.
        root: String,
    },
    /// A path that was typed names no file.
    #[error("{path:?} does not name a file of the project")]
    Path {
        /// As it was typed.
        path: String,
        /// Why.
        source: BadPath,
    },
    /// A file that was named is not there.
    #[error("{path} does not exist")]
    Missing {
        /// As it was typed.
        path: String,
    },
    /// A file that was named can't be read.
    #[error("cannot read {0}")]
    Unreadable(Unreadable),
}

impl HostError {
    /// The exit code that says so: what was named is wrong.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        2
    }
}

impl Host {
    /// Finds the project around a folder, or around the working directory.
    ///
    /// Its root is the nearest folder upwards that holds `.git`, else the nearest that holds `.heal`, else the
    /// folder itself.
    ///
    /// # Errors
    /// When the folder can't be opened.
    pub fn find(start: Option<&Path>) -> Result<Self, HostError> {
        Self::find_with(start, Homes::of_user())
    }

    /// The same, with heal's own folders at places of the caller's choice.
    ///
    /// # Errors
    /// When the folder can't be opened.
    pub fn find_with(start: Option<&Path>, homes: Homes) -> Result<Self, HostError> {
        let start = start.unwrap_or(Path::new("."));
        let failed = |source| HostError::Start { path: start.display().to_string(), source };
        let cwd = start.canonicalize().map_err(failed)?;
        if !cwd.is_dir() {
            return Err(HostError::NoFolder { path: start.display().to_string() });
        }
        let root = Root::open(project_of(&cwd)).map_err(failed)?;
        let (probes, listings) = (Probes::Looking, Mutex::default());
        Ok(Self { root, cwd, homes, probes, stop: None, grace: GRACE, end: None, is_copy: false, listings })
    }

    /// Whether [`World::probe`](heal_model::World::probe) may run commands; it may not unless this says so.
    ///
    /// Rules may probe when each of those that are asked may act.
    pub fn allow_probes(&mut self, allowed: Probes) {
        self.probes = allowed;
    }

    /// Ends a command that runs as soon as this is a signal's number, by passing the signal on to it.
    pub fn stop_on(&mut self, signal: Arc<AtomicUsize>) {
        self.stop = Some(signal);
    }

    /// How long a command has between being asked to end and being ended; 2 s where nothing is said.
    pub fn give_grace(&mut self, grace: Duration) {
        self.grace = grace;
    }

    /// Ends whatever runs by this moment: it is asked to a little before, so that it may end well.
    pub fn end_by(&mut self, end: Deadline) {
        self.end = Some(end);
    }

    /// By when all that is done here must be done, where somebody said so.
    #[must_use]
    pub fn end(&self) -> Option<Deadline> {
        self.end
    }

    /// The project's root: absolute, no links in it.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The folder heal was started in: absolute, no links in it.
    #[must_use]
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// Takes a path that a person typed in the working directory as one of the project.
    ///
    /// # Errors
    /// When it lies outside, or names the root itself.
    pub fn relative(&self, typed: &str) -> Result<RelPath, HostError> {
        let path = plain(&self.cwd.join(typed));
        let outside =
            || HostError::Outside { path: typed.to_owned(), root: self.root().display().to_string() };
        let inside = match path.strip_prefix(self.root()) {
            Ok(inside) => inside.to_owned(),
            // What was typed may go over a link to the project, as `/tmp` does on some systems.
            Err(_) => {
                let (parent, name) = (path.parent(), path.file_name());
                let real = parent.and_then(|parent| parent.canonicalize().ok()).ok_or_else(outside)?;
                real.join(name.ok_or_else(outside)?)
                    .strip_prefix(self.root())
                    .map_err(|_| outside())?
                    .to_owned()
            }
        };
        let text = inside.to_str().ok_or_else(outside)?;
        RelPath::new(text).map_err(|source| HostError::Path { path: typed.to_owned(), source })
    }

    /// Opens a file that a person named in the working directory, for reading as it comes: a log, a pipe.
    ///
    /// # Errors
    /// When it is not there, or can't be read.
    pub fn open(&self, typed: &str) -> Result<File, HostError> {
        let unreadable = |reason| HostError::Unreadable(Unreadable { path: typed.to_owned(), reason });
        let file = File::open(self.cwd.join(typed)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => HostError::Missing { path: typed.to_owned() },
            _ => unreadable(error.to_string()),
        })?;
        let is_folder = file.metadata().is_ok_and(|found| found.is_dir());
        if is_folder { Err(unreadable("it is a folder".to_owned())) } else { Ok(file) }
    }

    /// Writes a report to a file that a person named in the working directory: a file, a pipe, `/dev/fd/3`.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn report_to(&self, typed: &str, text: &str) -> std::io::Result<()> {
        std::fs::write(self.cwd.join(typed), text)
    }

    /// Opens the terminal for questions, where there is one, whatever standard input is.
    #[must_use]
    pub fn tty(&self) -> Option<File> {
        File::options().read(true).write(true).open("/dev/tty").ok()
    }

    /// Forgets what was listed, after something was changed.
    pub(crate) fn forget(&self) {
        self.listings.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
    }
}

/// Whether commands may be run to find something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probes {
    /// They may.
    Run,
    /// They may not, since nothing runs where heal only looks.
    Looking,
    /// They may not, since some playbook may not act.
    Untrusted,
}

fn project_of(cwd: &Path) -> &Path {
    let holding = |name: &str| cwd.ancestors().find(|folder| folder.join(name).symlink_metadata().is_ok());
    holding(".git").or_else(|| holding(".heal")).unwrap_or(cwd)
}

/// A path without `.` and `..`, taken out as they are written.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
        plain
    })
}
