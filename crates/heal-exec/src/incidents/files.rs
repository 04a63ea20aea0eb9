use heal_model::{EntryKind, RelPath, Time, World as _};

use super::record::Kept;
use crate::Host;
use crate::secrets::Secrets;

/// How many files of one failure are kept.
const MOST_FILES: usize = 32;
/// The largest file that is kept, in bytes.
const LARGEST: u64 = 256 * 1024;
/// How large those of one failure may be together, in bytes.
const LARGEST_TOGETHER: usize = 1 << 20;
/// How many of the project's files are looked at to find those that have changed.
const MOST_LOOKED_AT: usize = 4_000;
/// How much earlier than now a file's time may be when it is written, in milliseconds: the kernel's clock for that is coarse.
const SLACK: i64 = 20;
/// Of how many files a pass looks up what the last commit has.
const MOST_COMMITTED: usize = 4;
/// Names of files that hold secrets and little else.
const PRIVATE: [&str; 8] =
    [".env", ".netrc", ".npmrc", ".pypirc", ".htpasswd", "credentials", "id_rsa", "id_ed25519"];
/// Endings of such names.
const PRIVATE_ENDS: [&str; 5] = [".pem", ".key", ".p12", ".pfx", ".jks"];

impl Host {
    /// The files that a failure names, and then those that have changed since its command passed, or else since the last
    /// commit, as they are now.
    pub(super) fn snapshot(&self, named: &[RelPath], passed: Option<Time>, secrets: &Secrets) -> Vec<Kept> {
        let since = passed.or_else(|| self.head_moved());
        let changed = since.map(|since| self.changed_since(since)).unwrap_or_default();
        let mut files: Vec<Kept> = Vec::new();
        let mut together = 0;
        for path in named.iter().chain(&changed) {
            if files.len() == MOST_FILES || files.iter().any(|file| file.path == *path) || is_private(path) {
                continue;
            }
            let Some(text) = self.text(path, secrets) else { continue };
            if together + text.len() <= LARGEST_TOGETHER {
                together += text.len();
                files.push(Kept { path: path.clone(), text: Some(text) });
            }
        }
        files
    }

    /// Files that have changed since a failure and of which nothing was kept then: as the commit has them that was checked
    /// out at the failure, and as they are now.
    ///
    /// Reading a file of a commit takes some milliseconds, so there are few.
    pub(super) fn changed_elsewhere(&self, since: Time, secrets: &Secrets) -> Vec<(Kept, Kept)> {
        if self.head_moved().is_none_or(|moved| moved > since) {
            return Vec::new();
        }
        let changed = self.changed_since(since).into_iter().filter(|path| !is_private(path));
        let both = changed.take(MOST_COMMITTED).filter_map(|path| {
            let committed = crate::git::committed(self, &path, "HEAD").ok().flatten()?;
            let text = Some(committed).filter(|content| content.len() as u64 <= LARGEST)?;
            let before = Kept { path: path.clone(), text: Some(secrets.hide(text.text()?)) };
            let after = self.kept(&path, secrets);
            (before != after).then_some((before, after))
        });
        both.collect()
    }

    /// When another commit was checked out or made last; `None` where there is none.
    fn head_moved(&self) -> Option<Time> {
        let path = RelPath::new(".git/logs/HEAD").expect("the path is written here");
        self.stat(&path).ok().flatten().map(|stat| stat.modified)
    }

    /// A file as it is now.
    pub(super) fn kept(&self, path: &RelPath, secrets: &Secrets) -> Kept {
        Kept { path: path.clone(), text: self.text(path, secrets) }
    }

    /// A file's text without secrets, if it is one that may be kept.
    fn text(&self, path: &RelPath, secrets: &Secrets) -> Option<String> {
        let stat = self.stat(path).ok().flatten()?;
        if stat.kind != EntryKind::File || stat.len > LARGEST {
            return None;
        }
        let content = self.read(path).ok().flatten()?;
        Some(secrets.hide(content.text()?))
    }

    /// Files that git would not ignore and that were changed after a moment, the newest first.
    ///
    /// Of a large project only so many files are looked at that it takes a few milliseconds.
    fn changed_since(&self, since: Time) -> Vec<RelPath> {
        let since = Time(since.0 - SLACK);
        let mut changed = crate::listing::first_changed(self.root(), MOST_LOOKED_AT, since);
        changed.retain(|(_, path)| !path.as_str().starts_with(".heal/"));
        changed.sort_unstable_by(|(time, path), (other, another)| other.cmp(time).then(path.cmp(another)));
        changed.into_iter().map(|(_, path)| path).collect()
    }
}

/// Whether a file's name says that it holds secrets.
fn is_private(path: &RelPath) -> bool {
    let name = path.name().to_ascii_lowercase();
    PRIVATE.iter().any(|private| name == *private || name.starts_with(&format!("{private}.")))
        || PRIVATE_ENDS.iter().any(|end| name.ends_with(end))
}
