//! A file and its `.sha256` sidecar are two, and no file system replaces two at once.
//!
//! With one hash in the sidecar, a crash between the two makes good data look corrupt, and restoring a backup would
//! then lose the newest state. So the sidecar names both contents, the old and the new, while the file is replaced.

use heal_model::{Bytes, RelPath};

use crate::target::{Kept, Target};

/// How a sidecar's name ends, after its file's.
pub(crate) const ENDING: &str = ".sha256";

/// Gives each sidecar whose file changes with it what it is to hold meanwhile.
pub(crate) fn pair(targets: &mut [Target]) {
    let changed = |target: &Target| target.before.is_some() && target.after.is_some() && target.is_change();
    let files: Vec<RelPath> =
        targets.iter().filter(|target| changed(target)).map(|target| target.path.clone()).collect();
    for sidecar in targets.iter_mut() {
        let of = sidecar.path.as_str().strip_suffix(ENDING);
        if of.is_some_and(|file| files.iter().any(|path| path.as_str() == file))
            && let (Some(before), Some(after)) = (&sidecar.before, &sidecar.after)
        {
            let content = both(&after.content, &before.content);
            sidecar.between = Some(Kept { content, ..after.clone() });
        }
    }
}

/// A sidecar that names what either of two names.
pub(crate) fn both(one: &Bytes, other: &Bytes) -> Bytes {
    let line_end: &[u8] = if one.ends_with(b"\n") { b"" } else { b"\n" };
    Bytes::from([&**one, line_end, &**other].concat())
}
