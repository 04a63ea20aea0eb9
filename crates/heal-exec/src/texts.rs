use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use heal_model::Unreadable;

use crate::{Host, HostError};

/// The largest file of a folder that [`Host::texts`] reads.
const LARGEST: u64 = 64 << 20;

impl Host {
    /// Reads every file below a folder that a person named, in order of path; a file named itself counts as one.
    ///
    /// # Errors
    /// When something in it can't be read.
    pub fn texts(&self, typed: &str) -> Result<Vec<(String, Vec<u8>)>, HostError> {
        let unreadable = |path: &Path, reason: String| {
            HostError::Unreadable(Unreadable { path: path.display().to_string(), reason })
        };
        let mut waiting = vec![self.cwd.join(typed)];
        let mut texts = Vec::new();
        while let Some(path) = waiting.pop() {
            let failed = |error: io::Error| match error.kind() {
                io::ErrorKind::NotFound => HostError::Missing { path: typed.to_owned() },
                _ => unreadable(&path, error.to_string()),
            };
            let about = fs::metadata(&path).map_err(failed)?;
            if about.is_dir() {
                let entries: Result<Vec<PathBuf>, io::Error> =
                    fs::read_dir(&path).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
                waiting.extend(entries.map_err(failed)?);
            } else if about.len() > LARGEST {
                return Err(unreadable(&path, format!("it has more than {} MiB", LARGEST >> 20)));
            } else {
                let shown = path.strip_prefix(&self.cwd).unwrap_or(&path).display().to_string();
                texts.push((shown, fs::read(&path).map_err(failed)?));
            }
        }
        texts.sort();
        Ok(texts)
    }
}
