use heal_model::{FileTier, RelPath};

use super::content::{Made, content};
use super::{keeps_checksum, restoration};
use crate::checksum;
use crate::draft::Draft;
use crate::refused::Refused;

/// Makes a missing file: what heal keeps of it, where that is something, else what the playbook says.
pub(super) fn plan(draft: &mut Draft<'_>, tier: &FileTier, path: RelPath) -> Result<(), Refused> {
    let (made, verb) = match restoration::newest(draft, tier, &path) {
        Some((content, from)) => (Made { content, from }, "restored"),
        None => (content(draft, tier)?, "created"),
    };
    if keeps_checksum(tier.keep.as_ref()) {
        draft.write(checksum::sidecar(&path)?, Some(checksum::written(&path, &made.content)))?;
    }
    draft.fix.notes.push(format!("Note: {path} was missing and has been {verb}{}", made.from));
    draft.create(path, made.content)
}
