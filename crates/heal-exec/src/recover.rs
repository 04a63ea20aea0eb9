use std::time::Duration;

use heal_model::{Receipt, RelPath, Time};

use crate::Host;
use crate::apply_error::ApplyError;
use crate::contents::Lost;
use crate::journal::{Damage, Operation};
use crate::receipts::receipts;
use crate::record::{Ending, Verdict, Writer};
use crate::restore::{Before, restore};
use crate::staging::Sync;
use crate::state::State;
use crate::transaction::left_alone;
use crate::world::now;
use crate::{process_table, stragglers};

/// How long the lock of a heal that is gone is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was found cut short, newest first, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Operations that are taken back byte for byte.
    pub taken_back: Vec<Receipt>,
    /// Operations of which somebody changed files meanwhile: a person must look.
    pub conflicts: Vec<Conflict>,
}

/// An operation that was cut short and could not be taken back whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The operation.
    pub receipt: Receipt,
    /// The files that are left as somebody changed them; all others are as they were before it.
    pub paths: Vec<RelPath>,
}

/// An operation that was recovered: its id, and the files that were left alone.
type Outcome = (String, Vec<RelPath>);

impl Host {
    /// Takes back what was cut short, by a power cut or a kill, and says what that was.
    ///
    /// A command that is going to act calls this before it looks at anything, so that it never plans for files that
    /// are half done. Where another heal is at work there is nothing to take back: what is unfinished is being done.
    ///
    /// # Errors
    /// When what was cut short can't be taken back: the disk fails, or a newer heal wrote the journal.
    pub fn recover(&self) -> Result<Recovered, ApplyError> {
        let Some(state) = self.state_if_any() else { return Ok(Recovered::default()) };
        if state.unfinished().is_ok_and(|ids| ids.is_empty()) {
            return Ok(Recovered::default());
        }
        // The dead may hold the lock a moment longer: until the last of what they started is gone.
        let patience = if self.cut_short().is_empty() { Duration::ZERO } else { PATIENCE };
        let Ok(_lock) = state.lock(patience) else { return Ok(Recovered::default()) };
        let outcomes = self.recover_all(&state)?;
        let mut recovered = Recovered::default();
        for receipt in receipts(&state.operations().0) {
            let paths = outcomes.iter().find(|(id, _)| *id == receipt.id).map(|(_, paths)| paths);
            match paths {
                Some(paths) if paths.is_empty() => recovered.taken_back.push(receipt),
                Some(paths) => recovered.conflicts.push(Conflict { receipt, paths: paths.clone() }),
                None => {}
            }
        }
        Ok(recovered)
    }

    /// Operations that were cut short and are not taken back yet, newest first. Nothing is changed.
    #[must_use]
    pub fn cut_short(&self) -> Vec<Receipt> {
        let Some(state) = self.state_if_any() else { return Vec::new() };
        let ids = state.unfinished().unwrap_or_default();
        if ids.is_empty() {
            return Vec::new();
        }
        let operations: Vec<Operation> = ids.iter().filter_map(|id| state.operation(id).ok()).collect();
        let dead: Vec<Operation> = operations.into_iter().filter(|one| !is_at_work(&one.intent.by)).collect();
        receipts(&dead)
    }

    /// Takes back every operation that was cut short, newest first. The lock is the caller's.
    pub(crate) fn recover_all(&self, state: &State) -> Result<Vec<Outcome>, ApplyError> {
        let cannot = |source| ApplyError::System { doing: "read the journal".to_owned(), source };
        state.unless_known()?;
        let mut recovered = Vec::new();
        for id in state.unfinished().map_err(cannot)? {
            match state.operation(&id) {
                Ok(operation) => recovered.push((id, self.recover_one(state, &operation)?)),
                Err(newer @ Damage::Newer { .. }) => return Err(newer.into()),
                // What it meant to do is not known, so nothing can be taken back: the journal's doubts tell of it.
                Err(_) => {}
            }
        }
        if !recovered.is_empty() {
            self.forget();
        }
        Ok(recovered)
    }

    fn recover_one(&self, state: &State, operation: &Operation) -> Result<Vec<RelPath>, ApplyError> {
        let id = &operation.intent.id;
        let unfinished = |source| ApplyError::Unfinished { id: id.clone(), source };
        if !operation.intent.commands.is_empty() {
            stragglers::end(&self.mark(id));
        }
        let mut ending = operation.left(Ending::new(id, now(), Verdict::Recovered));
        let conflicts: Vec<RelPath> = match state.before(operation) {
            Ok(contents) => {
                let before = Before { contents: &contents, reached: &|_| true };
                restore(&self.root, &operation.intent, &before, &ending, Sync::Do).map_err(unfinished)?
            }
            Err(Lost::Pruned { .. } | Lost::Damaged { .. }) => self.without_contents(operation),
        };
        if !conflicts.is_empty() {
            ending.verdict = Verdict::Conflict;
            ending.notes.extend(conflicts.iter().map(left_alone));
            self.settle_conflicts(state, &conflicts, &mut ending).map_err(unfinished)?;
        }
        ending.notes.extend(operation.intent.stays());
        state.write_ending(&ending).map_err(unfinished)?;
        Ok(conflicts)
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

/// Whether the process that began an operation still runs. One of another start of the machine does not.
fn is_at_work(by: &Writer) -> bool {
    let is_same = match by.started {
        Some(started) => process_table::same(by.pid, Time(started)).is_some(),
        None => process_table::process(by.pid).is_some(),
    };
    is_same && by.boot == process_table::boot()
}
