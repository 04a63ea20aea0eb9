//! Good versions of files that others write: of what heal writes itself the journal keeps them.

use std::fs;
use std::path::{Path, PathBuf};

use heal_model::{Bytes, Earlier, RelPath};

use crate::hash::sha256;
use crate::state::{StateError, open_folder, private};
use crate::world::now;
use crate::{Host, ids, sys};

/// The most versions of a file that are kept, whatever a playbook asks for.
const MOST: usize = 10;

impl Host {
    /// Keeps a version of a file, unless it is the newest that is kept already; says whether it was kept now. Of those that
    /// were kept so before, as many stay as make `most` with it, and ten at most.
    ///
    /// # Errors
    /// When heal's folder can't be used.
    pub fn back_up(&self, path: &RelPath, content: &Bytes, most: u32) -> Result<bool, StateError> {
        let newest = self.versions(path).into_iter().next();
        if newest.is_some_and(|newest| newest.content == *content) {
            return Ok(false);
        }
        let state = self.state()?;
        let folder = folder(state.folder(), path);
        private(&folder)?;
        let failed = |source| StateError::Folder { path: folder.display().to_string(), source };
        let last = names(&folder).into_iter().next();
        let id = ids::after(last.as_deref().and_then(|name| name.split('.').next()), now());
        let to = open_folder(&folder).map_err(failed)?;
        let kept = sys::write_new(&to, &format!("{id}.{}", sha256(content)), content);
        match kept.and_then(|()| sys::sync(&to)) {
            // Another heal has just kept the same.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Ok(false),
            kept => kept.map_err(failed)?,
        }
        let most = usize::try_from(most).unwrap_or(MOST).clamp(1, MOST);
        // What is too much costs room, and is removed at the next time.
        names(&folder).iter().skip(most).for_each(|name| drop(sys::unlink(&to, name)));
        Ok(true)
    }

    /// Every version of a file that is kept, newest first, each content once.
    pub(crate) fn versions(&self, path: &RelPath) -> Vec<Earlier> {
        let mut versions = self.kept_versions(path);
        if let Some(state) = self.state_if_any() {
            versions.extend(backed_up(&folder(state.folder(), path)));
        }
        versions.sort_by_key(|version| std::cmp::Reverse(version.at));
        let mut seen = Vec::new();
        versions.retain(|version| {
            let sum = sha256(&version.content);
            let is_new = !seen.contains(&sum);
            seen.push(sum);
            is_new
        });
        versions
    }
}

/// Where a file's versions are.
fn folder(state: &Path, path: &RelPath) -> PathBuf {
    state.join("backups").join(sha256(path.as_str().as_bytes()))
}

/// The names of a file's versions, newest first.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            name.split_once('.').is_some_and(|(id, sum)| ids::time(id).is_some() && sum.len() == 64)
        })
        .collect();
    names.sort_unstable_by(|one, other| other.cmp(one));
    names
}

/// A file's versions; one that is not what its name says does not count.
fn backed_up(folder: &Path) -> Vec<Earlier> {
    let read = |name: String| {
        let (id, sum) = name.split_once('.')?;
        let content = Bytes::from(fs::read(folder.join(&name)).ok()?);
        (sha256(&content) == sum).then_some(Earlier { at: ids::time(id)?, content })
    };
    names(folder).into_iter().filter_map(read).collect()
}
