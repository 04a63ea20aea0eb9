//! Steps 5 and 6 of the write protocol: every new content is written beside its file and brought to the disk before
//! the first file changes, so that a full disk is noticed while nothing has happened.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;

use heal_model::RelPath;

use crate::record::Intent;
use crate::root::{Root, is_gone};
use crate::sys;
use crate::target::{Kept, Target, dress};

/// Why writing stopped.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A file is not what it was when the plan was made.
    Stale(RelPath),
    /// The system refused.
    Io {
        /// What was being done, to follow "cannot".
        doing: String,
        /// Why.
        source: io::Error,
    },
}

/// A file's new content beside it, on the disk and not yet under its name.
pub(crate) struct Staged<'a> {
    target: &'a Target,
    folder: OwnedFd,
    beside: String,
    /// Where what it holds meanwhile stands.
    between: Option<String>,
}

/// Makes the missing folders and writes every new content beside its file.
pub(crate) fn stage<'a>(
    root: &Root,
    intent: &Intent,
    targets: &'a [Target],
) -> Result<Vec<Staged<'a>>, Fault> {
    for folder in &intent.folders {
        let made = root.parent(folder).and_then(|parent| sys::make_folder(parent, folder.name(), 0o777));
        made.map_err(|source| failed("make the folder", folder, source))?;
    }
    let mut staged = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        match stage_one(root, intent, index, target) {
            Ok(next) => staged.push(next),
            Err(source) => {
                staged.iter().for_each(discard);
                return Err(failed("write", &target.path, source));
            }
        }
    }
    Ok(staged)
}

fn stage_one<'a>(root: &Root, intent: &Intent, index: usize, target: &'a Target) -> io::Result<Staged<'a>> {
    let folder = root.parent(&target.path)?;
    let like = target.before.is_some().then(|| root.read(&target.path).ok().flatten()).flatten();
    let between = target.between.as_ref().map(|_| beside_between(&intent.tag, index));
    let staged = Staged { target, folder, beside: beside(&intent.tag, index), between };
    if !target.is_change() {
        return Ok(staged);
    }
    let like = like.as_ref().map(|entry| &entry.file);
    let write = |kept: &Kept, beside: &str| write_beside(&staged.folder, beside, kept, like, Sync::Do);
    let both = [(&target.after, Some(&staged.beside)), (&target.between, staged.between.as_ref())];
    let wanted = both.into_iter().filter_map(|(kept, beside)| kept.as_ref().zip(beside));
    let written = wanted.into_iter().try_for_each(|(kept, beside)| write(kept, beside));
    written.inspect_err(|_| discard(&staged))?;
    Ok(staged)
}

/// Writes a content beside its file, or makes a link beside the link.
fn write_beside(
    folder: &OwnedFd,
    beside: &str,
    kept: &Kept,
    like: Option<&File>,
    sync: Sync,
) -> io::Result<()> {
    if kept.is_link() {
        // The folder's own sync brings it to the disk.
        return sys::link_anew(folder, beside, &kept.content);
    }
    let mut file = sys::create_anew(folder, beside)?;
    file.write_all(&kept.content)?;
    dress(&file, kept, like)?;
    if sync == Sync::Do { sys::sync(&file) } else { Ok(()) }
}

/// Lets every staged content be seen, in path order, each if its file is still what it was when the plan was made; says
/// of each by its index that it is about to be.
///
/// Sidecars name both contents before the first file is replaced, and the new one alone after the last.
pub(crate) fn publish_all(root: &Root, staged: &[Staged<'_>], reached: &dyn Fn(usize)) -> Result<(), Fault> {
    let has_between = |index: &usize| staged[*index].between.is_some();
    let sidecars: Vec<usize> = (0..staged.len()).filter(has_between).collect();
    for index in &sidecars {
        publish_between(root, &staged[*index], &|| reached(*index))?;
    }
    sync_folders(staged, &sidecars)?;
    for index in (0..staged.len()).filter(|index| !has_between(index)) {
        publish(root, &staged[index], &|| reached(index))?;
    }
    sync_folders(staged, &sidecars)?;
    sidecars.iter().try_for_each(|index| publish(root, &staged[*index], &|| reached(*index)))
}

fn sync_folders(staged: &[Staged<'_>], indices: &[usize]) -> Result<(), Fault> {
    indices.iter().map(|index| &staged[*index]).try_for_each(|staged| {
        sys::sync(&staged.folder).map_err(|source| failed("bring to the disk", &staged.target.path, source))
    })
}

/// Lets a sidecar name both contents, if it is still what it was when the plan was made.
fn publish_between(root: &Root, staged: &Staged<'_>, reached: &dyn Fn()) -> Result<(), Fault> {
    let Staged { target, folder, between, .. } = staged;
    let Some(between) = between else { return Ok(()) };
    unless_stale(root, &target.path, target.before.as_ref())?;
    reached();
    sys::replace(folder, between, target.path.name()).map_err(|source| failed("write", &target.path, source))
}

fn unless_stale(root: &Root, path: &RelPath, expected: Option<&Kept>) -> Result<(), Fault> {
    let now = Kept::at(root, path).map_err(|_| Fault::Stale(path.clone()))?;
    let is_expected = match (&now, expected) {
        (Some(now), Some(expected)) => now.holds(expected),
        (now, expected) => now.is_none() && expected.is_none(),
    };
    if is_expected { Ok(()) } else { Err(Fault::Stale(path.clone())) }
}

fn publish(root: &Root, staged: &Staged<'_>, reached: &dyn Fn()) -> Result<(), Fault> {
    let Staged { target, folder, beside, .. } = staged;
    let path = &target.path;
    unless_stale(root, path, target.between.as_ref().or(target.before.as_ref()))?;
    if !target.is_change() {
        reached();
        return Ok(());
    }
    let done = match (&target.before, &target.after) {
        (None, Some(_)) => sys::publish_new(folder, beside, path.name()),
        (Some(_), Some(_)) => sys::replace(folder, beside, path.name()),
        (_, None) => sys::unlink(folder, path.name()),
    };
    done.map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => Fault::Stale(path.clone()),
        _ => failed("write", path, source),
    })?;
    reached();
    Ok(())
}

/// Removes a staged content that was not published, wherever its folder is by now.
pub(crate) fn discard(staged: &Staged<'_>) {
    // What stays is removed by path when the operation is taken back.
    let _ = sys::unlink(&staged.folder, &staged.beside);
    if let Some(between) = &staged.between {
        let _ = sys::unlink(&staged.folder, between);
    }
}

/// Removes what is to be removed when empty, and brings every folder that changed to the disk.
pub(crate) fn settle_folders(root: &Root, intent: &Intent, sync: Sync) -> io::Result<()> {
    let removed = remove_folders(root, &intent.emptied)?;
    if sync == Sync::Skip {
        return Ok(());
    }
    let changed = intent.changes.iter().map(|change| &change.path);
    let paths = changed.chain(&intent.folders).chain(&removed);
    let folders: BTreeSet<Option<RelPath>> = paths.map(RelPath::parent).collect();
    for folder in folders {
        match root.folder(folder.as_ref()) {
            Ok(folder) => sys::sync(folder)?,
            // It went with what was in it, and the folder above is synced too.
            Err(error) if is_gone(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Whether what is done is brought to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sync {
    /// It is.
    Do,
    /// The disk has failed: asking it again would be answered with a lie.
    Skip,
}

/// Removes folders that are empty; gives those that were.
pub(crate) fn remove_folders(root: &Root, folders: &[RelPath]) -> io::Result<Vec<RelPath>> {
    let mut removed = Vec::new();
    for folder in folders {
        match root.parent(folder) {
            Ok(parent) => {
                if sys::remove_folder(parent, folder.name())? {
                    removed.push(folder.clone());
                }
            }
            Err(error) if is_gone(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(removed)
}

/// Puts a kept content under its name, whatever is there: for taking back, after it was compared.
pub(crate) fn put(root: &Root, path: &RelPath, kept: &Kept, beside: &str, sync: Sync) -> io::Result<()> {
    let folder = root.parent(path)?;
    let like = root.read(path);
    let is_there = !matches!(like, Ok(None));
    let like = like.ok().flatten();
    write_beside(&folder, beside, kept, like.as_ref().map(|entry| &entry.file), sync)?;
    if is_there {
        sys::replace(&folder, beside, path.name())
    } else {
        sys::publish_new(&folder, beside, path.name())
    }
}

/// The name under which an operation's content stands beside its file until it is published.
pub(crate) fn beside(tag: &str, index: usize) -> String {
    format!(".heal-{tag}-{index}")
}

/// The name under which what a sidecar holds meanwhile stands beside it.
pub(crate) fn beside_between(tag: &str, index: usize) -> String {
    format!(".heal-{tag}-{index}s")
}

/// The name under which a content from before stands beside its file until it is put back.
pub(crate) fn beside_again(tag: &str, index: usize) -> String {
    format!(".heal-{tag}-{index}b")
}

fn failed(doing: &str, path: &RelPath, source: io::Error) -> Fault {
    Fault::Io { doing: format!("{doing} {path}"), source }
}
