//! What files were and became: for each operation one file, so that it is brought to the disk by one sync and is
//! removed as one.

use std::fs::File;
use std::io::{self, Read as _};

use heal_model::Bytes;
use thiserror::Error;

use crate::hash::sha256;
use crate::journal::Operation;
use crate::record::Version;
use crate::state::State;
use crate::sys;

/// A kept content can't be used.
#[derive(Debug, Error)]
pub enum Lost {
    /// It was removed: too many newer ones are kept.
    #[error("the contents that operation {id} kept are no longer there")]
    Pruned {
        /// The operation.
        id: String,
    },
    /// It is not what was kept.
    #[error("the contents that operation {id} kept are damaged")]
    Damaged {
        /// The operation.
        id: String,
    },
}

impl State {
    /// Keeps contents under a name; they are on the disk when this returns.
    pub(crate) fn keep(&self, name: &str, contents: &[&Bytes]) -> io::Result<()> {
        let contents: Vec<&[u8]> = contents.iter().map(|content| &***content).collect();
        sys::write_new(&self.blobs, name, &contents.concat())?;
        sys::sync(&self.blobs)
    }

    /// Removes kept contents.
    pub(crate) fn forget(&self, name: &str) -> io::Result<()> {
        sys::unlink(&self.blobs, name)
    }

    /// What each file that an operation changed was before, in order; each is held against its hash.
    pub(crate) fn before(&self, operation: &Operation) -> Result<Vec<Option<Bytes>>, Lost> {
        let versions = operation.intent.versions();
        let contents = self.kept(&operation.intent.id, &operation.intent.id, &versions)?;
        let mut before: Vec<_> = contents.into_iter().step_by(2).collect();
        before.resize(operation.changes().len(), None);
        Ok(before)
    }

    /// What each file that an operation changed became, in order, once its commands had run.
    pub(crate) fn after(&self, operation: &Operation) -> Result<Vec<Option<Bytes>>, Lost> {
        let id = &operation.intent.id;
        let contents = self.kept(id, id, &operation.intent.versions())?;
        let mut after: Vec<_> = contents.into_iter().skip(1).step_by(2).collect();
        let changes = operation.changes();
        after.resize(changes.len(), None);
        let settled = operation.settled().map_or(&[][..], |ending| &ending.settled);
        let versions: Vec<_> = settled.iter().map(|settled| settled.after.as_ref()).collect();
        if !versions.is_empty() {
            let contents = self.kept(&format!("{id}.settled"), id, &versions)?;
            for (settled, content) in settled.iter().zip(contents) {
                let index = changes.iter().position(|change| change.path == settled.path);
                index.into_iter().for_each(|index| after[index].clone_from(&content));
            }
        }
        Ok(after)
    }

    /// Reads contents that stand one behind the other.
    fn kept(&self, name: &str, id: &str, versions: &[Option<&Version>]) -> Result<Vec<Option<Bytes>>, Lost> {
        if versions.iter().all(Option::is_none) {
            return Ok(vec![None; versions.len()]);
        }
        let damaged = |_| Lost::Damaged { id: id.to_owned() };
        let file = match File::open(self.blobs_path().join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Lost::Pruned { id: id.to_owned() });
            }
            Err(error) => return Err(damaged(error)),
        };
        let mut next = |version: &Version| {
            let mut content = Vec::new();
            (&file).take(version.bytes).read_to_end(&mut content).map_err(damaged)?;
            if sha256(&content) == version.sha256 {
                Ok(Bytes::from(content))
            } else {
                Err(Lost::Damaged { id: id.to_owned() })
            }
        };
        versions.iter().map(|version| version.map(&mut next).transpose()).collect()
    }
}

impl crate::record::Intent {
    /// Each change's version before, then after, as their contents stand in the file.
    fn versions(&self) -> Vec<Option<&Version>> {
        self.changes.iter().flat_map(|change| [change.before.as_ref(), change.after.as_ref()]).collect()
    }
}
