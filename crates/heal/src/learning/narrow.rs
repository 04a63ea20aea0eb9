use heal_exec::Host;
use heal_exec::scratch::{Scratch, Wanted};
use heal_learn::{changes, ended_by, fewest};
use heal_model::{Incident, World as _};

use super::ask::{AskError, ask};

/// How often the command is run for one incident at most.
const MOST_TRIES: usize = 24;

/// What came of trying fewer changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Narrowed {
    /// So many of them suffice: the incident as if it had been ended by those alone.
    To(Incident, usize),
    /// None of them can be left out.
    Needed,
    /// The command does not fail without them, or does not pass with them, any more.
    Otherwise,
}

/// A command that tells on a copy of the project whether some changes end a failure.
pub struct Oracle<'a> {
    here: &'a Host,
    there: Host,
    scratch: Scratch,
    command: &'a [String],
}

impl<'a> Oracle<'a> {
    /// Makes the copy. The command is run there and nowhere else.
    ///
    /// # Errors
    /// When there can be no copy.
    pub fn new(here: &'a Host, command: &'a [String]) -> Result<Self, AskError> {
        let (scratch, there) = here.scratch(Wanted::Best)?;
        Ok(Self { here, there, scratch, command })
    }

    /// Finds out which of the changes that ended a failure are needed for that, and leaves the copy as it was.
    ///
    /// # Errors
    /// When the copy can't be changed, or the command can't be started.
    pub fn narrow(&self, incident: &Incident) -> Result<Narrowed, AskError> {
        let found = self.tried(incident);
        for change in incident.ending.iter().flat_map(|ending| &ending.changes) {
            self.scratch.put(&self.there, &change.path, self.here.read(&change.path)?.as_ref())?;
        }
        found
    }

    fn tried(&self, incident: &Incident) -> Result<Narrowed, AskError> {
        if self.passes(&ended_by(incident, &[]))? || !self.passes(incident)? {
            return Ok(Narrowed::Otherwise);
        }
        let all = changes(incident);
        let kept = fewest(all.clone(), MOST_TRIES, &mut |some| self.passes(&ended_by(incident, some)))?;
        Ok(match kept.len() {
            count if count < all.len() => Narrowed::To(ended_by(incident, &kept), count),
            _ => Narrowed::Needed,
        })
    }

    /// Whether the command passes with the files as they became.
    fn passes(&self, incident: &Incident) -> Result<bool, AskError> {
        for change in incident.ending.iter().flat_map(|ending| &ending.changes) {
            self.scratch.put(&self.there, &change.path, change.after.as_ref())?;
        }
        Ok(ask(&self.there, self.command)?.passed())
    }
}
