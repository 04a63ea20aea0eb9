use super::event::{Event, What};
use crate::cli::apply::ready;
use crate::cli::failure::Failure;
use crate::cli::session::{Rules, Session};
use crate::library::FaultyBecause;

/// The playbooks that are watched by, as they were when they were last valid.
pub(super) struct Watched {
    pub(super) rules: Rules,
    /// What the rules were read from.
    accepted: Read,
    /// What was there at the last look.
    newest: Read,
}

/// Playbooks by their paths, each with its text or with what is wrong with it.
type Read = Vec<(String, Result<Vec<u8>, String>)>;

impl Watched {
    /// Reads them for the first time.
    pub(super) fn new(session: &mut Session<'_>, named: &[String]) -> Result<Self, Failure> {
        let accepted = read(session, named);
        Ok(Self { rules: ready(session, named)?, newest: accepted.clone(), accepted })
    }

    /// Reads them anew if they have changed, and tells of it; while one that was valid is not, all stay what they were.
    pub(super) fn follow(&mut self, session: &mut Session<'_>, named: &[String]) -> Option<Event> {
        let now = read(session, named);
        if now == self.newest {
            return None;
        }
        self.newest.clone_from(&now);
        let was_valid = |path: &str| self.accepted.iter().all(|(other, text)| other != path || text.is_ok());
        let wrong = now.iter().find_map(|(path, text)| text.as_ref().err().filter(|_| was_valid(path)));
        if let Some(wrong) = wrong {
            return Some(told(What::NotReloaded, format!("{wrong}: what it was before counts")));
        }
        let is_new = |one: &&(String, _)| !self.accepted.contains(one);
        let changed: Vec<&str> = now.iter().filter(is_new).map(|(path, _)| path.as_str()).collect();
        let changed = if changed.is_empty() { "one is gone".to_owned() } else { changed.join(", ") };
        match ready(session, named) {
            Ok(rules) => {
                let may_act = crate::cli::session::all_may(&rules.library, &rules.warrant);
                let hint = if may_act { "" } else { ": it only names until heal trust lets it act" };
                (self.rules, self.accepted) = (rules, now);
                Some(told(What::Reloaded, format!("{changed}{hint}")))
            }
            Err(failure) => Some(told(What::NotReloaded, failure.words())),
        }
    }
}

fn told(what: What, title: String) -> Event {
    Event { what, rule: None, title, place: None, operation: None }
}

fn read(session: &Session<'_>, named: &[String]) -> Read {
    let library = match session.library_of(named) {
        Ok(library) => library,
        Err(failure) => return vec![(named.join(", "), Err(failure.words()))],
    };
    let valid = library.members.into_iter().map(|one| (one.origin.path().to_owned(), Ok(one.text)));
    let faulty = library.faulty.into_iter().map(|one| {
        let path = one.origin.path().to_owned();
        let why = match one.error {
            FaultyBecause::Invalid(error) => {
                format!("{path}:{}: {}", error.problems[0].line, error.problems[0].message)
            }
            FaultyBecause::Unreadable(why) => format!("{path}: {why}"),
        };
        (path, Err(why))
    });
    valid.chain(faulty).collect()
}
