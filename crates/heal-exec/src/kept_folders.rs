//! Folders that belong to an operation whole, since its commands may change anything in them.

use std::collections::BTreeSet;
use std::io;

use heal_model::RelPath;
use rustix::fs::{Dir, FileType, Mode, fchmod, fstat};
use rustix::io::retry_on_intr;

use crate::record::Folder;
use crate::root::{Root, is_absence, is_gone};
use crate::staging::{Sync, remove_folders};
use crate::sys;

/// The most files, links and folders that are kept of one operation.
pub(crate) const MOST: usize = 500;

/// What lies in folders that are kept whole.
#[derive(Debug, Default)]
pub(crate) struct Inside {
    /// Every file and link, in order of path.
    pub(crate) files: Vec<RelPath>,
    /// Every folder, those that were looked into among them, in order of path.
    pub(crate) folders: Vec<Folder>,
}

/// Looks into folders; a folder that is not there holds nothing.
///
/// No link is followed. What is called `.git` is git's own, and pipes, sockets and names that are not UTF-8 can't be kept.
pub(crate) fn inside(root: &Root, tops: &[RelPath]) -> io::Result<Inside> {
    let mut inside = Inside::default();
    let mut left = tops.to_vec();
    while let Some(path) = left.pop() {
        let Some(stat) = root.stat(&path)? else { continue };
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => {
                left.extend(entries(root, &path)?);
                inside.folders.push(Folder { path, mode: stat.st_mode & 0o7777 });
            }
            FileType::RegularFile | FileType::Symlink => inside.files.push(path),
            _ => {}
        }
    }
    inside.files.sort_unstable();
    inside.folders.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    Ok(inside)
}

fn entries(root: &Root, folder: &RelPath) -> io::Result<Vec<RelPath>> {
    let mut entries = Vec::new();
    for entry in Dir::read_from(root.folder(Some(folder))?)? {
        let entry = entry?;
        match entry.file_name().to_str() {
            Ok("." | ".." | ".git") | Err(_) => {}
            Ok(name) => entries.extend(RelPath::new(&format!("{folder}/{name}"))),
        }
    }
    Ok(entries)
}

/// The outermost of some folders.
pub(crate) fn tops(folders: &[Folder]) -> Vec<RelPath> {
    let all: BTreeSet<&RelPath> = folders.iter().map(|folder| &folder.path).collect();
    let is_top = |path: &&RelPath| path.parent().is_none_or(|above| !all.contains(&above));
    all.iter().copied().filter(is_top).cloned().collect()
}

/// The folders of one list that are not in another, in the order of the first.
pub(crate) fn beyond(folders: &[Folder], others: &[Folder]) -> Vec<RelPath> {
    let is_other = |folder: &&Folder| !others.iter().any(|other| other.path == folder.path);
    folders.iter().filter(is_other).map(|folder| folder.path.clone()).collect()
}

/// Sees to it that folders can be written in, as far as they are this user's, until [`dress`] gives them their modes.
pub(crate) fn open(root: &Root, folders: &[Folder]) {
    for folder in folders {
        let Ok(opened) = root.folder(Some(&folder.path)) else { continue };
        let mode = fstat(&opened).map_or(0o700, |stat| stat.st_mode & 0o7777);
        if mode & 0o700 != 0o700 {
            // Where it can't be done, what needs it says so.
            let _ = retry_on_intr(|| fchmod(&opened, Mode::from_raw_mode(mode | 0o700)));
        }
    }
}

/// Brings folders back as they were: those that came are removed if nothing else lies in them, those that went are made.
pub(crate) fn bring_back(root: &Root, were: &[Folder], came: &[RelPath], sync: Sync) -> io::Result<()> {
    let came: Vec<RelPath> = came.iter().rev().cloned().collect();
    let mut changed = remove_folders(root, &came)?;
    for folder in were {
        if root.stat(&folder.path)?.is_none() {
            make(root, &folder.path)?;
            changed.push(folder.path.clone());
        }
    }
    let above: BTreeSet<Option<RelPath>> = changed.iter().map(RelPath::parent).collect();
    for folder in above.iter().filter(|_| sync == Sync::Do) {
        match root.folder(folder.as_ref()) {
            Ok(folder) => sys::sync(folder)?,
            Err(error) if is_gone(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Makes a folder, and those above it that are gone too.
fn make(root: &Root, folder: &RelPath) -> io::Result<()> {
    if let Some(above) = folder.parent()
        && root.parent(folder).is_err_and(|error| is_absence(&error))
    {
        make(root, &above)?;
    }
    match root.parent(folder) {
        Ok(above) => sys::make_folder(above, folder.name(), 0o777).map(drop),
        Err(error) if is_gone(&error) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Gives folders their modes.
pub(crate) fn dress(root: &Root, folders: &[Folder]) -> io::Result<()> {
    for folder in folders.iter().rev() {
        let opened = match root.folder(Some(&folder.path)) {
            Ok(opened) => opened,
            Err(error) if is_gone(&error) => continue,
            Err(error) => return Err(error),
        };
        if fstat(&opened)?.st_mode & 0o7777 != folder.mode {
            retry_on_intr(|| fchmod(&opened, Mode::from_raw_mode(folder.mode)))?;
        }
    }
    Ok(())
}
