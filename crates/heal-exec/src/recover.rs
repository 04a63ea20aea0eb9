use std::time::Duration;

use heal_model::{Receipt, RelPath};

use crate::Host;
use crate::apply_error::ApplyError;
use crate::contents::Lost;
use crate::journal::{Damage, Operation};
use crate::receipts::receipts;
use crate::record::{Ending, Verdict};
use crate::restore::restore;
use crate::staging::Sync;
use crate::state::State;
use crate::transaction::{STAYS, left_alone};
use crate::world::now;

impl Host {
    /// Takes back what was cut short, by a power cut or a kill, and says what that was.
    ///
    /// Acting does this first by itself; a command calls it to be able to tell. Where another heal is at work
    /// there is nothing to take back: what is unfinished is being done.
    pub fn recover(&self) -> Vec<Receipt> {
        let Some(state) = self.state_if_any() else { return Vec::new() };
        if state.unfinished().is_ok_and(|ids| ids.is_empty()) {
            return Vec::new();
        }
        let Ok(_lock) = state.lock(Duration::ZERO) else { return Vec::new() };
        let ids = self.recover_all(&state).unwrap_or_default();
        let receipts = receipts(&state.operations().0);
        receipts.into_iter().filter(|receipt| ids.contains(&receipt.id)).collect()
    }

    /// Takes back every operation that was cut short, newest first; gives their ids. The lock is the caller's.
    pub(crate) fn recover_all(&self, state: &State) -> Result<Vec<String>, ApplyError> {
        let cannot = |source| ApplyError::System { doing: "read the journal".to_owned(), source };
        let mut recovered = Vec::new();
        for id in state.unfinished().map_err(cannot)? {
            match state.operation(&id) {
                Ok(operation) => self.recover_one(state, &operation)?,
                Err(newer @ Damage::Newer { .. }) => return Err(newer.into()),
                // What it meant to do is not known, so nothing can be taken back: the journal's doubts tell of it.
                Err(_) => continue,
            }
            recovered.push(id);
        }
        if !recovered.is_empty() {
            self.forget();
        }
        Ok(recovered)
    }

    fn recover_one(&self, state: &State, operation: &Operation) -> Result<(), ApplyError> {
        let id = &operation.intent.id;
        let unfinished = |source| ApplyError::Unfinished { id: id.clone(), source };
        let mut ending = Ending::new(id, now(), Verdict::Recovered);
        let settled = operation.endings.values().flat_map(|ending| ending.settled.clone());
        ending.settled = settled.collect();
        let conflicts: Vec<RelPath> = match state.before(operation) {
            Ok(before) => restore(&self.root, &operation.intent, &before, &ending.settled, Sync::Do)
                .map_err(unfinished)?,
            Err(Lost::Pruned { .. } | Lost::Damaged { .. }) => self.without_contents(operation),
        };
        if !conflicts.is_empty() {
            ending.verdict = Verdict::Conflict;
            ending.notes.extend(conflicts.iter().map(left_alone));
        }
        if !operation.intent.commands.is_empty() {
            ending.notes.push(STAYS.to_owned());
        }
        state.write_ending(&ending).map_err(unfinished)
    }

    /// What can be said without the contents: files that are still as they were need none.
    fn without_contents(&self, operation: &Operation) -> Vec<RelPath> {
        let changes = operation.intent.changes.iter().filter(|change| {
            let now = self.root.read(&change.path).ok().flatten();
            let now = now.map(|entry| crate::hash::sha256(&entry.content));
            now.as_deref() != change.before.as_ref().map(|version| version.sha256.as_str())
        });
        changes.map(|change| change.path.clone()).collect()
    }
}
