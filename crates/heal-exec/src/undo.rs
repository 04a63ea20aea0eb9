use std::time::Duration;

use heal_model::{Edit, PlanId, Receipt, ReceiptState, RelPath};

use crate::Host;
use crate::clock::Deadline;
use crate::kept_folders::beyond;
use crate::receipts::receipts;
use crate::state::State;
use crate::transaction::Job;
use crate::undo_error::UndoError;

/// How long undo waits for another heal.
const PATIENCE: Duration = Duration::from_secs(10);

impl Host {
    /// Takes an operation back: the one that is named, or the newest that is neither an undo nor undone.
    ///
    /// Without an id no operation is ever passed over: where the newest can't be taken back, or was cut short and is
    /// taken back by this very call, that is said, and the next older one stays as it is. Undo is an operation like any other: naming it undoes the undo. It refuses when a file is not as the
    /// operation left it, and then changes nothing. Commands can't be taken back; the receipt says so.
    ///
    /// # Errors
    /// When there is no such operation, or it can't be taken back whole.
    pub fn undo(&self, id: Option<&str>) -> Result<Receipt, UndoError> {
        self.undo_merged(id, &[])
    }

    /// The same, where files that have changed since become what these edits say instead of what they were.
    ///
    /// # Errors
    /// As for [`Host::undo`]; also when such a file is not as its edit expects it.
    pub fn undo_merged(&self, id: Option<&str>, merged: &[Edit]) -> Result<Receipt, UndoError> {
        let deadline = Deadline::within(PATIENCE);
        let state = self.state_if_any().ok_or(UndoError::Nothing)?;
        let _lock = state.lock(deadline.left())?;
        let recovered = self.recover_all(&state)?.into_iter().filter(|(_, left)| left.is_empty());
        let recovered: Vec<String> = recovered.map(|(id, _)| id).collect();
        let receipt = chosen(&state, id, &recovered)?;
        let operation = state.operation(&receipt.id)?;
        let targets = self.way_back(&state, &operation, merged)?;
        let stays = operation.intent.stays();
        let folders = self.folders_back(&operation)?;
        let came = beyond(&folders.before, &folders.after);
        let made = operation.intent.folders.iter().filter(|folder| !came.contains(folder)).cloned();
        let mut emptied: Vec<RelPath> = came.iter().cloned().chain(made).collect();
        emptied.sort_unstable_by(|one, other| other.cmp(one));
        let job = Job {
            plan: PlanId::default(),
            undoes: Some(receipt.id),
            rules: operation.intent.rules.clone(),
            targets,
            emptied,
            folders,
            commands: Vec::new(),
            notes: stays.into_iter().collect(),
        };
        Ok(self.carry_out(&state, job, &[], deadline)?)
    }

    /// The operation that [`Host::undo_merged`] would take back. Nothing is changed.
    ///
    /// # Errors
    /// When there is no such operation, or it can't be taken back.
    pub fn undoable(&self, id: Option<&str>, merged: &[Edit]) -> Result<Receipt, UndoError> {
        let state = self.state_if_any().ok_or(UndoError::Nothing)?;
        let receipt = chosen(&state, id, &[])?;
        self.way_back(&state, &state.operation(&receipt.id)?, merged)?;
        Ok(receipt)
    }
}

/// The operation to take back.
pub(crate) fn chosen(state: &State, id: Option<&str>, recovered: &[String]) -> Result<Receipt, UndoError> {
    let receipts = receipts(&state.operations().0);
    let Some(id) = id else { return newest(state, receipts, recovered) };
    let id = state.resolve(id)?;
    state.operation(&id)?;
    let receipt = receipts.into_iter().find(|receipt| receipt.id == id).ok_or(UndoError::Nothing)?;
    match obstacle(&receipt, recovered) {
        Some(why) => Err(why),
        None => Ok(receipt),
    }
}

/// The newest operation that is neither an undo nor undone.
fn newest(state: &State, receipts: Vec<Receipt>, recovered: &[String]) -> Result<Receipt, UndoError> {
    // What an unreadable record tells of might be the one that is meant.
    let ids = state.ids().unwrap_or_default();
    let unreadable = ids.into_iter().rev().find_map(|id| Some((state.operation(&id).err()?, id)));
    let counts = |one: &Receipt| one.undoes.is_none() && one.state != ReceiptState::Undone;
    let mut left: Box<dyn Iterator<Item = Receipt>> = Box::new(receipts.into_iter().filter(counts));
    let newest = left.next();
    let why = match (newest, unreadable) {
        (newest, Some((damage, id))) if newest.as_ref().is_none_or(|newest| newest.id < id) => {
            left = Box::new(newest.into_iter().chain(left));
            damage.into()
        }
        (None, _) => return Err(UndoError::Nothing),
        (Some(newest), _) => match obstacle(&newest, recovered) {
            None => return Ok(newest),
            Some(why) => why,
        },
    };
    let next = left.find(|receipt| obstacle(receipt, recovered).is_none());
    Err(UndoError::Newest { why: Box::new(why), next: next.map(|receipt| receipt.id) })
}

/// Why an operation can't be taken back, as far as its receipt tells.
fn obstacle(receipt: &Receipt, recovered: &[String]) -> Option<UndoError> {
    let id = receipt.id.clone();
    match &receipt.undone_by {
        Some(by) => Some(UndoError::Already { id, by: by.clone() }),
        None if recovered.contains(&id) => Some(UndoError::Recovered { id }),
        None if !receipt.state.stands() => Some(UndoError::NotInEffect { id, state: receipt.state }),
        None if receipt.files.is_empty() => Some(UndoError::Commands { id }),
        None => None,
    }
}
