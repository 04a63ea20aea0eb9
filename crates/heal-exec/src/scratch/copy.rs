use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, symlink};
use std::path::Path;

use super::{Method, ScratchError};
use crate::Host;
use crate::listing::unignored;

/// Copies the files that git would not ignore; they share their blocks where the file system can do that.
pub(super) fn copy(host: &Host, tree: &Path) -> Result<Method, ScratchError> {
    let failed = |path: &str| {
        let path = path.to_owned();
        move |source| ScratchError::Copy { path, source }
    };
    DirBuilder::new().recursive(true).mode(0o700).create(tree).map_err(failed("the project"))?;
    let listing = unignored(host.root(), &|kind| kind.is_file() || kind.is_symlink());
    let listing = listing.map_err(|error| failed(&error.path)(io::Error::other(error.reason)))?;
    let mut shares = true;
    for path in &listing {
        let from = host.root().join(path.as_str());
        shares &= one(&from, &tree.join(path.as_str())).map_err(failed(path.as_str()))?;
    }
    Ok(if shares && !listing.is_empty() { Method::Reflink } else { Method::Copy })
}

/// Copies one file; whether it shares its blocks with the other.
pub(super) fn one(from: &Path, to: &Path) -> io::Result<bool> {
    if let Some(folder) = to.parent() {
        DirBuilder::new().recursive(true).create(folder)?;
    }
    let found = fs::symlink_metadata(from)?;
    if found.is_symlink() {
        symlink(fs::read_link(from)?, to)?;
        return Ok(true);
    }
    if !found.is_file() {
        return Ok(true);
    }
    let source = File::open(from)?;
    let target = File::options().write(true).create_new(true).open(to)?;
    let shares = rustix::fs::ioctl_ficlone(&target, &source).is_ok();
    if !shares {
        io::copy(&mut &source, &mut &target)?;
    }
    target.set_permissions(found.permissions())?;
    Ok(shares)
}
