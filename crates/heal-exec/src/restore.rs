//! Taking an operation back, live or on the next start. It may be cut short and begun again any number of times.

use std::io;

use heal_model::{Bytes, RelPath};
use rustix::fs::{AtFlags, statat};

use crate::hash::sha256;
use crate::record::{Change, Intent, Settled, Version};
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

/// Gives every file of an operation the content it had before; those that are neither as they were before nor as
/// the operation left them are left alone, and returned.
pub(crate) fn restore(
    root: &Root,
    intent: &Intent,
    before: &Before<'_>,
    settled: &[Settled],
    sync: Sync,
) -> io::Result<Vec<RelPath>> {
    let mut conflicts = Vec::new();
    make_folders_again(root, intent)?;
    let state = |change: &Change| {
        let left = settled.iter().find(|settled| settled.path == change.path).map(|s| s.after.as_ref());
        state(root, change, left)
    };
    // Sidecars name both contents before the first file is taken back, and the old one alone after the last.
    let changed = (0..intent.changes.len()).rev().filter(|index| (before.reached)(*index));
    let (sidecars, files): (Vec<usize>, Vec<usize>) =
        changed.partition(|index| intent.changes[*index].between.is_some());
    for index in &sidecars {
        if matches!(state(&intent.changes[*index]), FileState::Ours) {
            name_both(root, intent, *index, before.contents[*index].as_ref(), sync)?;
        }
    }
    for index in files.iter().chain(&sidecars) {
        let change = &intent.changes[*index];
        match state(change) {
            FileState::Before => {}
            FileState::Ours => {
                if change.between.is_some() && sync == Sync::Do {
                    sys::sync(root.parent(&change.path)?)?;
                }
                match take_back(root, intent, *index, before.contents[*index].as_ref(), sync) {
                    Err(error) if is_gone(&error) => conflicts.push(change.path.clone()),
                    done => done?,
                }
            }
            FileState::Changed if is_staged(root, intent, *index) => {}
            FileState::Changed => conflicts.push(change.path.clone()),
        }
    }
    remove_beside(root, intent)?;
    let made: Vec<RelPath> = intent.folders.iter().rev().cloned().collect();
    remove_folders(root, &made)?;
    settle_folders(root, &Intent { emptied: Vec::new(), ..intent.clone() }, sync)?;
    conflicts.sort_unstable();
    Ok(conflicts)
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

fn state(root: &Root, change: &Change, left: Option<Option<&Version>>) -> FileState {
    let Ok(now) = root.read(&change.path) else { return FileState::Changed };
    let now = now.map(|entry| sha256(&entry.content));
    let is = |version: Option<&Version>| now.as_deref() == version.map(|version| version.sha256.as_str());
    if is(change.before.as_ref()) {
        FileState::Before
    } else if is(change.after.as_ref()) || left.is_some_and(is) || is_between(change, now.as_deref()) {
        FileState::Ours
    } else {
        FileState::Changed
    }
}

fn is_between(change: &Change, now: Option<&str>) -> bool {
    change.between.is_some() && change.between.as_deref() == now
}

/// Lets a sidecar name the content before beside what it names now, unless it names both.
fn name_both(
    root: &Root,
    intent: &Intent,
    index: usize,
    before: Option<&Bytes>,
    sync: Sync,
) -> io::Result<()> {
    let change = &intent.changes[index];
    let now = root.read(&change.path).ok().flatten();
    let (Some(now), Some(before)) = (now.map(Kept::of), before) else { return Ok(()) };
    if is_between(change, Some(&sha256(&now.content))) {
        return Ok(());
    }
    let both = Kept { content: sidecar::both(&now.content, before), ..now };
    put(root, &change.path, &both, &beside_again(&intent.tag, index), sync)?;
    if sync == Sync::Do { sys::sync(root.parent(&change.path)?) } else { Ok(()) }
}

/// Whether a file's new content still stands beside it: then the operation did not come to change the file.
fn is_staged(root: &Root, intent: &Intent, index: usize) -> bool {
    let folder = root.parent(&intent.changes[index].path);
    folder.is_ok_and(|folder| statat(folder, beside(&intent.tag, index), AtFlags::SYMLINK_NOFOLLOW).is_ok())
}

fn take_back(
    root: &Root,
    intent: &Intent,
    index: usize,
    content: Option<&Bytes>,
    sync: Sync,
) -> io::Result<()> {
    let change = &intent.changes[index];
    match (&change.before, content) {
        (Some(version), Some(content)) => {
            make_way(root, &change.path, sync)?;
            let kept = Kept::restored(content.clone(), version);
            put(root, &change.path, &kept, &beside_again(&intent.tag, index), sync)
        }
        _ => sys::unlink(root.parent(&change.path)?, change.path.name()),
    }
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
