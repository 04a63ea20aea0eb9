use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};

use heal_model::{Bytes, RelPath, Unreadable};
use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, ResolveFlags, Stat, fstat, openat, openat2, readlinkat, statat,
};
use rustix::io::{Errno, retry_on_intr};

/// The largest file that is read.
pub(crate) const LARGEST: u64 = 64 * 1024 * 1024;

/// What is said of a link.
pub(crate) const LINK: &str = "it is, or lies behind, a symbolic link, and heal does not follow links";

/// A folder that is held open; all that is opened through it lies beneath it, and no link is followed.
#[derive(Debug)]
pub(crate) struct Root {
    path: PathBuf,
    folder: OwnedFd,
}

/// A regular file as it was when it was read.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its content.
    pub(crate) content: Bytes,
    /// Its mode, owner and times.
    pub(crate) stat: Stat,
    /// The file, open for reading.
    pub(crate) file: File,
}

impl Root {
    /// Opens a folder.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = retry_on_intr(|| rustix::fs::open(&path, flags, Mode::empty()))?;
        Ok(Self { path, folder })
    }

    /// Its canonical path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the folder that a path lies in, so that the rest can be done by name.
    pub(crate) fn parent(&self, path: &RelPath) -> io::Result<OwnedFd> {
        self.folder(path.parent().as_ref())
    }

    /// Opens a folder beneath, or the root itself.
    pub(crate) fn folder(&self, path: Option<&RelPath>) -> io::Result<OwnedFd> {
        match path {
            Some(path) => Ok(self.beneath(path, OFlags::RDONLY | OFlags::DIRECTORY)?),
            None => Ok(self.folder.try_clone()?),
        }
    }

    /// A folder beneath, as a root of its own.
    pub(crate) fn inner(&self, path: &RelPath) -> io::Result<Self> {
        let opened = self.beneath(path, OFlags::RDONLY | OFlags::DIRECTORY);
        let folder = opened.map_err(|error| link_or(error, &self.folder, path.as_str()))?;
        Ok(Self { path: self.path.join(path.as_str()), folder })
    }

    /// What is at a path, itself and not what it links to; `None` where nothing is.
    pub(crate) fn stat(&self, path: &RelPath) -> io::Result<Option<Stat>> {
        match self.parent(path).and_then(|folder| Ok(statat(folder, path.name(), AtFlags::SYMLINK_NOFOLLOW)?))
        {
            Ok(stat) => Ok(Some(stat)),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether what a link names is not there. It is asked whether it is, and nothing else of it.
    pub(crate) fn leads_nowhere(&self, link: &RelPath) -> bool {
        let named = self.parent(link).and_then(|folder| Ok(statat(folder, link.name(), AtFlags::empty())?));
        named.is_err_and(|error| is_absence(&error))
    }

    /// What a symbolic link names, which is not looked at.
    pub(crate) fn link(&self, path: &RelPath) -> io::Result<(Vec<u8>, Stat)> {
        let folder = self.parent(path)?;
        let names = retry_on_intr(|| readlinkat(&folder, path.name(), Vec::new()))?;
        let stat = statat(folder, path.name(), AtFlags::SYMLINK_NOFOLLOW)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::Symlink {
            return Err(Errno::INVAL.into());
        }
        Ok((names.into_bytes(), stat))
    }

    /// Reads a regular file; `None` where nothing is.
    pub(crate) fn read(&self, path: &RelPath) -> Result<Option<Entry>, Unreadable> {
        let unreadable = |reason: String| Unreadable { path: path.to_string(), reason };
        // Opening a pipe must not wait for its writer.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = match self.beneath(path, flags) {
            Ok(file) => File::from(file),
            Err(error) if is_absence(&error.into()) => return Ok(None),
            Err(error) => return Err(unreadable(reason(error))),
        };
        read_open(file).map(Some).map_err(unreadable)
    }

    fn beneath(&self, path: &RelPath, flags: OFlags) -> Result<OwnedFd, Errno> {
        let flags = flags | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        for _ in 0..8 {
            match retry_on_intr(|| openat2(&self.folder, path.as_str(), flags, Mode::empty(), resolve)) {
                // A folder above was moved while the kernel looked: it asks to be asked again.
                Err(Errno::AGAIN) => {}
                // An old kernel, or a sandbox that does not know the call.
                Err(Errno::NOSYS | Errno::PERM) => return self.walk(path, flags),
                opened => return opened,
            }
        }
        self.walk(path, flags)
    }

    /// The same, part by part: each folder is opened without following a link, and the next part within it.
    fn walk(&self, path: &RelPath, flags: OFlags) -> Result<OwnedFd, Errno> {
        let mut above: Option<OwnedFd> = None;
        let mut parts = path.as_str().split('/').peekable();
        while let Some(part) = parts.next() {
            let folder = above.as_ref().map_or(self.folder.as_fd(), |folder| folder.as_fd());
            if parts.peek().is_none() {
                let opened = retry_on_intr(|| openat(folder, part, flags, Mode::empty()));
                return opened.map_err(|error| link_or(error, folder, part));
            }
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let next = retry_on_intr(|| openat(folder, part, flags, Mode::empty()));
            above = Some(next.map_err(|error| link_or(error, folder, part))?);
        }
        Err(Errno::NOENT)
    }
}

/// Reads an open file whole, if it is a regular one of at most [`LARGEST`] bytes.
pub(crate) fn read_open(file: File) -> Result<Entry, String> {
    let stat = fstat(&file).map_err(reason)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => {}
        FileType::Directory => return Err("it is a folder".to_owned()),
        _ => return Err("it is not a regular file".to_owned()),
    }
    let mut content = Vec::with_capacity(usize::try_from(stat.st_size).unwrap_or(0).min(1 << 20));
    (&file).take(LARGEST + 1).read_to_end(&mut content).map_err(|error| error.to_string())?;
    if content.len() as u64 > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    Ok(Entry { content: content.into(), stat, file })
}

/// Whether a folder is no longer where it was: gone, or swapped for a link.
pub(crate) fn is_gone(error: &io::Error) -> bool {
    is_absence(error) || is_link(error)
}

/// The system's words for an error, and heal's own for a link.
pub(crate) fn reason(error: Errno) -> String {
    match error {
        Errno::LOOP => LINK.to_owned(),
        error => io::Error::from(error).to_string(),
    }
}

/// Whether nothing is there; a path below a file names nothing either.
pub(crate) fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether a link was met.
pub(crate) fn is_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::LOOP.raw_os_error())
}

/// Opening a link as a folder says that it is no folder; what was meant is that it is a link.
fn link_or(error: Errno, folder: impl std::os::fd::AsFd, part: &str) -> Errno {
    let is_link = error == Errno::NOTDIR
        && statat(folder, part, AtFlags::SYMLINK_NOFOLLOW)
            .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink);
    if is_link { Errno::LOOP } else { error }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use heal_model::RelPath;
    use rustix::fs::OFlags;
    use rustix::io::Errno;

    use super::Root;

    #[test]
    fn part_by_part_says_what_the_kernel_says() {
        let folder = tempfile::TempDir::new().expect("a folder");
        fs::create_dir_all(folder.path().join("a/b")).expect("folders");
        fs::write(folder.path().join("a/b/file"), "text").expect("a file");
        symlink("a", folder.path().join("link")).expect("a link");
        symlink("/", folder.path().join("a/out")).expect("a link");
        let root = Root::open(folder.path()).expect("it is there");
        for (path, expected) in [
            ("a/b/file", Ok(())),
            ("a", Ok(())),
            ("link", Err(Errno::LOOP)),
            ("link/b/file", Err(Errno::LOOP)),
            ("a/out/etc/passwd", Err(Errno::LOOP)),
            ("a/none/file", Err(Errno::NOENT)),
            ("a/b/file/x", Err(Errno::NOTDIR)),
        ] {
            let path = RelPath::new(path).expect("inside");
            let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
            assert_eq!(root.walk(&path, flags).map(drop), expected, "{path}, part by part");
            assert_eq!(root.beneath(&path, OFlags::RDONLY).map(drop), expected, "{path}, at once");
        }
    }
}
