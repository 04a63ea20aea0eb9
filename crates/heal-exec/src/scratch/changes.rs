use std::collections::BTreeSet;
use std::ffi::CString;

use heal_model::{Bytes, EntryKind, RelPath, Scope, Unreadable, World as _};
use rustix::fs::{Stat, readlinkat};

use super::repository::Recorded;
use super::{Method, Scratch};
use crate::Host;
use crate::listing::unignored;

/// What differs between a project and its copy, of the files that git would not ignore.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Each file that differs, in order of path.
    pub files: Vec<Changed>,
    /// Those of them that somebody changed in the project since the copy was made: what differs is then not what was tried.
    pub parted: Vec<RelPath>,
    /// What differs and can't be carried over, in words.
    pub left_out: Vec<String>,
    /// What git has on record in the copy alone, in words: branches, tags, a stash.
    pub recorded: Vec<String>,
}

/// One file that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The file.
    pub path: RelPath,
    /// What it is in the project; absent where it is not there.
    pub before: Option<Bytes>,
    /// What it is in the copy.
    pub after: Option<Bytes>,
    /// Whether it may be executed in the copy.
    pub executable: bool,
}

impl Scratch {
    /// Finds what differs between the project and its copy, as it is seen from `there`.
    ///
    /// # Errors
    /// When a file of either can't be read.
    pub fn changes(&self, here: &Host, there: &Host) -> Result<Changes, Unreadable> {
        there.forget();
        let mut paths: BTreeSet<RelPath> = here.files(None, Scope::Unignored)?.into_iter().collect();
        paths.extend(there.files(None, Scope::Unignored)?);
        paths.extend(self.links.iter().cloned());
        paths.extend(unignored(there.root(), &|kind| kind.is_symlink())?);
        let mut changes = Changes::default();
        for path in paths {
            if self.method == Method::Overlay && is_untouched(here, there, &path) {
                continue;
            }
            self.compare(here, there, path, &mut changes)?;
        }
        let differing = changes.files.iter().map(|changed| changed.path.clone());
        changes.parted = differing.filter(|path| self.has_parted(here, path)).collect();
        if let Some(repository) = &self.repository {
            let recorded = Recorded::of(there);
            changes.recorded = repository.moved(&recorded);
            if repository.is_staged_otherwise(&recorded) {
                changes.left_out.push("what is staged differs".to_owned());
            }
        }
        Ok(changes)
    }

    /// Whether a file of the project was changed, made or removed since the copy was made.
    fn has_parted(&self, here: &Host, path: &RelPath) -> bool {
        match here.root.stat(path) {
            Ok(Some(stat)) => {
                let since = (self.began.as_secs(), u64::from(self.began.subsec_nanos()));
                (u64::try_from(stat.st_ctime).unwrap_or(0), stat.st_ctime_nsec) > since
            }
            Ok(None) => self.listed.binary_search(path).is_ok(),
            Err(_) => true,
        }
    }

    fn compare(
        &self,
        here: &Host,
        there: &Host,
        path: RelPath,
        changes: &mut Changes,
    ) -> Result<(), Unreadable> {
        let (old, new) = (here.stat(&path)?, there.stat(&path)?);
        let is_other = |kind: Option<EntryKind>| kind.is_some_and(|kind| kind != EntryKind::File);
        if is_other(old.map(|stat| stat.kind)) || is_other(new.map(|stat| stat.kind)) {
            let is_same = old.map(|stat| stat.kind) == new.map(|stat| stat.kind);
            if !is_same || target(here, &path) != target(there, &path) {
                changes.left_out.push(format!("{path} differs and is no plain file"));
            }
            return Ok(());
        }
        let (before, after) = (here.read(&path)?, there.read(&path)?);
        let executable = new.is_some_and(|stat| stat.executable);
        if before != after {
            changes.files.push(Changed { path, before, after, executable });
        } else if old.is_some_and(|old| old.executable) != executable {
            changes.left_out.push(format!("{path} differs in its permissions alone"));
        }
        Ok(())
    }
}

/// What a symbolic link says; nothing where there is none.
fn target(host: &Host, path: &RelPath) -> Option<CString> {
    readlinkat(host.root.parent(path).ok()?, path.name(), Vec::new()).ok()
}

/// Whether a file is the very one below the overlay: what is written there is another, made at that moment.
fn is_untouched(here: &Host, there: &Host, path: &RelPath) -> bool {
    let same = |one: &Stat, other: &Stat| {
        let of = |stat: &Stat| {
            (stat.st_size, stat.st_mode, stat.st_mtime, stat.st_mtime_nsec, stat.st_ctime, stat.st_ctime_nsec)
        };
        of(one) == of(other)
    };
    match (here.root.stat(path), there.root.stat(path)) {
        (Ok(Some(one)), Ok(Some(other))) => same(&one, &other),
        _ => false,
    }
}
