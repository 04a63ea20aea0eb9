//! Taking an operation back, live or on the next start. It may be cut short and begun again any number of times.

use std::io;

use heal_model::{Bytes, RelPath};
use rustix::fs::{AtFlags, statat};

use crate::hash::sha256;
use crate::kept_folders::{self, beyond};
use crate::record::{Change, Ending, Intent, Settled, Version};
use crate::root::{Root, is_absence, is_gone};
use crate::staging::{Sync, beside, beside_again, beside_between, put, remove_folders, settle_folders};
use crate::target::Kept;
use crate::{sidecar, sys};

/// What an operation's files held before it.
pub(crate) struct Before<'a> {
    /// Each file's content, in the intent's order.
    pub(crate) contents: &'a [Option<Bytes>],
    /// Whether the operation came to change a file, by its index.
    pub(crate) reached: &'a dyn Fn(usize) -> bool,
}

/// Gives every file of an operation the content it had before, and every folder that it keeps whole what lay in it; those
/// that are neither as they were before nor as the operation left them are left alone, and returned.
///
/// The ending says what the operation's commands left.
pub(crate) fn restore(
    root: &Root,
    intent: &Intent,
    before: &Before<'_>,
    ending: &Ending,
    sync: Sync,
) -> io::Result<Vec<RelPath>> {
    make_folders_again(root, intent)?;
    kept_folders::open(root, &intent.kept);
    let changes = intent.changes_with(&ending.settled);
    let mut taking =
        Taking { root, intent, changes, before, settled: &ending.settled, sync, conflicts: Vec::new() };
    let own = intent.changes.len();
    // What came goes first: a folder may have come in a file's place, or a file in a folder's.
    (own..taking.changes.len()).rev().try_for_each(|index| taking.take(index))?;
    let came = beyond(&ending.folders, &intent.kept);
    kept_folders::bring_back(root, &intent.kept, &came, sync)?;
    // Sidecars name both contents before the first file is taken back, and the old one alone after the last.
    let changed = (0..own).rev().filter(|index| (before.reached)(*index));
    let (sidecars, files): (Vec<usize>, Vec<usize>) =
        changed.partition(|index| intent.changes[*index].between.is_some());
    sidecars.iter().try_for_each(|index| taking.name_both(*index))?;
    files.iter().chain(&sidecars).try_for_each(|index| taking.take(*index))?;
    let mut conflicts = taking.conflicts;
    remove_beside(root, intent)?;
    let made: Vec<RelPath> = intent.folders.iter().rev().cloned().collect();
    remove_folders(root, &made)?;
    settle_folders(root, &Intent { emptied: Vec::new(), ..intent.clone() }, sync)?;
    kept_folders::dress(root, &intent.kept)?;
    conflicts.sort_unstable();
    Ok(conflicts)
}

/// An operation while it is taken back.
struct Taking<'a> {
    root: &'a Root,
    intent: &'a Intent,
    /// What it and its commands changed, in the intent's order, then what came besides.
    changes: Vec<Change>,
    before: &'a Before<'a>,
    settled: &'a [Settled],
    sync: Sync,
    /// Files that are left alone.
    conflicts: Vec<RelPath>,
}

impl Taking<'_> {
    /// Takes one file back, if it is as the operation left it.
    fn take(&mut self, index: usize) -> io::Result<()> {
        let change = &self.changes[index];
        match self.state(change) {
            FileState::Before => {}
            FileState::Ours => {
                if change.between.is_some() && self.sync == Sync::Do {
                    sys::sync(self.root.parent(&change.path)?)?;
                }
                match self.take_back(index) {
                    Err(error) if is_gone(&error) => self.conflicts.push(change.path.clone()),
                    done => done?,
                }
            }
            FileState::Changed if is_staged(self.root, self.intent, index) => {}
            FileState::Changed => self.conflicts.push(change.path.clone()),
        }
        Ok(())
    }

    fn take_back(&self, index: usize) -> io::Result<()> {
        let Self { root, intent, sync, .. } = *self;
        let change = &self.changes[index];
        let content = self.before.contents.get(index).and_then(Option::as_ref);
        match (&change.before, content) {
            (Some(version), Some(content)) => {
                make_way(root, &change.path, sync)?;
                let kept = Kept::restored(content.clone(), version);
                put(root, &change.path, &kept, &beside_again(&intent.tag, index), sync)
            }
            _ => sys::unlink(root.parent(&change.path)?, change.path.name()),
        }
    }

    fn state(&self, change: &Change) -> FileState {
        let left = self.settled.iter().find(|settled| settled.path == change.path);
        let left = left.map(|settled| settled.after.as_ref());
        let Ok(now) = Kept::at(self.root, &change.path) else { return FileState::Changed };
        let is = |version: Option<&Version>| match (&now, version) {
            (Some(now), Some(version)) => now.is(version),
            (now, version) => now.is_none() && version.is_none(),
        };
        if is(change.before.as_ref()) && !has_other_mode(now.as_ref(), change, left.flatten()) {
            FileState::Before
        } else if is(change.after.as_ref()) || left.is_some_and(is) || is_between(change, now.as_ref()) {
            FileState::Ours
        } else {
            FileState::Changed
        }
    }

    /// Lets a sidecar name the content before beside what it names now, unless it names both.
    fn name_both(&self, index: usize) -> io::Result<()> {
        let Self { root, intent, sync, .. } = *self;
        let change = &intent.changes[index];
        let now = Kept::at(root, &change.path).ok().flatten();
        let (Some(now), Some(before)) = (now, &self.before.contents[index]) else { return Ok(()) };
        if !matches!(self.state(change), FileState::Ours) || is_between(change, Some(&now)) {
            return Ok(());
        }
        let both = Kept { content: sidecar::both(&now.content, before), ..now };
        put(root, &change.path, &both, &beside_again(&intent.tag, index), sync)?;
        if sync == Sync::Do { sys::sync(root.parent(&change.path)?) } else { Ok(()) }
    }
}

/// What a file is, seen from the operation that changed it.
enum FileState {
    /// As before it.
    Before,
    /// As the operation, or a command of it, left it.
    Ours,
    /// Somebody else has changed it.
    Changed,
}

/// Whether a file holds what it held before, and the operation's commands gave it the permissions that it has.
fn has_other_mode(now: Option<&Kept>, change: &Change, left: Option<&Version>) -> bool {
    let (Some(now), Some(before), Some(left)) = (now, &change.before, left) else { return false };
    now.mode == left.mode && now.mode != before.mode
}

fn is_between(change: &Change, now: Option<&Kept>) -> bool {
    let between = change.between.as_deref();
    now.is_some_and(|now| between == Some(sha256(&now.content).as_str()))
}

/// Whether a file's new content still stands beside it: then the operation did not come to change the file.
fn is_staged(root: &Root, intent: &Intent, index: usize) -> bool {
    let folder = root.parent(&intent.changes[index].path);
    folder.is_ok_and(|folder| statat(folder, beside(&intent.tag, index), AtFlags::SYMLINK_NOFOLLOW).is_ok())
}

/// Makes the folders above a file again that a command removed with it.
fn make_way(root: &Root, path: &RelPath, sync: Sync) -> io::Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    if !root.parent(path).is_err_and(|error| is_absence(&error)) {
        return Ok(());
    }
    make_way(root, &folder, sync)?;
    let above = root.parent(&folder)?;
    sys::make_folder(&above, folder.name(), 0o777)?;
    if sync == Sync::Do { sys::sync(above) } else { Ok(()) }
}

/// Folders that the operation removed, since it found them empty, are needed for what was in them.
fn make_folders_again(root: &Root, intent: &Intent) -> io::Result<()> {
    for folder in intent.emptied.iter().rev() {
        match root.parent(folder) {
            Ok(parent) => drop(sys::make_folder(parent, folder.name(), 0o777)?),
            Err(error) if is_gone(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Removes what stands beside the files under this operation's names.
fn remove_beside(root: &Root, intent: &Intent) -> io::Result<()> {
    for (index, change) in intent.changes.iter().enumerate() {
        match root.parent(&change.path) {
            Ok(folder) => {
                sys::unlink(&folder, &beside(&intent.tag, index))?;
                sys::unlink(&folder, &beside_again(&intent.tag, index))?;
                if change.between.is_some() {
                    sys::unlink(&folder, &beside_between(&intent.tag, index))?;
                }
            }
            Err(error) if is_gone(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
