use std::path::Path;

use heal_model::{Bytes, RelPath, Unreadable, World as _};

use crate::git::git;
use crate::root::{Root, read_open};
use crate::{Host, HostError};

/// A state of files that a person named: a folder, one file, or a revision of the repository.
#[derive(Debug)]
pub struct Side {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Folder(Root),
    File(Bytes),
    Revision(String),
}

impl Host {
    /// Opens what a person named in the working directory: a folder or a file that is there, else a revision.
    ///
    /// # Errors
    /// When it is there and can't be read.
    pub fn side(&self, typed: &str) -> Result<Side, HostError> {
        let path = self.cwd.join(typed);
        let unreadable = |reason| HostError::Unreadable(Unreadable { path: typed.to_owned(), reason });
        let kind = if path.is_dir() {
            Kind::Folder(Root::open(&path).map_err(|error| unreadable(error.to_string()))?)
        } else if path.is_file() {
            Kind::File(read_open(self.open(typed)?).map_err(unreadable)?.content)
        } else {
            Kind::Revision(typed.to_owned())
        };
        Ok(Side { kind })
    }

    /// A revision of the repository as a side.
    #[must_use]
    pub fn revision(&self, revision: &str) -> Side {
        Side { kind: Kind::Revision(revision.to_owned()) }
    }

    /// The folders directly in a folder that a person named, by name; none where it is a file.
    #[must_use]
    pub fn folders(&self, typed: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.cwd.join(typed)).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let mut names: Vec<String> = folders
            .filter_map(|entry| entry.file_name().into_string().ok())
            .map(|name| Path::new(typed).join(name).display().to_string())
            .collect();
        names.sort_unstable();
        names
    }
}

impl Side {
    /// A file as it was then; a side that is one file is that file, whatever it is called.
    ///
    /// # Errors
    /// When it can't be read, or there is no such revision.
    pub fn read(&self, host: &Host, path: &RelPath) -> Result<Option<Bytes>, Unreadable> {
        match &self.kind {
            Kind::Folder(folder) => Ok(folder.read(path)?.map(|entry| entry.content)),
            Kind::File(content) => Ok(Some(content.clone())),
            Kind::Revision(revision) => host.committed(path, revision),
        }
    }

    /// Every file of a folder that git would not ignore, at most so many; none of another side.
    #[must_use]
    pub fn files(&self, most: usize) -> Vec<RelPath> {
        let Kind::Folder(folder) = &self.kind else { return Vec::new() };
        let mut files = crate::listing::first(folder.path(), most);
        files.sort_unstable();
        files
    }

    /// The files that differ between two revisions, at most so many; none between other sides.
    #[must_use]
    pub fn differing(&self, other: &Self, host: &Host, most: usize) -> Vec<RelPath> {
        let (Kind::Revision(before), Kind::Revision(after)) = (&self.kind, &other.kind) else {
            return Vec::new();
        };
        let arguments = [
            "diff-tree",
            "-r",
            "-z",
            "--name-only",
            "--no-renames",
            "--relative",
            "--end-of-options",
            before,
            after,
        ];
        // Which revision is not there is said when a file of it is read.
        let Ok((_, names)) = git(host, &arguments) else { return Vec::new() };
        let names = names.split(|&byte| byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
        names.filter_map(|name| RelPath::new(name).ok()).take(most).collect()
    }
}
