use std::fs;

use crate::state::State;
use crate::world::now;
use crate::{ids, sys};

/// How many operations' contents are kept.
const MOST: usize = 200;
/// How many bytes of contents are kept.
const LARGEST: u64 = 256 << 20;
/// How young contents must be to be kept whatever there is, in milliseconds.
const YOUNG: i64 = 24 * 60 * 60 * 1000;

/// Removes the oldest operations' contents beyond the limits. Their records stay: the log is whole.
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
    for (index, (name, len)) in kept.iter().enumerate() {
        bytes += len;
        let began = name.split('.').next().and_then(ids::time);
        let is_old = began.is_some_and(|began| now().0 - began.0 > YOUNG);
        if is_old && (index >= MOST || bytes > LARGEST) {
            let _ = sys::unlink(&state.blobs, name);
        }
    }
}
