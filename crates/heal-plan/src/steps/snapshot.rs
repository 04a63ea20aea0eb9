use heal_model::{RefusalCode, RelPath, Scope, Snapshot, Template, World};

use crate::draft::Draft;
use crate::files::{is_glob, matching};
use crate::limits::{LARGEST, MOST_FILES};
use crate::refused::Refused;
use crate::template::Escape;

/// Names files that are kept as they are while commands run.
pub(super) fn plan(draft: &mut Draft<'_>, snapshot: &Snapshot) -> Result<(), Refused> {
    for template in &snapshot.files {
        for path in fitting(draft, template)? {
            if draft.world.stat(&path)?.is_some_and(|stat| stat.len > LARGEST) {
                let reason = format!("{path} is larger than 8 MiB, too large for a snapshot");
                return Err(Refused::new(RefusalCode::Limit, reason));
            }
            if !draft.fix.snapshots.contains(&path) {
                draft.fix.snapshots.push(path);
            }
        }
    }
    if draft.fix.snapshots.len() > MOST_FILES {
        return Err(Refused::new(RefusalCode::Limit, "the snapshot holds more than 64 files"));
    }
    Ok(())
}

/// The files that a path or a glob names: at least one.
fn fitting(draft: &Draft<'_>, template: &Template) -> Result<Vec<RelPath>, Refused> {
    if is_glob(template.as_str()) {
        let glob = draft.fill(template, Escape::Glob)?;
        let paths = matching(&glob, Scope::All, &draft.world)?;
        let none =
            || Refused::new(RefusalCode::NotFound, format!("no file fits {glob}, so there is no snapshot"));
        return if paths.is_empty() { Err(none()) } else { Ok(paths) };
    }
    let path = draft.path(template)?;
    draft.content(&path)?;
    Ok(vec![path])
}
