use heal_model::{EntryKind, RefusalCode, RelPath, Scope, Snapshot, Template, World};

use crate::draft::Draft;
use crate::files::{is_glob, matching};
use crate::limits::{LARGEST, MOST_FILES};
use crate::refused::Refused;
use crate::template::Escape;

/// Names files and folders that are kept as they are while commands run.
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

/// The files that a path or a glob names, where they are no folder's: at least one.
fn fitting(draft: &mut Draft<'_>, template: &Template) -> Result<Vec<RelPath>, Refused> {
    if !is_glob(template.as_str()) {
        let path = draft.path(template)?;
        if is_folder(draft, &path)? {
            return whole(draft, path);
        }
        draft.content(&path)?;
        return Ok(vec![path]);
    }
    let glob = draft.fill(template, Escape::Glob)?;
    if let Some(folder) = of_folder(&glob)
        && is_folder(draft, &folder)?
    {
        return whole(draft, folder);
    }
    let paths = matching(&glob, Scope::All, &draft.world)?;
    let none =
        || Refused::new(RefusalCode::NotFound, format!("no file fits {glob}, so there is no snapshot"));
    if paths.is_empty() { Err(none()) } else { Ok(paths) }
}

fn is_folder(draft: &Draft<'_>, path: &RelPath) -> Result<bool, Refused> {
    Ok(draft.world.stat(path)?.is_some_and(|stat| stat.kind == EntryKind::Folder))
}

/// Keeps a folder whole; gives the files that lie in it now.
fn whole(draft: &mut Draft<'_>, folder: RelPath) -> Result<Vec<RelPath>, Refused> {
    let files = draft.world.files(Some(&folder), Scope::All)?;
    if !draft.fix.folders.contains(&folder) {
        draft.fix.folders.push(folder);
    }
    Ok(files)
}

/// The folder of which a glob names all there is.
fn of_folder(glob: &str) -> Option<RelPath> {
    let folder = glob.trim_start_matches("./").strip_suffix("/**")?;
    let is_plain = !folder.contains(['*', '?', '[', '{', '\\']);
    is_plain.then(|| RelPath::new(folder).ok()).flatten()
}
