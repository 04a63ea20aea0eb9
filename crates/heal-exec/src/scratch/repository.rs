use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::copy::one;
use crate::Host;
use crate::git::git;
use crate::hash::sha256;

/// What of a repository is not copied: objects are shared, and the rest belongs to other folders.
const NOT_COPIED: [&str; 4] = ["objects", "lfs", "modules", "worktrees"];
/// What says of a linked worktree where its repository is.
const LINKS: [&str; 2] = ["commondir", "gitdir"];

/// The git repository of a project, as it was before anything was tried on the copy.
#[derive(Debug)]
pub(super) struct Repository {
    /// Where branches and objects are: outside the project where that is a linked worktree or a submodule.
    pub(super) shared: PathBuf,
    /// Where the index is, and what says what is checked out.
    own: PathBuf,
    recorded: Recorded,
}

/// What a repository has on record that is more than files.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    /// The branches, the tags and the newest stash, each with what it stands at, and what is checked out.
    refs: BTreeMap<String, String>,
    /// A hash of what is staged.
    staged: String,
}

impl Repository {
    /// Finds the project's; nothing where it is no repository, or git can't tell.
    pub(super) fn of(host: &Host) -> Option<Self> {
        host.root().join(".git").symlink_metadata().ok()?;
        let asked =
            ["rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir", "--git-dir"];
        let told = said(host, &asked)?;
        let mut lines = told.lines().map(Path::new);
        let (top, shared, own) = (lines.next()?, lines.next()?, lines.next()?);
        let is_here = top.canonicalize().ok()? == host.root();
        is_here.then(|| Self { shared: shared.to_owned(), own: own.to_owned(), recorded: Recorded::of(host) })
    }

    /// Gives a copied tree a repository of its own, which shares the objects of this one.
    pub(super) fn copy_to(&self, host: &Host, tree: &Path) -> io::Result<()> {
        let to = tree.join(".git");
        copy_below(&self.shared, &to, &NOT_COPIED)?;
        if self.own != self.shared {
            copy_below(&self.own, &to, &[&NOT_COPIED[..], &LINKS].concat())?;
        }
        let info = to.join("objects").join("info");
        DirBuilder::new().recursive(true).mode(0o700).create(&info)?;
        fs::write(info.join("alternates"), format!("{}\n", self.shared.join("objects").display()))?;
        // A submodule's repository says where its files are; there they are elsewhere. Others do not say it.
        let config = to.join("config").display().to_string();
        drop(git(host, &["config", "--file", &config, "--unset-all", "core.worktree"]));
        Ok(())
    }

    /// What is on record there and was not here, in words.
    pub(super) fn moved(&self, there: &Recorded) -> Vec<String> {
        let (old, new) = (&self.recorded.refs, &there.refs);
        let mut moved: Vec<&String> =
            old.iter().filter(|(name, at)| new.get(*name) != Some(at)).map(|(name, _)| name).collect();
        moved.extend(new.keys().filter(|name| !old.contains_key(*name)));
        moved.sort();
        moved.into_iter().map(|name| spoken(name)).collect()
    }

    /// Whether something else is staged there.
    pub(super) fn is_staged_otherwise(&self, there: &Recorded) -> bool {
        self.recorded.staged != there.staged
    }
}

impl Recorded {
    /// Finds it out; what git can't tell counts as nothing.
    pub(super) fn of(host: &Host) -> Self {
        let list =
            ["for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags", "refs/stash"];
        let list = said(host, &list).unwrap_or_default();
        let mut refs: BTreeMap<String, String> = list
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(name, at)| (name.to_owned(), at.to_owned()))
            .collect();
        let head = said(host, &["symbolic-ref", "-q", "HEAD"]).or_else(|| said(host, &["rev-parse", "HEAD"]));
        refs.extend(head.map(|head| ("HEAD".to_owned(), head)));
        let staged =
            git(host, &["ls-files", "--stage", "-z"]).map(|(_, list)| sha256(&list)).unwrap_or_default();
        Self { refs, staged }
    }
}

/// A reference as a person calls it.
fn spoken(name: &str) -> String {
    if let Some(branch) = name.strip_prefix("refs/heads/") {
        return format!("the branch {branch}");
    }
    match name.strip_prefix("refs/tags/") {
        Some(tag) => format!("the tag {tag}"),
        None if name == "HEAD" => "what is checked out".to_owned(),
        None => "the stash".to_owned(),
    }
}

/// What git says; nothing where it fails.
fn said(host: &Host, arguments: &[&str]) -> Option<String> {
    let (outcome, said) = git(host, arguments).ok()?;
    outcome.passed().then(|| String::from_utf8_lossy(&said).into_owned())
}

/// Copies a folder, but for some of what is directly in it.
fn copy_below(from: &Path, to: &Path, left_out: &[&str]) -> io::Result<()> {
    let counts = |entry: &walkdir::DirEntry| {
        entry.depth() != 1 || entry.file_name().to_str().is_none_or(|name| !left_out.contains(&name))
    };
    for entry in WalkDir::new(from).into_iter().filter_entry(counts) {
        let entry = entry.map_err(io::Error::from)?;
        let within = entry.path().strip_prefix(from).expect("a walk stays below where it began");
        let to = to.join(within);
        if entry.file_type().is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(&to)?;
        } else {
            // A linked worktree's own files take the place of the shared ones.
            drop(fs::remove_file(&to));
            one(entry.path(), &to)?;
        }
    }
    Ok(())
}
