mod command;
mod region;

use heal_model::{
    Bytes, DiffLine, Edit, FileKind, FilePreview, Hunk, LineTag, Part, PartRef, Piece, Plan, Preview, RuleId,
    Safety,
};

use crate::id::hash;
use crate::lines::split;
use crate::text::is_text;
use crate::words;
use region::{Region, regions, regions_of_all};

/// How many unchanged lines are shown around a change.
const AROUND: usize = 3;

/// Shows a plan as data: every file's hunks, every command as it will run, all that is refused.
#[must_use]
pub fn preview(plan: &Plan) -> Preview {
    Preview {
        plan: plan.id.clone(),
        files: plan.edits.iter().map(|edit| file(edit, plan)).collect(),
        snapshots: plan.fixes.iter().flat_map(|fix| fix.snapshots.clone()).collect(),
        folders: plan.fixes.iter().flat_map(|fix| fix.folders.clone()).collect(),
        commands: command::commands(plan),
        refusals: plan.refusals.clone(),
    }
}

fn file(edit: &Edit, plan: &Plan) -> FilePreview {
    let (before, after) = (&edit.content.before, &edit.content.after);
    let binary = [before, after].into_iter().flatten().any(|content| !is_text(content));
    let hunks = if binary { Vec::new() } else { hunks(edit, plan) };
    let count = |tag| hunks.iter().flat_map(|hunk| &hunk.lines).filter(|line| line.tag == tag).count();
    FilePreview {
        path: edit.path.clone(),
        kind: match (before, after) {
            (None, _) => FileKind::Created,
            (_, None) => FileKind::Deleted,
            _ => FileKind::Edited,
        },
        binary,
        added: number(count(LineTag::Added)),
        removed: number(count(LineTag::Removed)),
        before: before.as_ref().map(hash),
        after: after.as_ref().map(hash),
        hunks,
    }
}

fn hunks(edit: &Edit, plan: &Plan) -> Vec<Hunk> {
    let bytes = |content: &Option<Bytes>| content.clone().unwrap_or_default();
    let (before, after) = (bytes(&edit.content.before), bytes(&edit.content.after));
    let (old, new) = (split(&before), split(&after));
    let layers = layers(edit, plan);
    let regions = if layers.iter().flatten().all(|(_, part)| *part.path() == edit.path) {
        regions(&before, &after, &layers)
    } else {
        regions_of_all(&before, &after, &edit.parts)
    };
    let near = |one: &Region, other: &Region| other.old.start <= one.old.end + 2 * AROUND;
    regions.chunk_by(near).map(|regions| hunk(regions, &old, &new, plan)).collect()
}

/// The parts of an edit, those of each fix that was planned upon others apart.
fn layers<'p>(edit: &Edit, plan: &'p Plan) -> Vec<Vec<(PartRef, &'p Part)>> {
    let is_upon = |part: &PartRef| plan.fixes[part.fix].upon.contains_key(&edit.path);
    let same = |one: &PartRef, other: &PartRef| match (is_upon(one), is_upon(other)) {
        (false, false) => true,
        (true, true) => one.fix == other.fix,
        _ => false,
    };
    let of = |part: &PartRef| (*part, &plan.fixes[part.fix].parts[part.part]);
    edit.parts.chunk_by(same).map(|layer| layer.iter().map(of).collect()).collect()
}

fn hunk(regions: &[Region], old: &[&[u8]], new: &[&[u8]], plan: &Plan) -> Hunk {
    let (first, last) = (&regions[0], &regions[regions.len() - 1]);
    let start = first.old.start.saturating_sub(AROUND);
    let end = (last.old.end + AROUND).min(old.len());
    let new_start = first.new.start - (first.old.start - start);
    let new_end = last.new.end + (end - last.old.end);
    let mut lines = Vec::new();
    let mut at = start;
    for group in regions.chunk_by(|one, other| one.old.end == other.old.start) {
        lines.extend(old[at..group[0].old.start].iter().map(|line| plain(LineTag::Context, line)));
        let changed = group.iter().map(|region| changed(&old[region.old.clone()], &new[region.new.clone()]));
        let (removed, added): (Vec<_>, Vec<_>) = changed.unzip();
        lines.extend(removed.into_iter().chain(added).flatten());
        at = group[group.len() - 1].old.end;
    }
    lines.extend(old[at..end].iter().map(|line| plain(LineTag::Context, line)));
    let parts: Vec<PartRef> = regions.iter().flat_map(|region| region.parts.clone()).collect();
    let line = |start, lines| number(if lines == 0 { start } else { start + 1 });
    Hunk {
        old_start: line(start, end - start),
        old_lines: number(end - start),
        new_start: line(new_start, new_end - new_start),
        new_lines: number(new_end - new_start),
        rules: rules(&parts, plan),
        safety: parts.iter().map(|part| plan.fixes[part.fix].safety).min().unwrap_or(Safety::Manual),
        parts,
        lines,
    }
}

fn rules(parts: &[PartRef], plan: &Plan) -> Vec<RuleId> {
    let mut rules: Vec<RuleId> = Vec::new();
    for part in parts {
        let rule = &plan.fixes[part.fix].rule;
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }
    rules
}

/// Removed lines and added ones; as many for as many have their words compared.
fn changed(old: &[&[u8]], new: &[&[u8]]) -> (Vec<DiffLine>, Vec<DiffLine>) {
    if old.len() != new.len() {
        let lines = |tag, lines: &[&[u8]]| lines.iter().map(|line| plain(tag, line)).collect();
        return (lines(LineTag::Removed, old), lines(LineTag::Added, new));
    }
    let compared = old.iter().zip(new).map(|(old, new)| {
        let (removed, added) = words::compare(&shown(old), &shown(new));
        (in_pieces(LineTag::Removed, removed, old), in_pieces(LineTag::Added, added, new))
    });
    compared.unzip()
}

fn in_pieces(tag: LineTag, pieces: Vec<Piece>, line: &[u8]) -> DiffLine {
    DiffLine { tag, pieces, no_newline: !line.ends_with(b"\n") }
}

fn plain(tag: LineTag, line: &[u8]) -> DiffLine {
    let text = shown(line);
    let pieces = if text.is_empty() { Vec::new() } else { vec![Piece { text, changed: false }] };
    in_pieces(tag, pieces, line)
}

/// A line without its `\n`; a `\r` before it stays, so that the diff can be applied.
fn shown(line: &[u8]) -> String {
    String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line)).into_owned()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
