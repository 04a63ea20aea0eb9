use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use heal_model::{Asset, Origin, RelPath, Unreadable};

use crate::root::{LINK, Root, is_absence, is_link, read_open};
use crate::{Host, HostError};

/// A playbook's text, as it was found.
#[derive(Debug)]
pub struct Found {
    /// Where it comes from.
    pub origin: Origin,
    /// What it says, or why that can't be read. It is read once: what is hashed is what is parsed.
    pub text: Result<Vec<u8>, Unreadable>,
    /// Where the files lie that it refers to.
    pub base: Base,
}

/// The folder of a playbook: nothing outside it can be reached through it.
#[derive(Clone, Debug)]
pub struct Base {
    folder: Option<Arc<Root>>,
    shown: PathBuf,
}

impl Host {
    /// Finds the user's files of extractors and then the repository's, `.heal/extract/*.yaml`, in the same order as
    /// playbooks.
    #[must_use]
    pub fn extractors(&self) -> Vec<Found> {
        self.found("extract", Some("extract"))
    }

    /// Finds the user's playbooks and then the repository's, which is the order of rank from the lowest.
    ///
    /// The repository's are the `.heal/*.yaml` of each folder from the root down to the working directory. A file
    /// that can't be read is found as well, so that it can be told of.
    #[must_use]
    pub fn playbooks(&self) -> Vec<Found> {
        self.found("playbooks", None)
    }

    /// Reads a playbook of the repository that lies elsewhere; `None` where nothing is, or a link leads there.
    #[must_use]
    pub fn playbook(&self, path: &RelPath) -> Option<Found> {
        let folder = Root::open(self.root()).ok()?;
        let folder = match path.parent() {
            Some(parent) => folder.inner(&parent).ok()?,
            None => folder,
        };
        let shown = PathBuf::from(path.parent().map_or_else(String::new, |parent| parent.to_string()));
        let text = match folder.read(&RelPath::new(path.name()).ok()?) {
            Ok(entry) => Ok(entry?.content.to_vec()),
            Err(unreadable) => Err(Unreadable { path: path.to_string(), ..unreadable }),
        };
        let base = Base { folder: Some(Arc::new(folder)), shown };
        Some(Found { origin: Origin::Repository(path.to_string()), text, base })
    }

    /// The files of a folder of the user's, and of each `.heal` or a folder inside it. One behind a link is told of
    /// once, by whoever looks into `.heal` itself.
    fn found(&self, of_user: &str, below: Option<&str>) -> Vec<Found> {
        let mut found = Vec::new();
        if let Some(config) = &self.homes.config {
            let folder = config.join(of_user);
            found.extend(in_folder(Root::open(&folder).ok(), &folder, Origin::User));
        }
        let inside = self.cwd.strip_prefix(self.root()).unwrap_or(Path::new(""));
        let mut folders: Vec<&Path> = inside.ancestors().collect();
        folders.reverse();
        for folder in folders {
            let home = folder.join(".heal");
            match below {
                None => found.extend(self.in_repository(&home)),
                Some(name) if self.is_folder(&home) => found.extend(self.in_repository(&home.join(name))),
                Some(_) => {}
            }
        }
        found
    }

    fn is_folder(&self, shown: &Path) -> bool {
        let path = shown.to_str().and_then(|path| RelPath::new(path).ok());
        path.is_some_and(|path| self.root.inner(&path).is_ok())
    }

    /// The playbooks of a folder of the repository; a folder that can't be read, or that is or lies behind a link, is
    /// told of.
    fn in_repository(&self, shown: &Path) -> Vec<Found> {
        let Some(path) = shown.to_str().and_then(|path| RelPath::new(path).ok()) else { return Vec::new() };
        match self.root.inner(&path) {
            Ok(folder) => in_folder(Some(folder), shown, Origin::Repository),
            Err(error) => unread(&path, &error).into_iter().collect(),
        }
    }

    /// Reads a playbook that was named on the command line, from the working directory.
    ///
    /// # Errors
    /// When it is not there, or can't be read.
    pub fn named(&self, path: &str) -> Result<Found, HostError> {
        let full = self.cwd.join(path);
        let unreadable = |reason| HostError::Unreadable(Unreadable { path: path.to_owned(), reason });
        let entry = read_open(self.open(path)?).map_err(unreadable)?;
        let folder = full.parent().unwrap_or(&self.cwd);
        let shown = Path::new(path).parent().unwrap_or(Path::new(""));
        Ok(Found {
            origin: Origin::Named(path.to_owned()),
            text: Ok(entry.content.to_vec()),
            base: Base::at(folder, shown),
        })
    }

    /// Reads a file that a playbook refers to, from the playbook's folder. What lies outside that folder, by `..`
    /// or behind a link, is absent.
    #[must_use]
    pub fn asset(&self, base: &Base, name: &str) -> Asset {
        let content = RelPath::new(name).ok().zip(base.folder.as_ref()).and_then(|(path, folder)| {
            let entry = folder.read(&path).ok().flatten()?;
            Some(entry.content)
        });
        Asset { path: base.shown.join(name).display().to_string(), content }
    }
}

impl Base {
    fn at(folder: &Path, shown: &Path) -> Self {
        Self { folder: Root::open(folder).ok().map(Arc::new), shown: shown.to_owned() }
    }
}

/// The playbooks directly in a folder, by name.
fn in_folder(folder: Option<Root>, shown: &Path, origin: fn(String) -> Origin) -> Vec<Found> {
    let Some(entries) = folder.as_ref().and_then(|folder| std::fs::read_dir(folder.path()).ok()) else {
        return Vec::new();
    };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> =
        names.filter(|name| name.ends_with(".yaml") || name.ends_with(".yml")).collect();
    names.sort_unstable();
    let base = Base { folder: folder.map(Arc::new), shown: shown.to_owned() };
    let found = names.into_iter().filter_map(|name| {
        let path = RelPath::new(&name).ok()?;
        let shown = shown.join(&name).display().to_string();
        let unreadable = |reason: String| Unreadable { path: shown.clone(), reason };
        let text = match base.folder.as_ref()?.read(&path) {
            Ok(Some(entry)) => Ok(entry.content.to_vec()),
            Ok(None) => return None,
            Err(error) => Err(unreadable(error.reason)),
        };
        Some(Found { origin: origin(shown.clone()), text, base: base.clone() })
    });
    found.collect()
}

/// What there is to tell of a folder of the repository that can't be opened: nothing where it is not there.
fn unread(path: &RelPath, error: &io::Error) -> Option<Found> {
    if is_absence(error) {
        return None;
    }
    let reason = if is_link(error) { LINK.to_owned() } else { error.to_string() };
    let base = Base { folder: None, shown: PathBuf::from(path.as_str()) };
    let text = Err(Unreadable { path: path.to_string(), reason });
    Some(Found { origin: Origin::Repository(path.to_string()), text, base })
}

#[cfg(test)]
mod tests {
    use std::io;

    use heal_model::RelPath;
    use rustix::io::Errno;

    use super::unread;

    #[track_caller]
    fn check(error: Errno, reason: Option<&str>) {
        let path = RelPath::new(".heal").expect("a path");
        let told = unread(&path, &io::Error::from(error));
        assert_eq!(told.map(|found| found.text.expect_err("it was not read").reason).as_deref(), reason);
    }

    #[test]
    fn a_folder_that_is_there_and_can_not_be_opened_is_told_of() {
        check(Errno::NOENT, None);
        check(Errno::NOTDIR, None);
        check(Errno::ACCESS, Some("Permission denied (os error 13)"));
        check(Errno::LOOP, Some("it is, or lies behind, a symbolic link, and heal does not follow links"));
    }
}
