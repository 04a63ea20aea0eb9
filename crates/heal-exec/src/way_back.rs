use heal_model::{Bytes, Diff, Edit, Receipt, RelPath, Unreadable};

use crate::apply_error::ApplyError;
use crate::journal::Operation;
use crate::record::{Change, Folder, Version};
use crate::state::State;
use crate::target::{Kept, Target};
use crate::undo::chosen;
use crate::undo_error::UndoError;
use crate::{Host, sidecar};

/// A file of an operation that is no longer as the operation left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parted {
    /// The file.
    pub path: RelPath,
    /// What it held before the operation; absent where it did not exist.
    pub before: Option<Bytes>,
    /// What the operation left.
    pub left: Option<Bytes>,
    /// What it holds now.
    pub now: Result<Option<Bytes>, Unreadable>,
}

impl Host {
    /// The operation that [`Host::undo`] would take back, and those of its files that it would not find as the operation
    /// left them. Nothing is changed.
    ///
    /// # Errors
    /// When there is no such operation, or what it kept can't be used.
    pub fn parted(&self, id: Option<&str>) -> Result<(Receipt, Vec<Parted>), UndoError> {
        let state = self.state_if_any().ok_or(UndoError::Nothing)?;
        let receipt = chosen(&state, id, &[])?;
        let operation = state.operation(&receipt.id)?;
        let contents = state.before(&operation)?.into_iter().zip(state.after(&operation)?);
        let mut parted = Vec::new();
        for (change, (before, left)) in operation.changes().into_iter().zip(contents) {
            let now = Kept::at(&self.root, &change.path).map(|kept| kept.map(|kept| kept.content));
            if before != left && now.as_ref() != Ok(&left) {
                parted.push(Parted { path: change.path, before, left, now });
            }
        }
        Ok((receipt, parted))
    }

    /// Each file as it is and as it was; of those that have changed since, as it was merged.
    pub(crate) fn way_back(
        &self,
        state: &State,
        operation: &Operation,
        merged: &[Edit],
    ) -> Result<Vec<Target>, UndoError> {
        let before = state.before(operation)?;
        let mut changed = Vec::new();
        let mut targets = Vec::new();
        for (change, content) in operation.changes().iter().zip(before) {
            let left = left_by(operation, change);
            if left == change.before.as_ref() {
                continue;
            }
            let now = Kept::at(&self.root, &change.path);
            let merged = merged.iter().find(|edit| edit.path == change.path);
            match now.ok().and_then(|now| back(change, left, now, content, merged)) {
                Some(target) => targets.push(target),
                None => changed.push(change.path.clone()),
            }
        }
        if changed.is_empty() {
            targets.retain(Target::is_change);
            sidecar::pair(&mut targets);
            Ok(targets)
        } else {
            Err(UndoError::Changed { id: operation.intent.id.clone(), paths: changed })
        }
    }
}

impl Host {
    /// Folders that an operation keeps whole, as they are now and as they are to be again.
    pub(crate) fn folders_back(&self, operation: &Operation) -> Result<Diff<Vec<Folder>>, ApplyError> {
        let were = &operation.intent.kept;
        let left = operation.settled().map_or(&[][..], |ending| &ending.folders);
        let mut diff = Diff { before: Vec::new(), after: were.clone() };
        for folder in left {
            let doing = || "look at the folders that are kept whole".to_owned();
            let stat = self.root.stat(&folder.path);
            let stat = stat.map_err(|source| ApplyError::System { doing: doing(), source })?;
            let Some(stat) = stat else {
                // Who removed it since wants it gone.
                diff.after.retain(|other| other.path != folder.path);
                continue;
            };
            let now = Folder { path: folder.path.clone(), mode: stat.st_mode & 0o7777 };
            if now.mode != folder.mode {
                // Permissions that somebody set since are theirs, and stay.
                diff.after
                    .iter_mut()
                    .filter(|other| other.path == now.path)
                    .for_each(|it| it.mode = now.mode);
            }
            diff.before.push(now);
        }
        Ok(diff)
    }
}

/// The way of one file back; nothing where it has changed since, and was not merged as it is now.
fn back(
    change: &Change,
    left: Option<&Version>,
    now: Option<Kept>,
    content: Option<Bytes>,
    merged: Option<&Edit>,
) -> Option<Target> {
    let is_left = match (&now, left) {
        (Some(now), Some(left)) => now.is(left),
        (now, left) => now.is_none() && left.is_none(),
    };
    let after = if is_left {
        let mut after = change.before.as_ref().zip(content).map(|(version, c)| Kept::restored(c, version));
        // Permissions that somebody set since are theirs, and stay.
        if let (Some(now), Some(left), Some(after)) = (&now, left, &mut after)
            && now.mode != left.mode
        {
            after.mode = now.mode;
        }
        after
    } else {
        let merged =
            merged.filter(|edit| edit.content.before.as_ref() == now.as_ref().map(|k| &k.content))?;
        let after = merged.content.after.clone();
        after.zip(now.clone()).map(|(content, now)| Kept { content, ..now })
    };
    Some(Target { path: change.path.clone(), before: now, after, between: None })
}

/// A file as an operation and its commands left it.
fn left_by<'a>(operation: &'a Operation, change: &'a Change) -> Option<&'a Version> {
    let settled = operation.settled().map_or(&[][..], |ending| &ending.settled);
    let settled = settled.iter().find(|settled| settled.path == change.path);
    settled.map_or(change.after.as_ref(), |settled| settled.after.as_ref())
}
