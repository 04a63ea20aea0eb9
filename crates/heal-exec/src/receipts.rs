use std::collections::BTreeMap;

use heal_model::{Diff, Doubt, Earlier, Edit, FileOutcome, Receipt, ReceiptState, RelPath};
use thiserror::Error;

use crate::Host;
use crate::contents::Lost;
use crate::hash::sha256;
use crate::journal::{Damage, Operation};
use crate::record::{Change, Verdict, Version};
use crate::state::State;

/// Why an operation can't be shown.
#[derive(Debug, Error)]
pub enum ShowError {
    /// There is none with this id.
    #[error("no operation {id}; `heal log` lists them")]
    Unknown {
        /// As it was typed.
        id: String,
    },
    /// There are several.
    #[error("{id} is the start of {count} operations' ids; type more of it")]
    Ambiguous {
        /// As it was typed.
        id: String,
        /// How many there are.
        count: usize,
    },
    /// Its record can't be used.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// Its contents can't be used.
    #[error(transparent)]
    Lost(#[from] Lost),
}

impl ShowError {
    /// The exit code that says so.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unknown { .. } | Self::Ambiguous { .. } => 2,
            Self::Damaged(_) | Self::Lost(_) => 1,
        }
    }
}

impl Host {
    /// Every operation in this project, newest first.
    #[must_use]
    pub fn log(&self) -> Vec<Receipt> {
        self.state_if_any().map(|state| receipts(&state.operations().0)).unwrap_or_default()
    }

    /// What is wrong with the journal: records that are damaged, missing, or of a newer heal.
    #[must_use]
    pub fn journal_doubts(&self) -> Vec<Doubt> {
        let damages = self.state_if_any().map(|state| state.operations().1).unwrap_or_default();
        damages.iter().map(|damage| Doubt { rule: None, message: damage.to_string() }).collect()
    }

    /// One operation, by its id or the start of it.
    ///
    /// # Errors
    /// When there is not exactly one such operation, or its record can't be used.
    pub fn show(&self, id: &str) -> Result<Receipt, ShowError> {
        let state = self.state_if_any().ok_or_else(|| ShowError::Unknown { id: id.to_owned() })?;
        let id = state.resolve(id)?;
        state.operation(&id)?;
        let receipts = receipts(&state.operations().0);
        receipts.into_iter().find(|receipt| receipt.id == id).ok_or(ShowError::Unknown { id })
    }

    /// What an operation changed, whole: each file before and after, from what the journal keeps.
    ///
    /// # Errors
    /// When there is not exactly one such operation, or what it kept can't be used.
    pub fn diff_of(&self, id: &str) -> Result<Vec<Edit>, ShowError> {
        let state = self.state_if_any().ok_or_else(|| ShowError::Unknown { id: id.to_owned() })?;
        let operation = state.operation(&state.resolve(id)?)?;
        let contents = state.before(&operation)?.into_iter().zip(state.after(&operation)?);
        let edits = operation.changes().into_iter().zip(contents);
        let edits =
            edits.filter(|(_, (before, after))| before != after).map(|(change, (before, after))| Edit {
                path: change.path,
                content: Diff { before, after },
                executable: change.after.as_ref().is_some_and(|version| version.mode & 0o100 != 0),
                parts: Vec::new(),
            });
        Ok(edits.collect())
    }

    /// Versions of a file that the journal keeps, newest first, each once.
    pub(crate) fn kept_versions(&self, path: &RelPath) -> Vec<Earlier> {
        let Some(state) = self.state_if_any() else { return Vec::new() };
        let mut seen = Vec::new();
        let mut versions = Vec::new();
        for operation in state.operations().0 {
            let is_it = |change: &Change| change.path == *path && !change.is_link();
            let Some(index) = operation.changes().iter().position(is_it) else { continue };
            let after = state.after(&operation).unwrap_or_default().into_iter().nth(index);
            let before = state.before(&operation).unwrap_or_default().into_iter().nth(index);
            for content in [after, before].into_iter().flatten().flatten() {
                let sum = sha256(&content);
                if !seen.contains(&sum) {
                    seen.push(sum);
                    versions.push(Earlier { at: operation.intent.at, content });
                }
            }
        }
        versions
    }
}

impl Operation {
    /// What it tells a person, if nothing took it back.
    pub(crate) fn receipt(&self) -> Receipt {
        receipt(self, None)
    }
}

impl State {
    /// An operation's whole id, by the start of it.
    pub(crate) fn resolve(&self, start: &str) -> Result<String, ShowError> {
        let start = start.to_ascii_lowercase();
        let ids = self.ids().unwrap_or_default();
        let mut fitting = ids.iter().filter(|id| id.starts_with(&start));
        match (fitting.next(), fitting.count()) {
            (Some(id), 0) => Ok(id.clone()),
            (None, _) => Err(ShowError::Unknown { id: start }),
            (Some(_), more) => Err(ShowError::Ambiguous { id: start, count: more + 1 }),
        }
    }
}

/// Operations as receipts, newest first, each knowing what took it back.
pub(crate) fn receipts(operations: &[Operation]) -> Vec<Receipt> {
    let mut undone_by: BTreeMap<String, String> = BTreeMap::new();
    let mut receipts = Vec::new();
    // Newest first: an operation that was itself taken back has taken nothing back.
    for operation in operations {
        let by = undone_by.get(&operation.intent.id).cloned();
        let receipt = receipt(operation, by);
        if let (Some(undone), true) = (&receipt.undoes, receipt.state.stands()) {
            undone_by.insert(undone.clone(), receipt.id.clone());
        }
        receipts.push(receipt);
    }
    receipts
}

fn receipt(operation: &Operation, undone_by: Option<String>) -> Receipt {
    let Operation { intent, endings } = operation;
    let last = endings.values().next_back();
    let ran = endings.values().rev().find(|ending| !ending.commands.is_empty());
    let settled = operation.settled().map_or(&[][..], |ending| &ending.settled);
    let changes = operation.changes().into_iter().map(|change| {
        let settled = settled.iter().find(|settled| settled.path == change.path);
        let after = settled.map_or(change.after, |settled| settled.after.clone());
        (change.path, change.before, after)
    });
    let sum = |version: Option<Version>| version.map(|version| version.sha256);
    let files = changes.filter(|(_, before, after)| before != after);
    let files =
        files.map(|(path, before, after)| FileOutcome { path, before: sum(before), after: sum(after) });
    Receipt {
        id: intent.id.clone(),
        plan: intent.plan.clone(),
        at: intent.at,
        state: if undone_by.is_some() { ReceiptState::Undone } else { state(endings.keys().copied()) },
        rules: intent.rules.clone(),
        files: files.collect(),
        commands: ran.map(|ending| ending.commands.clone()).unwrap_or_default(),
        verification: last.and_then(|ending| ending.verification.clone()),
        undoes: intent.undoes.clone(),
        undone_by,
        notes: endings.values().flat_map(|ending| ending.notes.clone()).collect(),
    }
}

/// The last word on an operation: verdicts are ordered so that a later one overrules an earlier.
fn state(verdicts: impl Iterator<Item = Verdict>) -> ReceiptState {
    match verdicts.max() {
        None | Some(Verdict::Failed) => ReceiptState::Unfinished,
        Some(Verdict::Commit) => ReceiptState::Applied,
        Some(Verdict::Verified) => ReceiptState::Verified,
        Some(Verdict::RolledBack) => ReceiptState::RolledBack,
        Some(Verdict::Recovered) => ReceiptState::Recovered,
        Some(Verdict::Conflict) => ReceiptState::Conflict,
    }
}
