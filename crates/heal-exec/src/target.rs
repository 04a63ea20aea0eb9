use std::fs::File;

use heal_model::{Bytes, Edit, RelPath, Unreadable};

use crate::hash::sha256;
use crate::record::{Change, Owner, Version, is_link};
use crate::root::{Entry, Root};

/// One file that is to change, with what it is and what it becomes.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The file.
    pub(crate) path: RelPath,
    /// What it is; absent where it does not exist.
    pub(crate) before: Option<Kept>,
    /// What it becomes; absent where it is deleted.
    pub(crate) after: Option<Kept>,
    /// What it holds while the file that it belongs to is replaced: of a sidecar alone.
    pub(crate) between: Option<Kept>,
}

/// A file's content, and who may do what with it; of a symbolic link, what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Its content.
    pub(crate) content: Bytes,
    /// Its permission bits; of a symbolic link the bits that say so as well.
    pub(crate) mode: u32,
    /// Whose it is; absent where the system decides.
    pub(crate) owner: Option<Owner>,
}

/// Why a file can't be changed as was planned.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// It is not what it was when the plan was made.
    Stale,
    /// It may not be written.
    ReadOnly,
    /// It can't be read, or it lies behind a link.
    Unreadable(Unreadable),
}

impl Target {
    /// Holds an edit against the file as it is now.
    pub(crate) fn of(edit: &Edit, root: &Root) -> Result<Self, Unfit> {
        let before = root.read(&edit.path).map_err(Unfit::Unreadable)?.map(Kept::of);
        if before.as_ref().map(|kept| &kept.content) != edit.content.before.as_ref() {
            return Err(Unfit::Stale);
        }
        if before.as_ref().is_some_and(|kept| kept.mode & 0o222 == 0) {
            return Err(Unfit::ReadOnly);
        }
        let after = edit.content.after.clone().map(|content| match &before {
            Some(kept) => Kept { content, ..kept.clone() },
            None => {
                let mode = if edit.executable { 0o777 } else { 0o666 } & !umask();
                Kept { content, mode, owner: None }
            }
        });
        Ok(Self { path: edit.path.clone(), before, after, between: None })
    }

    /// A file that is kept as it is, since commands may change it; none where there is none.
    pub(crate) fn as_it_is(path: &RelPath, root: &Root) -> Result<Option<Self>, Unreadable> {
        let kept = Kept::at(root, path)?;
        let of = |kept: Kept| Self {
            path: path.clone(),
            before: Some(kept.clone()),
            after: Some(kept),
            between: None,
        };
        Ok(kept.map(of))
    }

    /// Whether anything changes at all.
    pub(crate) fn is_change(&self) -> bool {
        self.before != self.after
    }

    /// The journal's words for it.
    pub(crate) fn change(&self) -> Change {
        let version = |kept: &Option<Kept>| kept.as_ref().map(Kept::version);
        Change {
            path: self.path.clone(),
            before: version(&self.before),
            after: version(&self.after),
            between: self.between.as_ref().map(|kept| sha256(&kept.content)),
        }
    }
}

impl Kept {
    /// What is at a path, a symbolic link as itself; `None` where nothing is.
    pub(crate) fn at(root: &Root, path: &RelPath) -> Result<Option<Self>, Unreadable> {
        root.read(path).map(|entry| entry.map(Self::of)).or_else(|unreadable| {
            let (names, stat) = root.link(path).map_err(|_| unreadable)?;
            let owner = Some(Owner { uid: stat.st_uid, gid: stat.st_gid });
            Ok(Some(Self { content: names.into(), mode: stat.st_mode, owner }))
        })
    }

    /// Whether it is a symbolic link.
    pub(crate) fn is_link(&self) -> bool {
        is_link(self.mode)
    }

    /// Whether it is of the same kind and holds the same.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        self.is_link() == other.is_link() && self.content == other.content
    }

    /// Whether it is of the kind that the journal tells of, and holds what it tells of.
    pub(crate) fn is(&self, version: &Version) -> bool {
        self.is_link() == version.is_link() && sha256(&self.content) == version.sha256
    }

    /// A file that was read.
    pub(crate) fn of(entry: Entry) -> Self {
        let Entry { content, stat, .. } = entry;
        let owner = Owner { uid: stat.st_uid, gid: stat.st_gid };
        Self { content, mode: stat.st_mode & 0o7777, owner: Some(owner) }
    }

    /// A content from the journal, with what the journal knows of it.
    pub(crate) fn restored(content: Bytes, version: &Version) -> Self {
        Self { content, mode: version.mode, owner: version.owner }
    }

    /// The journal's words for it.
    pub(crate) fn version(&self) -> Version {
        Version {
            sha256: sha256(&self.content),
            bytes: self.content.len() as u64,
            mode: self.mode,
            owner: self.owner,
        }
    }
}

/// The permission bits that the user withholds from new files.
///
/// The process table tells. Where there is none, asking means setting it for a moment, in every thread.
fn umask() -> u32 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let told =
        status.lines().find_map(|line| u32::from_str_radix(line.strip_prefix("Umask:")?.trim(), 8).ok());
    told.unwrap_or_else(|| {
        let mask = rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
        rustix::process::umask(mask);
        mask.as_raw_mode()
    })
}

/// Gives a file these permissions and this owner, and the extended attributes of the one it stands in for.
///
/// Only the permissions must succeed: an owner can be given away by root alone, and not every file system has
/// attributes.
pub(crate) fn dress(file: &File, kept: &Kept, like: Option<&File>) -> std::io::Result<()> {
    let is_owned = kept.owner.is_none_or(|owner| give(file, owner));
    // A program that runs with its owner's rights must not run with another's.
    let mode = if is_owned { kept.mode } else { kept.mode & 0o777 };
    if let Some(like) = like {
        copy_attributes(like, file);
    }
    Ok(rustix::io::retry_on_intr(|| rustix::fs::fchmod(file, mode.into()))?)
}

fn give(file: &File, owner: Owner) -> bool {
    let is_owned =
        rustix::fs::fstat(file).is_ok_and(|stat| (stat.st_uid, stat.st_gid) == (owner.uid, owner.gid));
    let (uid, gid) = (rustix::fs::Uid::from_raw(owner.uid), rustix::fs::Gid::from_raw(owner.gid));
    is_owned || rustix::fs::fchown(file, Some(uid), Some(gid)).is_ok()
}

fn copy_attributes(from: &File, to: &File) {
    let mut names = vec![0; 64 * 1024];
    let Ok(length) = rustix::fs::flistxattr(from, names.as_mut_slice()) else { return };
    let mut value = vec![0; 64 * 1024];
    for name in names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        if let Ok(length) = rustix::fs::fgetxattr(from, name, value.as_mut_slice()) {
            let _ = rustix::fs::fsetxattr(to, name, &value[..length], rustix::fs::XattrFlags::empty());
        }
    }
}
