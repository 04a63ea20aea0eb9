use heal_model::{Bytes, Edit, Receipt, RelPath, Unreadable};

use crate::journal::Operation;
use crate::record::{Change, Verdict, Version};
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
        for (change, (before, left)) in operation.intent.changes.iter().zip(contents) {
            let now = self.root.read(&change.path).map(|entry| entry.map(|entry| entry.content));
            if before != left && now.as_ref() != Ok(&left) {
                parted.push(Parted { path: change.path.clone(), before, left, now });
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
        for (change, content) in operation.intent.changes.iter().zip(before) {
            let left = left_by(operation, change);
            if left.map(|v| &v.sha256) == change.before.as_ref().map(|v| &v.sha256) {
                continue;
            }
            let now = self.root.read(&change.path).map(|entry| entry.map(Kept::of));
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

/// The way of one file back; nothing where it has changed since, and was not merged as it is now.
fn back(
    change: &Change,
    left: Option<&Version>,
    now: Option<Kept>,
    content: Option<Bytes>,
    merged: Option<&Edit>,
) -> Option<Target> {
    let is_left = now.as_ref().map(|kept| kept.version().sha256).as_ref() == left.map(|v| &v.sha256);
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
    let settled = operation.endings.get(&Verdict::Commit).map_or(&[][..], |commit| &commit.settled);
    let settled = settled.iter().find(|settled| settled.path == change.path);
    settled.map_or(change.after.as_ref(), |settled| settled.after.as_ref())
}
