use heal_model::{Copy, Delete, Move, RelPath, World};

use crate::draft::Draft;
use crate::refused::Refused;

/// Copies a file, its execute permission with it.
pub(super) fn copy(draft: &mut Draft<'_>, copy: &Copy) -> Result<(), Refused> {
    let (from, to) = (draft.path(&copy.from)?, draft.path(&copy.to)?);
    put(draft, &from, to)
}

/// Moves a file; nothing is left to do where it has been moved before.
pub(super) fn rename(draft: &mut Draft<'_>, moved: &Move) -> Result<(), Refused> {
    let (from, to) = (draft.path(&moved.from)?, draft.path(&moved.to)?);
    let is_done = draft.world.stat(&from)?.is_none() && draft.world.stat(&to)?.is_some();
    if is_done || from == to {
        return Ok(());
    }
    put(draft, &from, to)?;
    draft.write(from, None)
}

/// Deletes a file; nothing is left to do where it is gone.
pub(super) fn delete(draft: &mut Draft<'_>, delete: &Delete) -> Result<(), Refused> {
    let path = draft.path(&delete.path)?;
    if draft.world.stat(&path)?.is_none() {
        return Ok(());
    }
    draft.content(&path)?;
    draft.write(path, None)
}

fn put(draft: &mut Draft<'_>, from: &RelPath, to: RelPath) -> Result<(), Refused> {
    let content = draft.content(from)?;
    if draft.world.stat(from)?.is_some_and(|stat| stat.executable) {
        draft.executable.insert(to.clone());
    }
    draft.create(to, content)
}
