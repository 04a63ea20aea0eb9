use std::fs::{DirBuilder, File};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;

use heal_model::{Bytes, RelPath};
use rustix::fs::{Mode, OFlags, openat};

use super::Scratch;
use crate::{Host, sys};

impl Scratch {
    /// Gives a file of the copy another content, or takes it away; the project's own stays as it is.
    ///
    /// The file keeps its permissions, and is never reached through a link. Nothing is journalled: the copy goes.
    ///
    /// # Errors
    /// When it can't be written, or a link leads there.
    pub fn put(&self, there: &Host, path: &RelPath, content: Option<&Bytes>) -> io::Result<()> {
        let Some(content) = content else { return sys::unlink(there.root.parent(path)?, path.name()) };
        if let Some(parent) = path.parent().filter(|_| there.root.parent(path).is_err()) {
            DirBuilder::new().recursive(true).mode(0o755).create(there.root().join(parent.as_str()))?;
        }
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR | Mode::RGRP | Mode::ROTH;
        let file = openat(there.root.parent(path)?, path.name(), flags, mode)?;
        File::from(file).write_all(content)
    }
}
