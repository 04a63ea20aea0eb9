//! The system calls that change files, each tried again when a signal interrupted it.
//!
//! Everything that writes goes through here, relative to a folder that is held open: a folder that is swapped for
//! a link meanwhile changes nothing about where the write goes.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{
    AtFlags, Mode, OFlags, RenameFlags, linkat, mkdirat, openat, renameat, renameat_with, symlinkat, unlinkat,
};
use rustix::io::{Errno, retry_on_intr};
use thiserror::Error;

/// Makes a file that is not there yet, for its owner alone.
pub(crate) fn create(folder: impl AsFd, name: &str) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = retry_on_intr(|| openat(&folder, name, flags, Mode::RUSR | Mode::WUSR))?;
    Ok(File::from(file))
}

/// Makes a file anew, removing what a killed run left under its name.
pub(crate) fn create_anew(folder: impl AsFd, name: &str) -> io::Result<File> {
    match create(&folder, name) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            unlink(&folder, name)?;
            create(&folder, name)
        }
        made => made,
    }
}

/// Makes a symbolic link anew, removing what a killed run left under its name.
pub(crate) fn link_anew(folder: impl AsFd, name: &str, names: &[u8]) -> io::Result<()> {
    match retry_on_intr(|| symlinkat(names, &folder, name)) {
        Err(Errno::EXIST) => {
            unlink(&folder, name)?;
            Ok(retry_on_intr(|| symlinkat(names, &folder, name))?)
        }
        made => Ok(made?),
    }
}

/// The disk did not take what was written.
///
/// After that nothing is synced any more by this process: the kernel has dropped the pages, and a second call
/// would say that all is well. What is left to do is done by the next start's recovery.
#[derive(Debug, Error)]
#[error("the disk did not take it")]
struct NotTaken(#[source] io::Error);

/// Brings a file's content, or a folder's entries, to the disk.
pub(crate) fn sync(file: impl AsFd) -> io::Result<()> {
    retry_on_intr(|| rustix::fs::fsync(&file)).map_err(|error| io::Error::other(NotTaken(error.into())))
}

/// Whether the disk did not take what was written.
pub(crate) fn is_not_taken(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<NotTaken>()).is_some()
}

/// Gives a file another name, in place of what has that name.
pub(crate) fn replace(folder: impl AsFd, from: &str, to: &str) -> io::Result<()> {
    Ok(retry_on_intr(|| renameat(&folder, from, &folder, to))?)
}

/// Gives a file another name, if nothing has that name.
///
/// Where the file system can't rename so, the file is linked under its new name and unlinked under the old.
pub(crate) fn publish_new(folder: impl AsFd, from: &str, to: &str) -> io::Result<()> {
    match retry_on_intr(|| renameat_with(&folder, from, &folder, to, RenameFlags::NOREPLACE)) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            retry_on_intr(|| linkat(&folder, from, &folder, to, AtFlags::empty()))?;
            unlink(&folder, from)
        }
        done => Ok(done?),
    }
}

/// Removes a file; one that is not there is removed already.
pub(crate) fn unlink(folder: impl AsFd, name: &str) -> io::Result<()> {
    absent_is_done(retry_on_intr(|| unlinkat(&folder, name, AtFlags::empty())))
}

/// Makes a folder, unless it is there; says whether it was made.
pub(crate) fn make_folder(folder: impl AsFd, name: &str, mode: u32) -> io::Result<bool> {
    match retry_on_intr(|| mkdirat(&folder, name, Mode::from_raw_mode(mode))) {
        Ok(()) => Ok(true),
        Err(Errno::EXIST) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Removes a folder, if it is there and empty; says whether it was removed.
pub(crate) fn remove_folder(folder: impl AsFd, name: &str) -> io::Result<bool> {
    match retry_on_intr(|| unlinkat(&folder, name, AtFlags::REMOVEDIR)) {
        Ok(()) => Ok(true),
        Err(Errno::NOENT | Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Writes a file that is not there yet: beside, then to the disk, then under its name. The folder is not synced.
pub(crate) fn write_new(folder: &OwnedFd, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = format!(".{name}.tmp");
    let mut file = create_anew(folder, &beside)?;
    let written = file.write_all(bytes).and_then(|()| sync(&file));
    written.and_then(|()| publish_new(folder, &beside, name)).inspect_err(|_| {
        // The error that counts is the first; what is left under the temporary name is removed by the next write.
        let _ = unlink(folder, &beside);
    })
}

/// Writes a file in place of the one that is there: beside, then to the disk, then under its name.
pub(crate) fn write_over(folder: &OwnedFd, name: &str, bytes: &[u8]) -> io::Result<()> {
    let beside = format!(".{name}.tmp");
    let mut file = create_anew(folder, &beside)?;
    file.write_all(bytes)?;
    sync(&file)?;
    replace(folder, &beside, name)
}

fn absent_is_done(result: Result<(), Errno>) -> io::Result<()> {
    match result {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
