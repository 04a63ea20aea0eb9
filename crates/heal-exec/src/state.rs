use std::fs::{DirBuilder, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use thiserror::Error;

use crate::Host;
use crate::hash::sha256;
use crate::lock::Lock;

/// One project's folder of heal's own: its journal, what the journal needs to take things back, and a lock.
///
/// It lies in the user's state folder, never in a checkout: a journal that came with a repository would be a way
/// to have its bytes "restored".
#[derive(Debug)]
pub(crate) struct State {
    /// Records, one immutable file each.
    pub(crate) ops: OwnedFd,
    /// Contents, one file for each operation.
    pub(crate) blobs: OwnedFd,
    folder: PathBuf,
}

/// Why heal's own folder can't be used.
#[derive(Debug, Error)]
pub enum StateError {
    /// Neither `XDG_STATE_HOME` nor `HOME` names a folder.
    #[error("no place to keep what is needed for undo; set HOME or XDG_STATE_HOME to an absolute path")]
    Homeless,
    /// It would lie inside the project.
    #[error("{path} lies inside the project; set XDG_STATE_HOME to a folder outside")]
    Inside {
        /// The folder.
        path: String,
    },
    /// It belongs to somebody else.
    #[error("{path} belongs to another user; set XDG_STATE_HOME to a folder of your own")]
    Foreign {
        /// The folder.
        path: String,
    },
    /// It can't be made or opened.
    #[error("cannot use {path}")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Another heal is at work in this project.
    #[error("another heal is at work in this project; try again when it is done")]
    Busy,
}

impl Host {
    /// Opens the project's state, making its folders where they are missing.
    pub(crate) fn state(&self) -> Result<State, StateError> {
        let folder = self.state_folder()?;
        for folder in [folder.clone(), folder.join("ops"), folder.join("blobs")] {
            private(&folder)?;
        }
        State::open(folder)
    }

    /// Opens the project's state for reading; `None` where nothing was ever done.
    pub(crate) fn state_if_any(&self) -> Option<State> {
        State::open(self.state_folder().ok()?).ok()
    }

    /// The project's folder in the user's state, whether it is there or not.
    pub(crate) fn state_folder(&self) -> Result<PathBuf, StateError> {
        let home = self.state_home()?;
        let id = sha256(self.root().as_os_str().as_encoded_bytes());
        Ok(home.join("repos").join(&id[..32]))
    }

    /// heal's folder for state. A project that holds the user's whole home is the one that may hold it.
    pub(crate) fn state_home(&self) -> Result<&Path, StateError> {
        let home = self.homes.state.as_deref().ok_or(StateError::Homeless)?;
        let root = self.root();
        let holds_user = self.homes.home.as_ref().is_some_and(|user| user.starts_with(root));
        if home.starts_with(root) && !holds_user {
            return Err(StateError::Inside { path: home.display().to_string() });
        }
        Ok(home)
    }
}

impl State {
    fn open(folder: PathBuf) -> Result<Self, StateError> {
        let open = |name: &str| {
            let path = folder.join(name);
            open_folder(&path).map_err(|source| failed(&path, source))
        };
        Ok(Self { ops: open("ops")?, blobs: open("blobs")?, folder })
    }

    /// Waits until this process is the only one at work in the project.
    pub(crate) fn lock(&self, within: Duration) -> Result<Lock, StateError> {
        let path = self.folder.join("lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|source| failed(&path, source))?;
        Lock::take(file, within).map_err(|source| failed(&path, source))?.ok_or(StateError::Busy)
    }

    /// The folder that holds all of it.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of records.
    pub(crate) fn ops_path(&self) -> PathBuf {
        self.folder.join("ops")
    }

    /// The folder of contents.
    pub(crate) fn blobs_path(&self) -> PathBuf {
        self.folder.join("blobs")
    }
}

/// Makes a folder that its owner alone may enter, with all above it, unless it is there and is ours.
pub(crate) fn private(folder: &Path) -> Result<(), StateError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|source| failed(folder, source))?;
    let owner = folder.symlink_metadata().map_err(|source| failed(folder, source))?.uid();
    if owner == rustix::process::geteuid().as_raw() {
        Ok(())
    } else {
        Err(StateError::Foreign { path: folder.display().to_string() })
    }
}

/// Opens a folder to write in and to sync.
pub(crate) fn open_folder(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::io::retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty()))?)
}

fn failed(path: &Path, source: io::Error) -> StateError {
    StateError::Folder { path: path.display().to_string(), source }
}
