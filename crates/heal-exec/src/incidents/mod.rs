//! Failures as they were recorded, and how each ended: what lessons are drawn from.
//!
//! A command that fails leaves an incident: what it printed, and the files that it names as they are then. When the
//! same command passes, its open incidents end, and what those files have become is what mended them. An incident is
//! one file, of which the name says enough that a pass reads no other command's. Secrets are taken out before anything
//! is written, and what is kept is bounded. None of it is needed to undo, so nothing waits for the disk.

mod files;
mod record;
mod rejected;
mod store;

use std::io;

use heal_model::{Diagnostic, Incident, Mender, RelPath};
use thiserror::Error;

use crate::Host;
use crate::secrets::Secrets;
use crate::state::StateError;
use crate::world::now;

pub use rejected::Rejected;

use record::{Passed, Record, Stored};
use store::Store;

/// How much of an output is kept, in bytes.
pub const LONGEST_OUTPUT: usize = 64 * 1024;
/// How many diagnostics of one failure are kept.
const MOST_DIAGNOSTICS: usize = 200;

/// A command that failed.
#[derive(Clone, Debug)]
pub struct Failed<'a> {
    /// The command, as it was typed.
    pub command: &'a str,
    /// The code it ended with.
    pub exit: Option<i32>,
    /// What it complained of.
    pub diagnostics: Vec<Diagnostic>,
    /// What it printed, or the part of that which says most.
    pub output: &'a str,
    /// The files it names, the likeliest first.
    pub files: Vec<RelPath>,
}

/// All that is on record, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// Each failure.
    pub incidents: Vec<Incident>,
    /// What each command printed when it passed last.
    pub passing: Vec<String>,
    /// The names of records that can't be read: they are not what was written, or a newer heal wrote them.
    pub damaged: Vec<String>,
}

/// Whether incidents are put on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// They are.
    OnRecord,
    /// They count for this call alone.
    Nowhere,
}

/// Why incidents can't be kept or removed.
#[derive(Debug, Error)]
pub enum IncidentError {
    /// heal's own folder can't be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// It can't be written.
    #[error("cannot keep what failed")]
    Write {
        /// Why.
        #[from]
        source: io::Error,
    },
    /// No incident has that name.
    #[error("there is no incident {id}")]
    Unknown {
        /// What was asked for.
        id: String,
    },
}

impl Host {
    /// Records a command that failed, and gives the incident's id. The same failure over the same files is recorded
    /// once, however often it is seen.
    ///
    /// # Errors
    /// When it can't be written down.
    pub fn record_failure(&self, failed: &Failed<'_>) -> Result<String, IncidentError> {
        let secrets = Secrets::of_env();
        let store = Store::make(self)?;
        let command = secrets.hide(failed.command);
        let since = store.passed(&command).map(|passed| passed.at);
        let files = self.snapshot(&failed.files, since, &secrets);
        let diagnostics = failed.diagnostics.iter().take(MOST_DIAGNOSTICS);
        let record = Record::new(Record {
            v: record::VERSION,
            id: String::new(),
            at: now(),
            command,
            exit: failed.exit,
            diagnostics: record::redacted(diagnostics, &secrets),
            output: secrets.hide(bounded(failed.output)),
            files,
            passed: None,
        });
        store.add(&record)?;
        Ok(record.id)
    }

    /// Records that a command passed, and ends its open incidents; gives the ids of those whose files have changed. `by`
    /// says who has changed them.
    ///
    /// # Errors
    /// When it can't be written down.
    pub fn record_pass(&self, command: &str, output: &str, by: Mender) -> Result<Vec<String>, IncidentError> {
        let secrets = Secrets::of_env();
        let store = Store::make(self)?;
        let command = secrets.hide(command);
        let output = secrets.hide(bounded(output));
        let mut ended = Vec::new();
        for (stored, mut record) in store.open_of(&command) {
            let files = record.files.iter().map(|file| self.kept(&file.path, &secrets));
            let mut files: Vec<record::Kept> = files.collect();
            if files == record.files {
                let (before, after): (Vec<_>, Vec<_>) =
                    self.changed_elsewhere(record.at, &secrets).into_iter().unzip();
                record.files.extend(before);
                files.extend(after);
            }
            if files != record.files {
                ended.push(record.id.clone());
            }
            record.passed = Some(Passed { at: now(), output: output.clone(), files, by });
            store.end(&stored, &record)?;
        }
        store.keep_pass(&command, output)?;
        Ok(ended)
    }

    /// Takes over incidents that somebody else has kept, without their secrets and with ids of their own, and puts them
    /// on record where that is wanted.
    ///
    /// # Errors
    /// When they can't be written down.
    pub fn take_over(&self, incidents: &[Incident], keep: Keep) -> Result<Vec<Incident>, IncidentError> {
        let secrets = Secrets::of_env();
        let at = now();
        let records = incidents.iter().map(|incident| Record::of(incident, at, &secrets));
        let records: Vec<Record> = records.collect();
        if keep == Keep::OnRecord && !records.is_empty() {
            let store = Store::make(self)?;
            records.iter().try_for_each(|record| store.add(record))?;
        }
        Ok(records.into_iter().map(Record::incident).collect())
    }

    /// Puts an incident in the place of the one on record with its id: it was ended by fewer changes than were made.
    ///
    /// # Errors
    /// When none has that id, or it can't be written down.
    pub fn narrow(&self, incident: &Incident) -> Result<(), IncidentError> {
        let store = Store::make(self)?;
        let unknown = || IncidentError::Unknown { id: incident.id.clone() };
        let stored = store.names().into_iter().find(|stored| stored.id == incident.id).ok_or_else(unknown)?;
        let record: Record = store.read(&stored.name()).ok_or_else(unknown)?;
        Ok(store.write(&stored.name(), &record.ended_by(incident))?)
    }

    /// Reads all that is on record in this project.
    #[must_use]
    pub fn recorded(&self) -> Recorded {
        Store::open(self).map(|store| store.all()).unwrap_or_default()
    }

    /// Removes incidents by their ids, or the first letters of them; gives the ids of those that are gone.
    ///
    /// # Errors
    /// When one of them names none, or it can't be removed.
    pub fn forget_incidents(&self, ids: &[String]) -> Result<Vec<String>, IncidentError> {
        let store = Store::open(self);
        let gone = called(store.as_ref(), ids)?;
        store.map_or(Ok(Vec::new()), |store| store.remove(gone))
    }

    /// The ids of the incidents that these ids, or the first letters of them, mean.
    ///
    /// # Errors
    /// When one of them names none.
    pub fn incidents_called(&self, ids: &[String]) -> Result<Vec<String>, IncidentError> {
        Ok(called(Store::open(self).as_ref(), ids)?.into_iter().map(|stored| stored.id).collect())
    }

    /// Removes all that is on record; gives how many incidents that were.
    ///
    /// # Errors
    /// When it can't be removed.
    pub fn forget_all_incidents(&self) -> Result<Vec<String>, IncidentError> {
        let Some(store) = Store::open(self) else { return Ok(Vec::new()) };
        store.remove_the_rest()?;
        let all = store.names();
        store.remove(all)
    }
}

fn called(store: Option<&Store>, ids: &[String]) -> Result<Vec<Stored>, IncidentError> {
    let mut all = Vec::new();
    for id in ids {
        let names = store.map(Store::names).unwrap_or_default();
        let fitting = names.into_iter().filter(|stored| stored.id.starts_with(id.as_str()));
        let before = all.len();
        all.extend(fitting.filter(|_| !id.is_empty()));
        if all.len() == before {
            return Err(IncidentError::Unknown { id: id.clone() });
        }
    }
    Ok(all)
}

/// The start of a text that is too long, up to a line's end where there is one.
fn bounded(text: &str) -> &str {
    if text.len() <= LONGEST_OUTPUT {
        return text;
    }
    let mut end = LONGEST_OUTPUT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let line = text[..end].rfind('\n').map_or(end, |at| at + 1);
    &text[..line]
}
