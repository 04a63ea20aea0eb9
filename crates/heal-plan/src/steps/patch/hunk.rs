use std::ops::Range;

use heal_model::Bytes;

use super::parse::{HunkPatch, LinePatch};
use crate::text::Text;

/// Applies hunks to a file; the line from which on it does not fit, if it does not.
pub(super) fn apply(content: &Bytes, hunks: &[HunkPatch]) -> Result<Bytes, usize> {
    let text = Text::new(content);
    let lines = text.lines();
    let mut starts: Vec<usize> = vec![0];
    for line in &lines {
        starts.push(starts[starts.len() - 1] + line.len());
    }
    let mut splices: Vec<(Range<usize>, Bytes)> = Vec::new();
    let mut free = 0;
    for hunk in hunks {
        let old: Vec<&[u8]> =
            hunk.lines.iter().filter(|line| line.sign != '+').map(|line| line.text.as_bytes()).collect();
        let wanted = if old.is_empty() { hunk.start } else { hunk.start.saturating_sub(1) };
        let at = nearest(&lines, &old, wanted, free).ok_or(hunk.start)?;
        splices.extend(changes(&hunk.lines, at).into_iter().map(|(range, new)| {
            let range = starts[range.start]..starts[range.end];
            let open_end =
                range.start == text.bytes.len() && !text.bytes.is_empty() && !text.bytes.ends_with(b"\n");
            let new = if open_end { format!("\n{new}") } else { new };
            (range, new.into())
        }));
        free = at + old.len();
    }
    Ok(text.spliced(content, &splices))
}

/// Where lines are found, at or after `free`, nearest to where they are wanted.
fn nearest(lines: &[&[u8]], old: &[&[u8]], wanted: usize, free: usize) -> Option<usize> {
    let last = lines.len().checked_sub(old.len())?;
    if old.is_empty() {
        return (free..=last).contains(&wanted).then_some(wanted);
    }
    let fits = (free..=last).filter(|&at| lines[at..at + old.len()] == *old);
    fits.min_by_key(|&at| (at.abs_diff(wanted), at))
}

/// Runs of changed lines: which lines of the file, and what takes their place.
fn changes(lines: &[LinePatch], mut at: usize) -> Vec<(Range<usize>, String)> {
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut open = false;
    for line in lines {
        if line.sign == ' ' {
            open = false;
            at += 1;
            continue;
        }
        if !open {
            changes.push((at..at, String::new()));
            open = true;
        }
        let last = changes.len() - 1;
        if line.sign == '-' {
            at += 1;
            changes[last].0.end = at;
        } else {
            changes[last].1.push_str(&line.text);
        }
    }
    changes
}
