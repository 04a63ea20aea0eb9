use heal_model::{Bytes, RefusalCode, RelPath, Restore, RestoreFrom, World};

use crate::document::Format;
use crate::draft::Draft;
use crate::refused::Refused;

/// Brings a file back as it was.
pub(super) fn plan(draft: &mut Draft<'_>, restore: &Restore) -> Result<(), Refused> {
    let path = draft.path(&restore.path)?;
    let content = match &restore.from {
        RestoreFrom::Backup => kept(draft, &path)?,
        RestoreFrom::Git(revision) => committed(draft, &path, &draft.argument(revision)?)?,
    };
    draft.whole.insert(path.clone());
    draft.write(path, Some(content))
}

/// The newest version heal keeps that is what its name says.
fn kept(draft: &Draft<'_>, path: &RelPath) -> Result<Bytes, Refused> {
    let is_good = |content: &Bytes| Format::of(path).is_none_or(|format| format.check(content).is_ok());
    let mut kept = draft.world.earlier(path).into_iter().map(|earlier| earlier.content);
    kept.find(is_good)
        .ok_or_else(|| Refused::new(RefusalCode::NotFound, format!("heal keeps no good version of {path}")))
}

fn committed(draft: &Draft<'_>, path: &RelPath, revision: &str) -> Result<Bytes, Refused> {
    let missing = || Refused::new(RefusalCode::NotFound, format!("{path} is not in the commit {revision}"));
    draft.world.committed(path, revision)?.ok_or_else(missing)
}
