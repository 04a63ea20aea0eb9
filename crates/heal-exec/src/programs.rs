use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Where a program is found: its absolute path.
///
/// A bare name is looked for in `PATH`, of which relative and empty entries are passed over: they would mean
/// whatever folder heal happens to be in. A name with a slash is a path from `folder`.
pub(crate) fn find(name: &str, folder: &Path) -> Option<PathBuf> {
    if name.is_empty() || name.contains('\0') {
        return None;
    }
    if name.contains('/') {
        return Some(folder.join(name)).filter(|path| is_program(path));
    }
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|path| is_program(path))
}

/// Whether a name with a slash names something that is there, program or not.
pub(crate) fn is_there(name: &str, folder: &Path) -> bool {
    name.contains('/') && folder.join(name).exists()
}

fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}
