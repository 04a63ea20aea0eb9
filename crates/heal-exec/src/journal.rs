use std::collections::BTreeMap;
use std::fs;
use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::hash::sha256;
use crate::record::{Change, Ending, Intent, Previous, VERSION, Verdict};
use crate::seal::{self, Broken};
use crate::state::State;
use crate::{ids, sys};

/// The longest record.
const LONGEST: usize = 256 * 1024;

/// One operation, as its records tell of it.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// What was to be done.
    pub(crate) intent: Intent,
    /// What became of it, by verdict.
    pub(crate) endings: BTreeMap<Verdict, Ending>,
}

/// A record that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Damage {
    /// It is not what was written.
    #[error("the journal's record {record} is damaged; what it tells of can't be taken back")]
    Changed {
        /// Its file's name.
        record: String,
    },
    /// A newer heal wrote it.
    #[error("the journal's record {record} was written by a newer heal; use that one here")]
    Newer {
        /// Its file's name.
        record: String,
    },
    /// It is gone.
    #[error("the journal's record {record} is missing: somebody removed it")]
    Missing {
        /// Its file's name.
        record: String,
    },
}

impl Operation {
    /// An operation as it is known to whom has just ended it.
    pub(crate) fn ended(intent: Intent, endings: impl IntoIterator<Item = Ending>) -> Self {
        Self { intent, endings: endings.into_iter().map(|ending| (ending.verdict, ending)).collect() }
    }
}

impl Operation {
    /// What its commands left: files that they changed further, and folders that are kept whole.
    pub(crate) fn settled(&self) -> Option<&Ending> {
        self.endings.values().find(|ending| !ending.settled.is_empty() || !ending.folders.is_empty())
    }

    /// The same in another ending.
    pub(crate) fn left(&self, ending: Ending) -> Ending {
        let Some(left) = self.settled() else { return ending };
        Ending { settled: left.settled.clone(), folders: left.folders.clone(), ..ending }
    }

    /// The files that it and its commands changed: those it was to change, then those that came besides.
    pub(crate) fn changes(&self) -> Vec<Change> {
        self.intent.changes_with(self.settled().map_or(&[], |ending| &ending.settled))
    }
}

impl State {
    /// Every operation's id, oldest first.
    pub(crate) fn ids(&self) -> io::Result<Vec<String>> {
        let names = self.record_names()?;
        let id = |name: &String| Some(name.strip_suffix(".intent")?.to_owned());
        Ok(names.iter().filter_map(id).collect())
    }

    /// Operations that have begun and have not ended, newest first. Only names are looked at.
    pub(crate) fn unfinished(&self) -> io::Result<Vec<String>> {
        let names = self.record_names()?;
        let has =
            |id: &str, verdict: Verdict| names.binary_search(&format!("{id}.{}", verdict.suffix())).is_ok();
        let is_over = |id: &str| {
            let is_done = has(id, Verdict::Commit) && !has(id, Verdict::Failed);
            is_done
                || [Verdict::RolledBack, Verdict::Recovered, Verdict::Conflict].iter().any(|v| has(id, *v))
        };
        let begun = names.iter().filter_map(|name| name.strip_suffix(".intent"));
        Ok(begun.filter(|id| !is_over(id)).rev().map(str::to_owned).collect())
    }

    /// Reads one operation.
    pub(crate) fn operation(&self, id: &str) -> Result<Operation, Damage> {
        let other = |name: &str| Damage::Changed { record: format!("{id}.{name}") };
        let intent: Intent = self.record(&format!("{id}.intent"))?;
        if intent.id != id {
            return Err(other("intent"));
        }
        let mut endings = BTreeMap::new();
        for verdict in Verdict::ALL {
            match self.record::<Ending>(&format!("{id}.{}", verdict.suffix())) {
                Ok(ending) if (ending.id.as_str(), ending.verdict) != (id, verdict) => {
                    return Err(other(verdict.suffix()));
                }
                Ok(ending) => drop(endings.insert(verdict, ending)),
                Err(Damage::Missing { .. }) => {}
                Err(damage) => return Err(damage),
            }
        }
        Ok(Operation { intent, endings })
    }

    /// Reads every operation, newest first, beside what is wrong with the others.
    pub(crate) fn operations(&self) -> (Vec<Operation>, Vec<Damage>) {
        let (mut operations, mut damages) = (Vec::new(), Vec::new());
        let ids = self.ids().unwrap_or_default();
        for id in ids.iter().rev() {
            match self.operation(id) {
                Ok(operation) => operations.push(operation),
                Err(damage) => damages.push(damage),
            }
        }
        let named = operations.iter().filter_map(|operation| operation.intent.previous.as_ref());
        damages.extend(named.filter_map(|previous| self.misses(previous)));
        damages.extend(self.unless_known().err());
        damages.dedup();
        (operations, damages)
    }

    /// Refuses a journal with a kind of record that this heal does not know: what it does not understand it never mends.
    pub(crate) fn unless_known(&self) -> Result<(), Damage> {
        let is_known = |name: &String| {
            let kind = name.split_once('.').map(|(_, kind)| kind);
            kind == Some("intent") || Verdict::ALL.iter().any(|verdict| Some(verdict.suffix()) == kind)
        };
        match self.record_names().unwrap_or_default().into_iter().find(|name| !is_known(name)) {
            Some(record) => Err(Damage::Newer { record }),
            None => Ok(()),
        }
    }

    /// What is wrong with an operation that another names as the one before it.
    fn misses(&self, previous: &Previous) -> Option<Damage> {
        let record = format!("{}.intent", previous.id);
        match fs::read(self.ops_path().join(&record)) {
            Ok(bytes) if sha256(&bytes) == previous.sha256 => None,
            Ok(_) => Some(Damage::Changed { record }),
            Err(_) => Some(Damage::Missing { record }),
        }
    }

    /// The newest operation, as the one that follows it names it.
    pub(crate) fn newest(&self) -> io::Result<Option<Previous>> {
        let Some(id) = self.ids()?.pop() else { return Ok(None) };
        let bytes = fs::read(self.ops_path().join(format!("{id}.intent")))?;
        Ok(Some(Previous { id, sha256: sha256(&bytes) }))
    }

    /// Writes what is about to be done; it is on the disk when this returns.
    pub(crate) fn write_intent(&self, intent: &Intent) -> io::Result<()> {
        self.write_record(&format!("{}.intent", intent.id), intent)
    }

    /// Writes what became of an operation; it is on the disk when this returns.
    pub(crate) fn write_ending(&self, ending: &Ending) -> io::Result<()> {
        self.write_record(&format!("{}.{}", ending.id, ending.verdict.suffix()), ending)
    }

    /// Takes a record back that could not be brought to the disk.
    pub(crate) fn withdraw(&self, id: &str, suffix: &str) -> io::Result<()> {
        sys::unlink(&self.ops, &format!("{id}.{suffix}"))
    }

    fn write_record(&self, name: &str, record: &impl Serialize) -> io::Result<()> {
        let text = seal::seal(record)?;
        if text.len() > LONGEST {
            return Err(io::Error::other("the journal's record would be longer than 256 KiB"));
        }
        sys::write_new(&self.ops, name, text.as_bytes())?;
        sys::sync(&self.ops)
    }

    fn record<T: DeserializeOwned>(&self, name: &str) -> Result<T, Damage> {
        let damaged = || Damage::Changed { record: name.to_owned() };
        let text = match fs::read_to_string(self.ops_path().join(name)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Damage::Missing { record: name.to_owned() });
            }
            Err(_) => return Err(damaged()),
        };
        seal::open(&text, VERSION).map_err(|broken| match broken {
            Broken::Changed => damaged(),
            Broken::Newer => Damage::Newer { record: name.to_owned() },
        })
    }

    /// The names of all records, sorted; those of files being written and of strangers are passed over.
    fn record_names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.ops_path())? {
            let name = entry?.file_name();
            let Some(name) = name.to_str() else { continue };
            if name.split_once('.').is_some_and(|(id, _)| ids::time(id).is_some()) {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}
