use std::fs::FileType;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use heal_model::{RelPath, Scope, Time, Unreadable};
use ignore::WalkBuilder;
use walkdir::WalkDir;

use crate::Host;
use crate::clock::last_changed;

impl Host {
    /// Every regular file of the project in order of path, looked up once and remembered until something changes.
    ///
    /// Names that are not UTF-8 can't be written in a playbook, so they are left out.
    pub(crate) fn listing(&self, scope: Scope) -> Result<Arc<Vec<RelPath>>, Unreadable> {
        let mut listings = self.listings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listing) = listings.get(&scope) {
            return Ok(Arc::clone(listing));
        }
        let mut files = match scope {
            Scope::Unignored => unignored(self.root(), &|kind| kind.is_file())?,
            Scope::All => all(self.root())?,
        };
        files.sort_unstable();
        let files = Arc::new(files);
        listings.insert(scope, Arc::clone(&files));
        Ok(files)
    }
}

/// What git would not ignore: `.gitignore` counts in a folder that is no repository too, so that a copy of a
/// project heals like the project. The user's own excludes count where git would count them.
pub(crate) fn unignored(root: &Path, counts: &dyn Fn(FileType) -> bool) -> Result<Vec<RelPath>, Unreadable> {
    let mut files = Vec::new();
    for entry in walk(root, |_| true) {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(counts) => {
                files.extend(within(root, entry.path()));
            }
            Ok(_) => {}
            Err(error) if is_of_root(&error) => return Err(unreadable(root, &error)),
            // A folder that can't be read holds nothing that can be changed.
            Err(_) => {}
        }
    }
    Ok(files)
}

/// The first so many files that git would not ignore and no tool has made, in no order that counts; fewer where a folder
/// can't be read.
pub(crate) fn first(root: &Path, most: usize) -> Vec<RelPath> {
    written(root, most).filter_map(|entry| within(root, entry.path())).collect()
}

/// Those of the same files that were changed after a moment, with the time. One look at each is all that it costs.
pub(crate) fn first_changed(root: &Path, most: usize, since: Time) -> Vec<(Time, RelPath)> {
    let changed = written(root, most).filter_map(|entry| {
        let modified = last_changed(&entry.metadata().ok()?);
        (modified.0 > since.0).then(|| Some((modified, within(root, entry.path())?))).flatten()
    });
    changed.collect()
}

fn written(root: &Path, most: usize) -> impl Iterator<Item = ignore::DirEntry> {
    let is_file = |entry: &ignore::DirEntry| entry.file_type().is_some_and(|kind| kind.is_file());
    walk(root, is_written).flatten().filter(is_file).take(most)
}

fn walk(root: &Path, counts: fn(&ignore::DirEntry) -> bool) -> ignore::Walk {
    let is_repository = root.join(".git").symlink_metadata().is_ok();
    WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .require_git(false)
        .git_global(is_repository)
        .git_exclude(is_repository)
        .filter_entry(move |entry| entry.file_name() != ".git" && counts(entry))
        .build()
}

/// Whether something may have been written by a person: caches say that they are none, or have a name that does.
fn is_written(entry: &ignore::DirEntry) -> bool {
    const MADE: [&str; 2] = ["__pycache__", "node_modules"];
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    let is_named = entry.file_name().to_str().is_some_and(|name| MADE.contains(&name));
    !is_folder || !is_named && !entry.path().join("CACHEDIR.TAG").exists()
}

fn all(root: &Path) -> Result<Vec<RelPath>, Unreadable> {
    let walk = WalkDir::new(root).into_iter().filter_entry(|entry| entry.file_name() != ".git");
    let mut files = Vec::new();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_file() => files.extend(within(root, entry.path())),
            Ok(_) => {}
            Err(error) if error.depth() == 0 => return Err(unreadable(root, &error)),
            Err(_) => {}
        }
    }
    Ok(files)
}

fn within(root: &Path, path: &Path) -> Option<RelPath> {
    RelPath::new(path.strip_prefix(root).ok()?.to_str()?).ok()
}

fn is_of_root(error: &ignore::Error) -> bool {
    matches!(error, ignore::Error::WithDepth { depth: 0, .. })
}

fn unreadable(root: &Path, error: &dyn std::error::Error) -> Unreadable {
    Unreadable { path: root.display().to_string(), reason: error.to_string() }
}
