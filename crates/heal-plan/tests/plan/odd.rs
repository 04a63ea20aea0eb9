use std::cell::Cell;
use std::collections::BTreeMap;

use heal_model::{
    Bytes, Earlier, EntryKind, Machine, MemoryWorld, Probe, Probed, Process, RelPath, Scope, Stat, Time,
    Unreadable, World,
};

/// A world in memory that has what a world in memory can't have.
#[derive(Default)]
pub(crate) struct Odd {
    /// Its files.
    pub(crate) now: MemoryWorld,
    /// A path that is a symbolic link.
    pub(crate) link: Option<&'static str>,
    /// Its files from the second read on: somebody is at work in it.
    pub(crate) later: Option<MemoryWorld>,
    /// How often files were read.
    pub(crate) reads: Cell<usize>,
}

impl World for Odd {
    fn stat(&self, path: &RelPath) -> Result<Option<Stat>, Unreadable> {
        if Some(path.as_str()) == self.link {
            return Ok(Some(Stat { kind: EntryKind::Link, len: 0, modified: Time(0), executable: false }));
        }
        self.now.stat(path)
    }
    fn read(&self, path: &RelPath) -> Result<Option<Bytes>, Unreadable> {
        match &self.later {
            Some(later) if self.reads.replace(self.reads.get() + 1) > 0 => later.read(path),
            _ => self.now.read(path),
        }
    }
    fn files(&self, under: Option<&RelPath>, scope: Scope) -> Result<Vec<RelPath>, Unreadable> {
        self.now.files(under, scope)
    }
    fn localize(&self, absolute: &str) -> Option<RelPath> {
        self.now.localize(absolute)
    }
    fn env(&self, name: &str) -> Option<String> {
        self.now.env(name)
    }
    fn now(&self) -> Time {
        self.now.now()
    }
    fn processes(&self) -> BTreeMap<u32, Process> {
        self.now.processes()
    }
    fn listeners(&self, port: u16) -> Vec<u32> {
        self.now.listeners(port)
    }
    fn machine(&self) -> Machine {
        self.now.machine()
    }
    fn process(&self, pid: u32) -> Option<Process> {
        self.now.process(pid)
    }
    fn program(&self, name: &str) -> Option<String> {
        self.now.program(name)
    }
    fn interpreter(&self, script: &str) -> Option<String> {
        self.now.interpreter(script)
    }
    fn probe(&self, probe: &Probe) -> Result<Probed, Unreadable> {
        self.now.probe(probe)
    }
    fn earlier(&self, path: &RelPath) -> Vec<Earlier> {
        self.now.earlier(path)
    }
    fn committed(&self, path: &RelPath, revision: &str) -> Result<Option<Bytes>, Unreadable> {
        self.now.committed(path, revision)
    }
}
