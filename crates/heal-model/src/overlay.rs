use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Bytes, Earlier, EntryKind, Machine, Probe, Probed, Process, RelPath, Scope, Stat, Time, Unreadable, World,
};

/// A world as it would be after some edits: what the later steps of a fix see.
///
/// Each file of the world below is read once: whoever changes it meanwhile does so after all that was seen here, and
/// not between two looks of one fix.
pub struct Overlay<'a> {
    below: &'a dyn World,
    seen: RefCell<BTreeMap<RelPath, Option<Bytes>>>,
    edits: BTreeMap<RelPath, Option<Bytes>>,
    looked: RefCell<BTreeSet<RelPath>>,
}

impl<'a> Overlay<'a> {
    /// The world below, with nothing changed yet.
    #[must_use]
    pub fn new(below: &'a dyn World) -> Self {
        Self { below, seen: RefCell::default(), edits: BTreeMap::new(), looked: RefCell::default() }
    }

    /// Gives a file this content, or takes it away.
    pub fn write(&mut self, path: RelPath, content: Option<Bytes>) {
        self.edits.insert(path, content);
    }

    /// What has been written, in order of path.
    pub fn edits(&self) -> impl Iterator<Item = (&RelPath, Option<&Bytes>)> {
        self.edits.iter().map(|(path, content)| (path, content.as_ref()))
    }

    /// Every file that was read here, or asked for.
    #[must_use]
    pub fn looked(&self) -> BTreeSet<RelPath> {
        self.looked.borrow().clone()
    }

    /// A file as it is below, whatever was written.
    ///
    /// # Errors
    /// When something is there that can't be read.
    pub fn before(&self, path: &RelPath) -> Result<Option<Bytes>, Unreadable> {
        self.looked.borrow_mut().insert(path.clone());
        if let Some(seen) = self.seen.borrow().get(path) {
            return Ok(seen.clone());
        }
        let content = self.below.read(path)?;
        self.seen.borrow_mut().insert(path.clone(), content.clone());
        Ok(content)
    }
}

impl World for Overlay<'_> {
    fn read(&self, path: &RelPath) -> Result<Option<Bytes>, Unreadable> {
        match self.edits.get(path) {
            Some(content) => Ok(content.clone()),
            None => self.before(path),
        }
    }

    fn stat(&self, path: &RelPath) -> Result<Option<Stat>, Unreadable> {
        self.looked.borrow_mut().insert(path.clone());
        let below = self.below.stat(path)?;
        let Some(content) = self.edits.get(path) else { return Ok(below) };
        let executable = below.is_some_and(|stat| stat.executable);
        Ok(content.as_ref().map(|content| Stat {
            kind: EntryKind::File,
            len: content.len() as u64,
            modified: self.now(),
            executable,
        }))
    }

    fn files(&self, under: Option<&RelPath>, scope: Scope) -> Result<Vec<RelPath>, Unreadable> {
        let folder = under.map(|under| format!("{under}/")).unwrap_or_default();
        let mut files = self.below.files(under, scope)?;
        files.retain(|path| self.edits.get(path).is_none_or(Option::is_some));
        let made = self
            .edits
            .iter()
            .filter(|(path, content)| content.is_some() && path.as_str().starts_with(&folder));
        files.extend(made.map(|(path, _)| path.clone()));
        files.sort();
        files.dedup();
        Ok(files)
    }

    fn localize(&self, absolute: &str) -> Option<RelPath> {
        self.below.localize(absolute)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.below.env(name)
    }

    fn now(&self) -> Time {
        self.below.now()
    }

    fn process(&self, pid: u32) -> Option<Process> {
        self.below.process(pid)
    }

    fn processes(&self) -> BTreeMap<u32, Process> {
        self.below.processes()
    }

    fn listeners(&self, port: u16) -> Vec<u32> {
        self.below.listeners(port)
    }

    fn machine(&self) -> Machine {
        self.below.machine()
    }

    fn program(&self, name: &str) -> Option<String> {
        self.below.program(name)
    }

    fn interpreter(&self, script: &str) -> Option<String> {
        self.below.interpreter(script)
    }

    fn probe(&self, probe: &Probe) -> Result<Probed, Unreadable> {
        self.below.probe(probe)
    }

    fn earlier(&self, path: &RelPath) -> Vec<Earlier> {
        self.below.earlier(path)
    }

    fn committed(&self, path: &RelPath, revision: &str) -> Result<Option<Bytes>, Unreadable> {
        self.below.committed(path, revision)
    }
}
