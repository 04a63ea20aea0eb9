use std::time::Duration;

use heal_model::{PlanId, Receipt, RelPath};
use thiserror::Error;

use crate::Host;
use crate::apply_error::{ApplyError, list};
use crate::clock::Deadline;
use crate::contents::Lost;
use crate::journal::{Damage, Operation};
use crate::receipts::{ShowError, is_in_effect, receipts};
use crate::record::{Change, Verdict, Version};
use crate::state::{State, StateError};
use crate::target::{Kept, Target};
use crate::transaction::{Job, STAYS};

/// How long undo waits for another heal.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why an operation was not taken back.
#[derive(Debug, Error)]
pub enum UndoError {
    /// Nothing was ever done here, or all of it was taken back.
    #[error("nothing to undo")]
    Nothing,
    /// There is no such operation, or its record can't be used.
    #[error(transparent)]
    Show(#[from] ShowError),
    /// It was taken back before.
    #[error("operation {id} was taken back already, by {by}; `heal undo {by}` brings it back")]
    Already {
        /// The operation.
        id: String,
        /// The one that took it back.
        by: String,
    },
    /// It changed nothing that still stands.
    #[error("operation {id} did not come to its end, and changed nothing")]
    NotInEffect {
        /// The operation.
        id: String,
    },
    /// It changed no file.
    #[error("operation {id} ran commands alone, and what they did can't be taken back")]
    Commands {
        /// The operation.
        id: String,
    },
    /// Files have changed since.
    #[error("{} changed since; look at the difference with `heal show {id}`", list(paths))]
    Changed {
        /// The operation.
        id: String,
        /// The files.
        paths: Vec<RelPath>,
    },
    /// What it kept can't be used.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// Taking it back failed.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl UndoError {
    /// The exit code that says so: 1 where there is nothing to do, 4 where nothing was changed.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Nothing => 1,
            Self::Show(error) => error.exit_code(),
            Self::Apply(error) => error.exit_code(),
            Self::Already { .. }
            | Self::NotInEffect { .. }
            | Self::Commands { .. }
            | Self::Changed { .. }
            | Self::Lost(_) => 4,
        }
    }
}

impl From<StateError> for UndoError {
    fn from(error: StateError) -> Self {
        Self::Apply(error.into())
    }
}

impl From<Damage> for UndoError {
    fn from(damage: Damage) -> Self {
        Self::Show(damage.into())
    }
}

impl Host {
    /// Takes an operation back: the one that is named, or the newest that stands and is not an undo itself.
    ///
    /// Undo is an operation like any other: naming it undoes the undo. It refuses when a file is not as the
    /// operation left it, and then changes nothing. Commands can't be taken back; the receipt says so.
    ///
    /// # Errors
    /// When there is no such operation, or it can't be taken back whole.
    pub fn undo(&self, id: Option<&str>) -> Result<Receipt, UndoError> {
        let deadline = Deadline::within(PATIENCE);
        let state = self.state_if_any().ok_or(UndoError::Nothing)?;
        let _lock = state.lock(deadline.left())?;
        self.recover_all(&state)?;
        let receipt = chosen(&state, id)?;
        let operation = state.operation(&receipt.id)?;
        let targets = self.way_back(&state, &operation)?;
        let stays = (!operation.intent.commands.is_empty()).then(|| STAYS.to_owned());
        let job = Job {
            plan: PlanId::default(),
            undoes: Some(receipt.id),
            rules: operation.intent.rules.clone(),
            targets,
            emptied: operation.intent.folders.iter().rev().cloned().collect(),
            commands: Vec::new(),
            notes: stays.into_iter().collect(),
        };
        Ok(self.carry_out(&state, job, &[], deadline)?)
    }

    /// Each file as it is and as it was, if none has changed since.
    fn way_back(&self, state: &State, operation: &Operation) -> Result<Vec<Target>, UndoError> {
        let before = state.before(operation)?;
        let mut changed = Vec::new();
        let mut targets = Vec::new();
        for (change, content) in operation.intent.changes.iter().zip(before) {
            let read = self.root.read(&change.path).map(|entry| entry.map(Kept::of));
            let left = left_by(operation, change).map(|version| &version.sha256);
            match read {
                Ok(now) if now.as_ref().map(|kept| kept.version().sha256).as_ref() == left => {
                    let versions = change.before.as_ref().zip(content);
                    let after = versions.map(|(version, content)| Kept::restored(content, version));
                    targets.push(Target { path: change.path.clone(), before: now, after });
                }
                _ => changed.push(change.path.clone()),
            }
        }
        if changed.is_empty() {
            targets.retain(Target::is_change);
            Ok(targets)
        } else {
            Err(UndoError::Changed { id: operation.intent.id.clone(), paths: changed })
        }
    }
}

/// A file as an operation and its commands left it.
fn left_by<'a>(operation: &'a Operation, change: &'a Change) -> Option<&'a Version> {
    let settled = operation.endings.get(&Verdict::Commit).map_or(&[][..], |commit| &commit.settled);
    let settled = settled.iter().find(|settled| settled.path == change.path);
    settled.map_or(change.after.as_ref(), |settled| settled.after.as_ref())
}

fn chosen(state: &State, id: Option<&str>) -> Result<Receipt, UndoError> {
    let mut receipts = receipts(&state.operations().0).into_iter();
    let Some(id) = id else {
        return receipts
            .find(|receipt| is_in_effect(receipt) && receipt.undoes.is_none() && !receipt.files.is_empty())
            .ok_or(UndoError::Nothing);
    };
    let id = state.resolve(id)?;
    state.operation(&id)?;
    let receipt = receipts.find(|receipt| receipt.id == id).ok_or(UndoError::Nothing)?;
    match &receipt.undone_by {
        Some(by) => Err(UndoError::Already { id, by: by.clone() }),
        None if is_in_effect(&receipt) && receipt.files.is_empty() => Err(UndoError::Commands { id }),
        None if is_in_effect(&receipt) => Ok(receipt),
        None => Err(UndoError::NotInEffect { id }),
    }
}
