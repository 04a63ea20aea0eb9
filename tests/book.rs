//! Documents that are run: what they show is what heal prints.
//!
//! A heading opens a fresh project. `` `path`: `` and a block write a file; a `console` block runs its `$` lines and
//! compares all that they print, `? 1` being the code they end with; `` `path` becomes: `` and a block compare a
//! file. `[..]` stands for anything within a line, a line `...` for any lines. With `HEAL_UPDATE=1` the documents are
//! rewritten with what was printed, and with `HEAL_BOOK=run` only pages are run whose path holds that.

mod fits;
mod page;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use page::{Item, Page, Show};
use tempfile::TempDir;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the checkout is there")
}

#[test]
fn readme() {
    run(&root().join("README.md"), &Start::Copy(vec![(root().join("examples"), "examples")]));
}

#[test]
fn books() {
    let only = std::env::var("HEAL_BOOK").unwrap_or_default();
    let pages = all(&root().join("tests/book"), "md");
    let meant = pages.iter().filter(|path| path.to_string_lossy().contains(&only));
    meant.for_each(|path| run(path, &Start::Empty));
}

#[test]
fn examples() {
    let folders = fs::read_dir(root().join("examples")).expect("the examples are there");
    let mut folders: Vec<PathBuf> =
        folders.map(|entry| entry.expect("an entry can be read").path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    assert!(folders.len() >= 5, "there are {} examples", folders.len());
    let only = std::env::var("HEAL_BOOK").unwrap_or_default();
    for folder in folders.iter().filter(|folder| folder.to_string_lossy().contains(&only)) {
        run(&folder.join("README.md"), &Start::Copy(vec![(folder.clone(), "")]));
    }
}

/// What a fresh project holds.
enum Start {
    Empty,
    /// Copies of these folders, each at a place of the project.
    Copy(Vec<(PathBuf, &'static str)>),
}

/// A project in a temporary folder, with a home of its own.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new(start: &Start) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let project = folder.path().join("project");
        fs::create_dir(&project).expect("the folder can be made");
        if let Start::Copy(folders) = start {
            folders.iter().for_each(|(from, to)| copy(from, &project.join(to)));
        }
        Self { folder }
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join("project").join(inside)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Runs a line in a shell, and gives what it printed, both streams, and the code it ended with.
    fn shell(&self, line: &str) -> (String, i32) {
        let heal = Path::new(env!("CARGO_BIN_EXE_heal")).parent().expect("a program is in a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let home = self.folder.path().join("home");
        let output = Command::new("sh")
            .arg("-c")
            .arg(format!("exec 2>&1\n{line}"))
            .current_dir(self.path(""))
            .env("PATH", format!("{}:{path}", heal.display()))
            .env("HOME", &home)
            .env("XDG_STATE_HOME", home.join("state"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("TZ", "UTC")
            .env("TERM", "dumb")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("CI")
            .output()
            .expect("a shell can be started");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let folder = self.folder.path().canonicalize().expect("the folder is there");
        let text = text.replace(&folder.join("project").display().to_string(), "[PROJECT]");
        (text.replace(&folder.display().to_string(), "[FOLDER]"), output.status.code().unwrap_or(-1))
    }
}

/// Runs one document; a difference fails the test, or is written into the document where that was asked for.
#[track_caller]
fn run(path: &Path, start: &Start) {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let page = Page::read(&text);
    let mut project = Project::new(start);
    let mut differences = Vec::new();
    let mut rewritten = page.clone();
    for (index, item) in page.items.iter().enumerate() {
        match item {
            Item::Heading => project = Project::new(start),
            Item::Write { path, text } => project.write(path, text),
            Item::Compare { path, text, .. } => {
                let now =
                    fs::read_to_string(project.path(path)).unwrap_or_else(|error| format!("({error})\n"));
                if now != *text {
                    differences.push(format!("{path} became:\n{now}\nand not:\n{text}"));
                    rewritten.set_text(index, now);
                }
            }
            Item::Console { shows, .. } => {
                let seen: Vec<Show> =
                    shows.iter().map(|show| shown(&project, show, &mut differences)).collect();
                rewritten.set_shows(index, seen);
            }
        }
    }
    if std::env::var_os("HEAL_UPDATE").is_some() {
        fs::write(path, rewritten.write(&text)).expect("the document can be rewritten");
    } else if !differences.is_empty() {
        let differences = differences.join("\n\n");
        panic!(
            "{} shows something else than what happens (HEAL_UPDATE=1 rewrites it):\n\n{differences}",
            path.display()
        );
    }
}

/// Runs one line of a console block, and gives what it should show.
fn shown(project: &Project, show: &Show, differences: &mut Vec<String>) -> Show {
    let (printed, exit) = project.shell(&show.command);
    if fits::fits(&show.output, &printed) && exit == show.exit {
        return show.clone();
    }
    let Show { command, output, exit: expected } = show;
    differences.push(format!("$ {command}\n{printed}? {exit}\n--- and not:\n{output}? {expected}"));
    Show { command: command.clone(), output: fits::elided(&printed), exit }
}

fn all(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|one| one == extension));
    paths.sort();
    assert!(!paths.is_empty(), "there is no document in {}", folder.display());
    paths
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("an entry can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}
