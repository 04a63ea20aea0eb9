use std::fs;
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use heal_model::{Incident, Time};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::record::{Pass, Record, Stored, VERSION, key};
use super::{IncidentError, Recorded};
use crate::state::{open_folder, private};
use crate::world::now;
use crate::{Host, ids, process_table, seal, sys};

/// The file that holds what was rejected.
pub(super) const REJECTED: &str = "rejected";
/// How many incidents are kept.
const MOST: usize = 1_000;
/// How many that have not ended are kept of one day, so that what fails all the time drives out nothing else.
const MOST_A_DAY: usize = 50;
/// A day, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// How large they may be together, in bytes.
const LARGEST: u64 = 64 << 20;

/// One project's folder of incidents.
pub(super) struct Store {
    path: PathBuf,
    folder: OwnedFd,
}

impl Store {
    /// Opens the folder, making it where it is missing.
    pub(super) fn make(host: &Host) -> Result<Self, IncidentError> {
        let path = host.state_folder()?.join("incidents");
        private(&path)?;
        Ok(Self { folder: open_folder(&path)?, path })
    }

    /// Opens the folder for reading; `None` where nothing was ever recorded.
    pub(super) fn open(host: &Host) -> Option<Self> {
        let path = host.state_folder().ok()?.join("incidents");
        Some(Self { folder: open_folder(&path).ok()?, path })
    }

    /// The incidents there are by their files' names, oldest first.
    pub(super) fn names(&self) -> Vec<Stored> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let mut names: Vec<Stored> =
            entries.filter_map(|entry| Stored::read(entry.file_name().to_str()?)).collect();
        names.sort_unstable();
        names
    }

    /// Adds an incident, unless it is on record, and lets the oldest go beyond the limits.
    pub(super) fn add(&self, record: &Record) -> io::Result<()> {
        let names = self.names();
        if names.iter().any(|stored| stored.id == record.id) {
            return Ok(());
        }
        let last = names.iter().map(|stored| stored.time.as_str()).max();
        let new = Stored::of(record, last);
        self.write(&new.name(), record)?;
        let names = if new.is_open { self.without_many_a_day(names, record.at)? } else { names };
        self.prune(names)
    }

    /// Makes room for one more that has not ended: of those of the last day the oldest go.
    fn without_many_a_day(&self, mut names: Vec<Stored>, now: Time) -> io::Result<Vec<Stored>> {
        let is_of_day = |stored: &Stored| {
            stored.is_open && ids::time(&stored.time).is_some_and(|time| time.0 > now.0 - DAY)
        };
        let count = names.iter().filter(|stored| is_of_day(stored)).count();
        let mut surplus = (count + 1).saturating_sub(MOST_A_DAY);
        let mut gone = Vec::new();
        names.retain(|stored| {
            let goes = surplus > 0 && is_of_day(stored);
            surplus -= usize::from(goes);
            if goes {
                gone.push(stored.name());
            }
            !goes
        });
        gone.iter().try_for_each(|name| sys::unlink(&self.folder, name))?;
        Ok(names)
    }

    /// Writes how an incident ended.
    pub(super) fn end(&self, open: &Stored, record: &Record) -> io::Result<()> {
        self.write(&Stored { is_open: false, ..open.clone() }.name(), record)?;
        sys::unlink(&self.folder, &open.name())
    }

    /// A command's incidents that have not ended.
    pub(super) fn open_of(&self, command: &str) -> Vec<(Stored, Record)> {
        let key = key(command);
        let theirs = self.names().into_iter().filter(|stored| stored.is_open && stored.command == key);
        theirs.filter_map(|stored| Some((stored.clone(), self.read(&stored.name())?))).collect()
    }

    /// Everything on record.
    pub(super) fn all(&self) -> Recorded {
        let mut recorded = Recorded::default();
        for stored in self.names() {
            match self.read::<Record>(&stored.name()).map(Record::incident) {
                Some(incident) => recorded.incidents.push(incident),
                None => recorded.damaged.push(stored.name()),
            }
        }
        recorded.passing = self.passing(&recorded.incidents);
        recorded
    }

    /// What passing runs printed, where they did: each command's last, and those that ended an incident.
    fn passing(&self, incidents: &[Incident]) -> Vec<String> {
        let kept = self.pass_names().into_iter().filter_map(|name| Some(self.read::<Pass>(&name)?.output));
        let endings = incidents.iter().filter_map(|incident| Some(incident.ending.as_ref()?.output.clone()));
        let mut passing: Vec<String> = kept.chain(endings).filter(|output| !output.is_empty()).collect();
        passing.sort_unstable();
        passing.dedup();
        passing
    }

    /// What a command printed when it passed last.
    pub(super) fn passed(&self, command: &str) -> Option<Pass> {
        self.read(&format!("{}.passed", key(command)))
    }

    /// Keeps what a command printed when it passed, in place of what it printed the time before.
    pub(super) fn keep_pass(&self, command: &str, output: String) -> io::Result<()> {
        let pass = Pass { v: VERSION, command: command.to_owned(), at: now(), output };
        self.write(&format!("{}.passed", key(command)), &pass)
    }

    /// Removes incidents; gives the ids of those that are gone.
    pub(super) fn remove(&self, gone: Vec<Stored>) -> Result<Vec<String>, IncidentError> {
        let mut ids = Vec::new();
        for stored in gone {
            sys::unlink(&self.folder, &stored.name())?;
            ids.push(stored.id);
        }
        ids.dedup();
        Ok(ids)
    }

    /// Removes what is kept beside incidents: what passing runs printed, and which lessons were rejected.
    pub(super) fn remove_the_rest(&self) -> io::Result<()> {
        let rejected = self.path.join(REJECTED).exists().then(|| REJECTED.to_owned());
        let names = self.pass_names().into_iter().chain(rejected);
        names.into_iter().try_for_each(|name| sys::unlink(&self.folder, &name))
    }

    fn pass_names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".passed")).collect();
        names.sort_unstable();
        names
    }

    fn prune(&self, names: Vec<Stored>) -> io::Result<()> {
        self.sweep()?;
        let (mut count, mut bytes) = (1, 0);
        for stored in names.into_iter().rev() {
            let name = stored.name();
            count += 1;
            bytes += fs::symlink_metadata(self.path.join(&name)).map_or(0, |found| found.len());
            if count > MOST || bytes > LARGEST {
                sys::unlink(&self.folder, &name)?;
            }
        }
        Ok(())
    }

    /// Writes a file whole, or not at all. It is not waited for the disk: a record that a power cut tears shows by its
    /// checksum, and then counts for nothing.
    pub(super) fn write(&self, name: &str, record: &impl Serialize) -> io::Result<()> {
        let beside = format!(".{name}.{}.tmp", std::process::id());
        let mut file = sys::create_anew(&self.folder, &beside)?;
        let written = file.write_all(seal::seal(record)?.as_bytes());
        written.and_then(|()| sys::replace(&self.folder, &beside, name)).inspect_err(|_| {
            // The error that counts is the first: a full disk takes no record, and needs the room.
            let _ = sys::unlink(&self.folder, &beside);
        })
    }

    /// Removes what processes that were killed meanwhile left half written.
    fn sweep(&self) -> io::Result<()> {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let is_left = |name: &String| {
            let pid = name.strip_suffix(".tmp").and_then(|name| name.rsplit_once('.')?.1.parse().ok());
            pid.is_some_and(|pid| process_table::process(pid).is_none())
        };
        names.filter(is_left).try_for_each(|name| sys::unlink(&self.folder, &name))
    }

    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let text = fs::read_to_string(self.path.join(name)).ok()?;
        seal::open(&text, VERSION).ok()
    }
}
