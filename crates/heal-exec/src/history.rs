use std::path::PathBuf;

use heal_model::Unreadable;
use thiserror::Error;

use crate::git::git;
use crate::state::{StateError, private};
use crate::{Host, HostError};

/// A commit with one parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: String,
    /// Its parent's id.
    pub parent: String,
}

/// A copy of the repository's files in heal's own folder, to run commands in; it goes when this does.
#[derive(Debug)]
pub struct Checkout<'a> {
    repository: &'a Host,
    folder: PathBuf,
    host: Host,
}

/// Why there is no such copy.
#[derive(Debug, Error)]
pub enum CheckoutError {
    /// heal's own folder can't be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// It can't be opened.
    #[error(transparent)]
    Host(#[from] HostError),
    /// git can't make it.
    #[error("git can't check out {revision}: {reason}")]
    Git {
        /// What was asked for.
        revision: String,
        /// git's words.
        reason: String,
    },
}

impl Host {
    /// The commits of a range, oldest first; those that merge others are left out.
    ///
    /// # Errors
    /// When there is no such range.
    pub fn commits(&self, range: &str) -> Result<Vec<Commit>, Unreadable> {
        let unreadable = |reason: String| Unreadable { path: range.to_owned(), reason };
        if range.is_empty() || range.starts_with('-') {
            return Err(unreadable("that is no range of commits".to_owned()));
        }
        let arguments = ["rev-list", "--reverse", "--no-merges", "--parents", range, "--"];
        let (listed, text) = git(self, &arguments).map_err(unreadable)?;
        if !listed.passed() {
            return Err(unreadable("there is no such range of commits here".to_owned()));
        }
        let text = String::from_utf8_lossy(&text);
        let commits = text.lines().filter_map(|line| {
            let (id, parent) = line.split_once(' ')?;
            Some(Commit { id: id.to_owned(), parent: parent.to_owned() })
        });
        Ok(commits.collect())
    }

    /// Checks a revision out beside the project, for commands to run in.
    ///
    /// # Errors
    /// When git refuses, or there is no place for it.
    pub fn checkout(&self, revision: &str) -> Result<Checkout<'_>, CheckoutError> {
        let above = self.state_folder()?.join("checkouts");
        private(&above)?;
        let folder = above.join(std::process::id().to_string());
        let path = folder.display().to_string();
        let refused = |reason| CheckoutError::Git { revision: revision.to_owned(), reason };
        let (made, _) =
            git(self, &["worktree", "add", "--detach", "--force", &path, revision]).map_err(refused)?;
        if !made.passed() {
            return Err(refused(made.output.end(500).trim().to_owned()));
        }
        let host = Self::find_with(Some(&folder), self.homes.clone())?;
        Ok(Checkout { repository: self, folder, host })
    }
}

impl Checkout<'_> {
    /// The copy as a project of its own.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Takes the copy to another revision; what commands have left in it goes, except what git ignores.
    ///
    /// # Errors
    /// When git refuses.
    pub fn switch(&self, revision: &str) -> Result<(), CheckoutError> {
        for arguments in [&["checkout", "--detach", "--force", revision][..], &["clean", "-fdq"]] {
            let refused = |reason| CheckoutError::Git { revision: revision.to_owned(), reason };
            let (done, _) = git(&self.host, arguments).map_err(refused)?;
            if !done.passed() {
                return Err(refused(done.output.end(500).trim().to_owned()));
            }
        }
        Ok(())
    }
}

impl Drop for Checkout<'_> {
    fn drop(&mut self) {
        let path = self.folder.display().to_string();
        // What is left lies in heal's own folder and is told of by `git worktree list`.
        let _ = git(self.repository, &["worktree", "remove", "--force", &path]);
    }
}
