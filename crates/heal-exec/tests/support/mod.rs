//! A project of its own for each test, with heal's folders beside it.

#![allow(dead_code, reason = "each test file uses what it needs")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use heal_exec::{ApplyError, Homes, Host, Warrant};
use heal_model::{Bytes, Diff, Edit, Plan, Receipt, RelPath};
use sha2::Digest as _;
use tempfile::TempDir;

/// How long to wait for what comes about in a moment where nothing is wrong: only what never comes takes so long, and a
/// machine that is busy, or whose disk is, fails no test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(100);

/// A folder with a project and heal's own folders.
pub(crate) struct Project {
    folder: TempDir,
}

/// Every path below a folder, with its mode and what it is.
pub(crate) type Tree = BTreeMap<String, (u32, Node)>;

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    File(Vec<u8>),
    Folder,
    Link(PathBuf),
}

impl Project {
    /// A project with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().expect("a folder for the test");
        let project = Self { folder };
        fs::create_dir_all(project.root().join(".git")).expect("a folder");
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub(crate) fn homes(&self) -> Homes {
        Homes::below(self.folder.path())
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub(crate) fn host(&self) -> Host {
        Host::find_with(Some(&self.root()), self.homes()).expect("the project is there")
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("it is below the root")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root().join(path)).ok()
    }

    pub(crate) fn tree(&self) -> Tree {
        tree(&self.root())
    }

    /// The files in one of the journal's folders, sorted.
    pub(crate) fn kept(&self, folder: &str) -> Vec<PathBuf> {
        let repos = fs::read_dir(self.state().join("repos")).expect("the state's folder");
        let repo = repos.flatten().next().expect("one project").path();
        let mut paths: Vec<PathBuf> =
            fs::read_dir(repo.join(folder)).expect("a folder").flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths
    }

    /// Makes operations look as if they had been done long ago.
    pub(crate) fn age(&self, ids: &[String]) {
        for path in self.kept("ops").into_iter().chain(self.kept("blobs")) {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.parent().is_some_and(|folder| folder.ends_with("ops")) {
                let record = fs::read_to_string(&path).expect("a record");
                let body = ids.iter().fold(record, |text, id| text.replace(id, &aged(id)));
                let body = body.lines().next().expect("a line").to_owned() + "\n";
                fs::write(&path, format!("{body}#sha256:{}\n", sum(&body))).expect("written");
            }
            fs::rename(&path, path.with_file_name(aged(&name))).expect("renamed");
        }
    }

    /// Every operation that this call of recovery dealt with, whole or not.
    pub(crate) fn recover(&self) -> Vec<Receipt> {
        recover(&self.host())
    }

    pub(crate) fn apply(&self, edits: &[(&str, Option<&str>, Option<&str>)]) -> Result<Receipt, ApplyError> {
        self.host().apply(&plan(edits), &Warrant::none(), PATIENCE)
    }
}

/// An operation's id, as if it had been done long ago.
pub(crate) fn aged(id: &str) -> String {
    format!("00{}", &id[2..])
}

fn sum(text: &str) -> String {
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Processes whose command line holds a word.
pub(crate) fn processes(mark: &str) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("the process table").flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_end = |c: char| c.is_whitespace() || matches!(c, '\0' | ';' | '\'');
    let bears = |pid: &u32| command_line(*pid).split(is_end).any(|word| word == mark);
    pids.filter(|pid| *pid != std::process::id() && bears(pid)).collect()
}

fn command_line(pid: u32) -> String {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).into_owned()
}

/// Waits until no process bears a word.
#[track_caller]
pub(crate) fn await_end(mark: &str) {
    await_that(|| match processes(mark).into_iter().map(command_line).collect::<Vec<_>>() {
        left if left.is_empty() => Ok(()),
        left => Err(format!("these still run: {left:?}")),
    });
}

/// Waits until something holds, and says what was in its way where it never does.
#[track_caller]
pub(crate) fn await_that(mut holds: impl FnMut() -> Result<(), String>) {
    let began = Instant::now();
    while let Err(why) = holds() {
        assert!(began.elapsed() < PATIENCE, "{why}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Every operation that recovery dealt with, whole or not.
pub(crate) fn recover(host: &Host) -> Vec<Receipt> {
    let recovered = host.recover().expect("the journal can be used");
    let conflicts = recovered.conflicts.into_iter().map(|conflict| conflict.receipt);
    recovered.taken_back.into_iter().chain(conflicts).collect()
}

/// A plan of edits: path, content before, content after.
pub(crate) fn plan(edits: &[(&str, Option<&str>, Option<&str>)]) -> Plan {
    let edit = |(path, before, after): &(&str, Option<&str>, Option<&str>)| Edit {
        path: rel(path),
        content: Diff { before: before.map(Bytes::from), after: after.map(Bytes::from) },
        executable: false,
        parts: Vec::new(),
    };
    Plan { edits: edits.iter().map(edit).collect(), ..Plan::default() }
}

pub(crate) fn rel(path: &str) -> RelPath {
    RelPath::new(path).expect("a path inside the project")
}

/// Everything below a folder.
pub(crate) fn tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let found = path.symlink_metadata().expect("it is there");
            let node = if found.is_symlink() {
                Node::Link(fs::read_link(&path).expect("a link"))
            } else if found.is_dir() {
                folders.push(path.clone());
                Node::Folder
            } else {
                Node::File(fs::read(&path).expect("a file"))
            };
            let name = path.strip_prefix(root).expect("below the root").display().to_string();
            tree.insert(name, (found.permissions().mode() & 0o7777, node));
        }
    }
    tree
}

/// What a verification looked at, in words; what was not as it should be is marked.
pub(crate) fn checks(receipt: &Receipt) -> Vec<String> {
    let checks = receipt.verification.iter().flat_map(|verification| &verification.checks);
    checks.map(|one| format!("{}{}", if one.passed { "" } else { "failed: " }, one.text)).collect()
}
