use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use heal_model::{
    Bytes, Earlier, EntryKind, Machine, Probe, Probed, Process, RelPath, Scope, Stat, Time, Unreadable,
    World, command_line,
};
use rustix::fs::FileType;

use crate::clock::modified;
use crate::root::{is_link, reason};
use crate::{Host, Probes, git, listeners, process_table, programs};

impl World for Host {
    fn read(&self, path: &RelPath) -> Result<Option<Bytes>, Unreadable> {
        Ok(self.root.read(path)?.map(|entry| entry.content))
    }

    fn localize(&self, absolute: &str) -> Option<RelPath> {
        Path::new(absolute).is_absolute().then(|| self.relative(absolute).ok()).flatten()
    }

    fn stat(&self, path: &RelPath) -> Result<Option<Stat>, Unreadable> {
        let stat = self.root.stat(path).map_err(|error| {
            let reason = if is_link(&error) { reason(rustix::io::Errno::LOOP) } else { error.to_string() };
            Unreadable { path: path.to_string(), reason }
        })?;
        Ok(stat.map(|stat| Stat {
            kind: match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile => EntryKind::File,
                FileType::Directory => EntryKind::Folder,
                FileType::Symlink if self.root.leads_nowhere(path) => EntryKind::DeadLink,
                FileType::Symlink => EntryKind::Link,
                _ => EntryKind::Other,
            },
            len: u64::try_from(stat.st_size).unwrap_or(0),
            modified: modified(&stat),
            executable: stat.st_mode & 0o100 != 0,
        }))
    }

    fn files(&self, under: Option<&RelPath>, scope: Scope) -> Result<Vec<RelPath>, Unreadable> {
        let listing = self.listing(scope)?;
        let Some(under) = under else { return Ok(listing.to_vec()) };
        let folder = format!("{under}/");
        let first = listing.partition_point(|path| path.as_str() < folder.as_str());
        let below = listing[first..].iter().take_while(|path| path.as_str().starts_with(&folder));
        Ok(below.cloned().collect())
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn now(&self) -> Time {
        now()
    }

    fn process(&self, pid: u32) -> Option<Process> {
        process_table::placed(pid, self.root())
    }

    fn processes(&self) -> BTreeMap<u32, Process> {
        process_table::processes(self.root())
    }

    fn listeners(&self, port: u16) -> Vec<u32> {
        listeners::of(port)
    }

    fn machine(&self) -> Machine {
        Machine { boot: process_table::boot(), name: process_table::name() }
    }

    fn program(&self, name: &str) -> Option<String> {
        programs::find(name, self.root())?.to_str().map(str::to_owned)
    }

    fn interpreter(&self, script: &str) -> Option<String> {
        programs::interpreter(script.as_ref())
    }

    fn probe(&self, probe: &Probe) -> Result<Probed, Unreadable> {
        let refuse = |reason: String| Unreadable { path: command_line(&probe.argv), reason };
        let why = match self.probes {
            Probes::Run => None,
            Probes::Looking => Some("not run: without --fix heal runs no command"),
            Probes::Untrusted => {
                Some("not run: some playbook here may not act, and then none is asked; see `heal trust`")
            }
        };
        if let Some(why) = why {
            return Err(refuse(why.to_owned()));
        }
        self.probed(probe).map_err(|error| refuse(error.to_string()))
    }

    fn earlier(&self, path: &RelPath) -> Vec<Earlier> {
        self.versions(path)
    }

    fn committed(&self, path: &RelPath, revision: &str) -> Result<Option<Bytes>, Unreadable> {
        git::committed(self, path, revision)
    }
}

/// The time, in milliseconds since 1970; before that, 0.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
