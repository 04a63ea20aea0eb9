use heal_model::{ChangedFile, Incident, RelPath};

use crate::hunk::{Hunk, hunks};
use crate::text::Text;

/// One of the changes that ended a failure: some lines of a file, or a file that came, went or is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    path: RelPath,
    /// The lines; absent where it is the whole file.
    lines: Option<Hunk>,
}

/// The changes that ended a failure, in order of file and line; none where it has not ended.
#[must_use]
pub fn changes(incident: &Incident) -> Vec<Change> {
    let files = incident.ending.iter().flat_map(|ending| &ending.changes);
    files.filter(|file| file.before != file.after).flat_map(of_file).collect()
}

fn of_file(file: &ChangedFile) -> Vec<Change> {
    let one = |lines: Option<Hunk>| Change { path: file.path.clone(), lines };
    match parted(file) {
        Some(hunks) => hunks.into_iter().map(|hunk| one(Some(hunk))).collect(),
        None => vec![one(None)],
    }
}

fn parted(file: &ChangedFile) -> Option<Vec<Hunk>> {
    let (before, after) = (Text::new(file.before.as_ref()?)?, Text::new(file.after.as_ref()?)?);
    let hunks = hunks(&before.plain, &after.plain)?;
    let splices: Vec<_> = hunks.iter().map(|hunk| (hunk.old.clone(), hunk.new.clone())).collect();
    // Where line ends change as well, the file is one change.
    (!hunks.is_empty() && Some(before.spliced(&splices).as_bytes()) == file.after.as_deref()).then_some(hunks)
}

/// The failure as if it had been ended by these of its changes alone.
#[must_use]
pub fn ended_by(incident: &Incident, kept: &[Change]) -> Incident {
    let mut narrowed = incident.clone();
    for file in narrowed.ending.iter_mut().flat_map(|ending| &mut ending.changes) {
        let own = || kept.iter().filter(|change| change.path == file.path);
        if own().any(|change| change.lines.is_none()) {
            continue;
        }
        let hunks = own().filter_map(|change| change.lines.as_ref());
        let splices: Vec<_> = hunks.map(|hunk| (hunk.old.clone(), hunk.new.clone())).collect();
        let before = file.before.as_ref().filter(|_| !splices.is_empty());
        file.after = match before.and_then(|before| Text::new(before)) {
            Some(text) => Some(text.spliced(&splices).into()),
            None => file.before.clone(),
        };
    }
    narrowed
}

/// Leaves out what is not needed: halves first, then quarters, down to single ones, and nothing more once `most` have
/// been tried. What is left `mends`, and where the tries sufficed, nothing less of it does.
///
/// # Errors
/// When a try does.
pub fn fewest<T: Clone, E>(
    all: Vec<T>,
    most: usize,
    mends: &mut dyn FnMut(&[T]) -> Result<bool, E>,
) -> Result<Vec<T>, E> {
    let mut kept = all;
    let mut size = kept.len().div_ceil(2);
    let mut tries = 0;
    while size > 0 && kept.len() > 1 {
        let mut start = 0;
        while start < kept.len() && kept.len() > 1 && tries < most {
            let end = (start + size).min(kept.len());
            let without = [&kept[..start], &kept[end..]].concat();
            if without.is_empty() {
                break;
            }
            tries += 1;
            if mends(&without)? {
                kept = without;
            } else {
                start = end;
            }
        }
        size = if size == 1 { 0 } else { size.div_ceil(2) };
    }
    Ok(kept)
}
