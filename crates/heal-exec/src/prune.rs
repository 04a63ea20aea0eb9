use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use heal_model::RelPath;

use crate::journal::Operation;
use crate::record::Verdict;
use crate::sidecar::ENDING;
use crate::state::State;
use crate::world::now;
use crate::{ids, sys};

/// How many operations' contents are kept.
const MOST: usize = 200;
/// How many bytes of contents are kept.
const LARGEST: u64 = 256 << 20;
/// How young contents must be to be kept whatever there is, in milliseconds.
const YOUNG: i64 = 24 * 60 * 60 * 1000;
/// How many snapshots are kept whatever there is; older ones go when undo can do without them.
const MOST_SNAPSHOTS: usize = 10;
/// How many versions of a file with a sidecar are kept whatever there is: the most that a playbook may ask for.
const MOST_BACKUPS: usize = 10;

/// Removes the oldest operations' contents beyond the limits, but for backups. Their records stay: the log is whole.
///
/// Contents belong to one operation each, so removing some takes nothing from another, and being cut short leaves
/// less to remove next time. The lock is the caller's. A failure costs room and nothing else.
pub(crate) fn prune(state: &State) {
    let Ok(entries) = fs::read_dir(state.blobs_path()) else { return };
    let mut kept: Vec<(String, u64)> = entries
        .flatten()
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.metadata().ok()?.len())))
        .collect();
    kept.sort_unstable_by(|a, b| b.cmp(a));
    let mut bytes = 0;
    let mut over = kept.iter().enumerate().filter(|(index, (name, len))| {
        bytes += len;
        operation(name).is_some_and(is_old) && (*index >= MOST || bytes > LARGEST)
    });
    let Some(first) = over.next() else { return };
    let backups = backups(state);
    for (_, (name, _)) in [first].into_iter().chain(over) {
        if !operation(name).is_some_and(|id| backups.contains(id)) {
            let _ = sys::unlink(&state.blobs, name);
        }
    }
}

/// Removes the contents of operations with snapshots beyond the newest ten, but for those that undo may still need, that
/// are not at their end, or that hold backups. The lock is the caller's.
pub(crate) fn prune_snapshots(state: &State) {
    let operations = state.operations().0.into_iter().filter(has_snapshot);
    let spare = operations.skip(MOST_SNAPSHOTS).filter(|one| is_over(one) && is_old(&one.intent.id));
    let spare: Vec<String> = spare.map(|one| one.intent.id).collect();
    if spare.is_empty() {
        return;
    }
    let backups = backups(state);
    for id in spare.iter().filter(|id| !backups.contains(*id)) {
        let _ = state.forget(id);
        let _ = state.forget(&format!("{id}.settled"));
    }
}

fn has_snapshot(operation: &Operation) -> bool {
    operation.intent.has_snapshot()
}

/// Whether nothing is left to be done or to be looked at.
fn is_over(operation: &Operation) -> bool {
    let has = |verdict| operation.endings.contains_key(&verdict);
    !has(Verdict::Conflict)
        && (has(Verdict::RolledBack)
            || has(Verdict::Recovered)
            || (has(Verdict::Commit) && !has(Verdict::Failed)))
}

fn is_old(id: &str) -> bool {
    ids::time(id).is_some_and(|began| now().0 - began.0 > YOUNG)
}

/// The operation that contents belong to.
fn operation(name: &str) -> Option<&str> {
    name.split('.').next()
}

/// The operations that hold the newest versions of files with a sidecar, which are such files' backups, and the newest
/// snapshots.
fn backups(state: &State) -> BTreeSet<String> {
    let mut versions: BTreeMap<RelPath, usize> = BTreeMap::new();
    let mut backups = BTreeSet::new();
    let mut snapshots = 0;
    for operation in state.operations().0 {
        if has_snapshot(&operation) && snapshots < MOST_SNAPSHOTS {
            snapshots += 1;
            backups.insert(operation.intent.id.clone());
        }
        let sidecars =
            operation.intent.changes.iter().filter_map(|change| change.path.as_str().strip_suffix(ENDING));
        for file in sidecars.filter_map(|file| RelPath::new(file).ok()) {
            let count = versions.entry(file).or_default();
            *count += 1;
            if *count <= MOST_BACKUPS {
                backups.insert(operation.intent.id.clone());
            }
        }
    }
    backups
}
