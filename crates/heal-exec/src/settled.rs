//! What an operation's commands left: files that they changed further, and what they made in folders that are kept whole.

use std::io;

use heal_model::{Bytes, RelPath};

use crate::Host;
use crate::kept_folders::{MOST, inside, tops};
use crate::record::{Change, Ending, Intent, Settled};
use crate::staging::Fault;
use crate::state::State;
use crate::target::Kept;

/// The most bytes that are kept of what came in folders.
const LARGEST: usize = 64 << 20;

impl Host {
    /// Finds out what the operation's commands left, keeps it, and lets the ending say so.
    pub(crate) fn settle(&self, state: &State, intent: &Intent, ending: &mut Ending) -> Result<(), Fault> {
        let mut contents = Vec::new();
        for change in &intent.changes {
            let now = self.left(&change.path)?;
            if !is_as_written(change, now.as_ref()) {
                settle(ending, &mut contents, &change.path, now);
            }
        }
        if !intent.kept.is_empty() {
            self.settle_new(intent, ending, &mut contents)?;
        }
        if contents.is_empty() {
            return Ok(());
        }
        let contents: Vec<&Bytes> = contents.iter().collect();
        let kept = state.keep(&format!("{}.settled", intent.id), &contents);
        kept.map_err(|source| Fault::Io { doing: "keep what the commands made".to_owned(), source })
    }

    /// Keeps what files hold that could not be taken back, so that a person can compare, unless it is known what was left.
    pub(crate) fn settle_conflicts(
        &self,
        state: &State,
        paths: &[RelPath],
        ending: &mut Ending,
    ) -> io::Result<()> {
        if !ending.settled.is_empty() {
            return Ok(());
        }
        let mut contents = Vec::new();
        for path in paths {
            let Ok(now) = self.left(path) else { continue };
            settle(ending, &mut contents, path, now);
        }
        let name = format!("{}.settled", ending.id);
        // A recovery that was cut short may have kept them.
        state.forget(&name)?;
        if contents.is_empty() { Ok(()) } else { state.keep(&name, &contents.iter().collect::<Vec<_>>()) }
    }

    /// Keeps what came in folders that are kept whole, as far as it is not too much.
    fn settle_new(
        &self,
        intent: &Intent,
        ending: &mut Ending,
        contents: &mut Vec<Bytes>,
    ) -> Result<(), Fault> {
        let doing = "look at what the commands made".to_owned();
        let inside = inside(&self.root, &tops(&intent.kept)).map_err(|source| Fault::Io { doing, source })?;
        let is_new = |path: &RelPath| !intent.changes.iter().any(|change| change.path == *path);
        let (mut files, mut bytes, mut left_out) = (0, 0, Vec::new());
        for path in inside.files.into_iter().filter(is_new) {
            let now = Kept::at(&self.root, &path).ok().flatten();
            let size = now.as_ref().map_or(usize::MAX, |kept| kept.content.len());
            if files == MOST || size > LARGEST - bytes {
                left_out.push(path);
                continue;
            }
            (files, bytes) = (files + 1, bytes + size);
            settle(ending, contents, &path, now);
        }
        ending.folders = inside.folders;
        ending.folders.truncate(MOST);
        ending.notes.extend(stays(&left_out));
        Ok(())
    }

    /// A file as the commands left it; where they put a folder in its place, the file is gone.
    fn left(&self, path: &RelPath) -> Result<Option<Kept>, Fault> {
        Kept::at(&self.root, path).or_else(|_| match self.root.folder(Some(path)) {
            Ok(_) => Ok(None),
            Err(_) => Err(Fault::Stale(path.clone())),
        })
    }
}

fn settle(ending: &mut Ending, contents: &mut Vec<Bytes>, path: &RelPath, now: Option<Kept>) {
    ending.settled.push(Settled { path: path.clone(), after: now.as_ref().map(Kept::version) });
    contents.extend(now.map(|kept| kept.content));
}

/// Whether a file is as the operation left it to its commands; of one that was kept as it was, its permissions count too.
fn is_as_written(change: &Change, now: Option<&Kept>) -> bool {
    match (now, &change.after) {
        (Some(now), Some(after)) => now.is(after) && (!change.is_snapshot() || now.mode == after.mode),
        (now, after) => now.is_none() && after.is_none(),
    }
}

/// What a person is told of what came and is not kept.
fn stays(left_out: &[RelPath]) -> Option<String> {
    let first = left_out.first()?;
    let more = match left_out.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!(
        "{first}{more} came in a folder that is kept whole, and can't be kept: too large, or too many"
    ))
}
