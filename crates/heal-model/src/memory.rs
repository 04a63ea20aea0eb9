use std::collections::BTreeMap;

use crate::{
    Bytes, Earlier, EntryKind, Machine, Probe, Probed, Process, RelPath, Scope, Stat, Time, Unreadable, World,
};

/// A world in memory: what rules' own tests and the laws run in.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    /// Its files.
    pub files: BTreeMap<RelPath, Bytes>,
    /// Files that are there and can't be read.
    pub unreadable: BTreeMap<RelPath, String>,
    /// When files were last changed; the start of 1970 where nothing is said.
    pub modified: BTreeMap<RelPath, Time>,
    /// Its environment.
    pub env: BTreeMap<String, String>,
    /// Its time.
    pub now: Time,
    /// Its processes, by pid.
    pub processes: BTreeMap<u32, Process>,
    /// Who listens on which port.
    pub listeners: BTreeMap<u16, Vec<u32>>,
    /// The machine it is.
    pub machine: Machine,
    /// Programs that can be found, with their paths.
    pub programs: BTreeMap<String, String>,
    /// What the first lines of scripts name, by the script's path.
    pub interpreters: BTreeMap<String, String>,
    /// What probes say, by command.
    pub probes: BTreeMap<Vec<String>, Probed>,
    /// Kept versions, newest first.
    pub earlier: BTreeMap<RelPath, Vec<Earlier>>,
    /// Committed files, by revision and path.
    pub commits: BTreeMap<(String, RelPath), Bytes>,
}

impl MemoryWorld {
    /// Where it lies, for tools that print absolute paths.
    pub const ROOT: &str = "/home/me/project";

    /// A world with these files and nothing else.
    ///
    /// # Panics
    /// When a path is not one inside the project: this is for tests, whose paths are written in them.
    #[must_use]
    pub fn with_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let entry = |(path, text): (&str, &str)| {
            (RelPath::new(path).expect("a path inside the project"), text.into())
        };
        Self { files: files.into_iter().map(entry).collect(), ..Self::default() }
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &RelPath) -> Result<Option<Bytes>, Unreadable> {
        if let Some(reason) = self.unreadable.get(path) {
            return Err(Unreadable { path: path.to_string(), reason: reason.clone() });
        }
        Ok(self.files.get(path).cloned())
    }

    fn stat(&self, path: &RelPath) -> Result<Option<Stat>, Unreadable> {
        let modified = self.modified.get(path).copied().unwrap_or_default();
        if let Some(content) = self.files.get(path) {
            let len = content.len() as u64;
            return Ok(Some(Stat { kind: EntryKind::File, len, modified, executable: false }));
        }
        let folder = format!("{path}/");
        let is_folder = self.files.keys().any(|file| file.as_str().starts_with(&folder));
        Ok(is_folder.then_some(Stat { kind: EntryKind::Folder, len: 0, modified, executable: false }))
    }

    fn files(&self, under: Option<&RelPath>, _scope: Scope) -> Result<Vec<RelPath>, Unreadable> {
        let folder = under.map(|under| format!("{under}/")).unwrap_or_default();
        Ok(self.files.keys().filter(|path| path.as_str().starts_with(&folder)).cloned().collect())
    }

    fn localize(&self, absolute: &str) -> Option<RelPath> {
        RelPath::new(absolute.strip_prefix(Self::ROOT)?.strip_prefix('/')?).ok()
    }

    fn env(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    fn now(&self) -> Time {
        self.now
    }

    fn process(&self, pid: u32) -> Option<Process> {
        self.processes.get(&pid).cloned()
    }

    fn processes(&self) -> BTreeMap<u32, Process> {
        self.processes.clone()
    }

    fn listeners(&self, port: u16) -> Vec<u32> {
        self.listeners.get(&port).cloned().unwrap_or_default()
    }

    fn machine(&self) -> Machine {
        self.machine.clone()
    }

    fn program(&self, name: &str) -> Option<String> {
        let of_project = || {
            let path =
                RelPath::new(name).ok().filter(|path| name.contains('/') && self.files.contains_key(path))?;
            Some(format!("{}/{path}", Self::ROOT))
        };
        self.programs.get(name).cloned().or_else(of_project)
    }

    fn interpreter(&self, script: &str) -> Option<String> {
        self.interpreters.get(script).cloned()
    }

    fn probe(&self, probe: &Probe) -> Result<Probed, Unreadable> {
        self.probes.get(&probe.argv).cloned().ok_or_else(|| Unreadable {
            path: probe.argv.join(" "),
            reason: "not known in this world".to_owned(),
        })
    }

    fn earlier(&self, path: &RelPath) -> Vec<Earlier> {
        self.earlier.get(path).cloned().unwrap_or_default()
    }

    fn committed(&self, path: &RelPath, revision: &str) -> Result<Option<Bytes>, Unreadable> {
        Ok(self.commits.get(&(revision.to_owned(), path.clone())).cloned())
    }
}
