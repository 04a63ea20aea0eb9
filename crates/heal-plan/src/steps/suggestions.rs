use std::collections::BTreeMap;
use std::ops::Range;

use heal_model::{Applicability, Bytes, RefusalCode, RelPath, Replacement, Suggestion, Suggestions};

use crate::draft::Draft;
use crate::path::no_links;
use crate::refused::{Refused, quoted};
use crate::scope::project_path;
use crate::text::Text;

/// Applies what the tool itself suggests: all that it calls machine-applicable, or the only one it is less sure of.
///
/// Each suggestion is done whole or not at all. Of two that want the same place the first is done; the other is left
/// for when the tool has looked again, and a note says so.
pub(super) fn plan(draft: &mut Draft<'_>, suggestions: &Suggestions) -> Result<(), Refused> {
    let offered = draft.fix.finding.as_ref().and_then(|finding| finding.diagnostic.as_ref());
    let offered = offered.map_or(&[][..], |diagnostic| &diagnostic.suggestions);
    let fit: Vec<Suggestion> =
        offered.iter().filter(|one| one.applicability >= suggestions.applicability).cloned().collect();
    let sure = fit.iter().all(|one| one.applicability == Applicability::MachineApplicable);
    match fit.as_slice() {
        [] => {
            return Err(Refused::new(RefusalCode::NotFound, "the tool suggests nothing that is sure enough"));
        }
        [_, _, ..] if !sure => return Err(Refused::new(RefusalCode::Ambiguous, several(&fit))),
        _ => {}
    }
    let mut files: BTreeMap<RelPath, Planned> = BTreeMap::new();
    let mut left = 0;
    for (index, suggestion) in fit.iter().enumerate() {
        let wanted = placed(draft, suggestion, &mut files)?;
        let is_free = wanted.iter().all(|(path, new)| files[path].has_room_for(new));
        if is_free {
            wanted.into_iter().for_each(|(path, new)| files.entry(path).or_default().splices.extend(new));
        } else if index == 0 {
            let reason = format!("the parts of {} overlap", quoted(&suggestion.message));
            return Err(Refused::new(RefusalCode::Overlap, reason));
        } else {
            left += 1;
        }
    }
    for (path, planned) in files {
        draft.write(path, Some(planned.content()))?;
    }
    if left > 0 {
        let what = if left == 1 {
            "1 more edit of it waits".to_owned()
        } else {
            format!("{left} more edits of it wait")
        };
        draft.fix.notes.push(format!("{what} for the next round: they want the same place"));
    }
    Ok(())
}

fn several(suggestions: &[Suggestion]) -> String {
    let messages: Vec<String> = suggestions.iter().take(3).map(|one| quoted(&one.message)).collect();
    format!("the tool suggests {} ways and is sure of none: {}", suggestions.len(), messages.join(", "))
}

/// A file and what is to be done to it so far.
#[derive(Default)]
struct Planned {
    before: Bytes,
    splices: Vec<Splice>,
}

/// A stretch of a file's text, and what takes its place.
type Splice = (Range<usize>, Bytes);

impl Planned {
    /// Whether splices can be done beside those that are there, and beside each other; the same one twice is one.
    fn has_room_for(&self, new: &[Splice]) -> bool {
        let all: Vec<&Splice> = self.splices.iter().chain(new).collect();
        all.iter()
            .enumerate()
            .all(|(index, one)| all[..index].iter().all(|other| one == other || !clash(one, other)))
    }

    fn content(mut self) -> Bytes {
        self.splices.sort_by_key(|(range, _)| (range.start, range.end));
        self.splices.dedup();
        Text::new(&self.before).spliced(&self.before, &self.splices)
    }
}

/// Whether two stretches share a place; nothing tells which of two insertions comes first.
fn clash((one, _): &Splice, (other, _): &Splice) -> bool {
    (one.start < other.end && other.start < one.end) || (one.is_empty() && other.is_empty() && one == other)
}

/// Where the parts of a suggestion lie, file by file; files that it is the first to want are read.
fn placed(
    draft: &Draft<'_>,
    suggestion: &Suggestion,
    files: &mut BTreeMap<RelPath, Planned>,
) -> Result<BTreeMap<RelPath, Vec<Splice>>, Refused> {
    let mut splices: BTreeMap<RelPath, Vec<Splice>> = BTreeMap::new();
    for replacement in &suggestion.replacements {
        let path = project_path(&replacement.file, draft.scope.location.as_ref(), &draft.world)?;
        no_links(&path, &draft.world)?;
        if !files.contains_key(&path) {
            files.insert(path.clone(), Planned { before: draft.text(&path)?, splices: Vec::new() });
        }
        let content = &files[&path].before;
        let range = place(&Text::new(content), content, replacement).ok_or_else(|| {
            let reason = format!("{path}:{} is not what the tool saw", replacement.line);
            Refused::new(RefusalCode::NotFound, reason)
        })?;
        splices.entry(path).or_default().push((range, replacement.text.replace("\r\n", "\n").into()));
    }
    Ok(splices)
}

/// Where a replacement lies in the text. Lines and columns say; byte offsets, where given, must be on the same line.
fn place(text: &Text, content: &Bytes, replacement: &Replacement) -> Option<Range<usize>> {
    let offset = |line: u32, column: u32| text.offset_of(line.try_into().ok()?, column.try_into().ok()?);
    let start = offset(replacement.line, replacement.column)?;
    let end = offset(replacement.end_line, replacement.end_column)?;
    if let Some((first, _)) = replacement.bytes {
        let first = usize::try_from(first).ok()?;
        let line_in =
            |bytes: &[u8]| Some(1 + bytes.get(..first)?.iter().filter(|&&byte| byte == b'\n').count());
        let line = usize::try_from(replacement.line).ok();
        if line_in(content) != line && line_in(&text.bytes) != line {
            return None;
        }
    }
    (start <= end && reads_as_seen(text, replacement)).then_some(start..end)
}

/// Whether the lines it lies in still read as the tool shows them.
fn reads_as_seen(text: &Text, replacement: &Replacement) -> bool {
    let first = usize::try_from(replacement.line).unwrap_or(usize::MAX);
    replacement.seen.iter().enumerate().all(|(index, seen)| {
        let line = text.offset_of(first.saturating_add(index), 1).map(|start| text.shown(text.line(start).1));
        line.is_some_and(|line| line == seen.trim_end_matches(['\r', '\n']))
    })
}
