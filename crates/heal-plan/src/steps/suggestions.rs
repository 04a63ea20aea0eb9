use std::collections::BTreeMap;
use std::ops::Range;

use heal_model::{Applicability, Bytes, RefusalCode, RelPath, Replacement, Suggestion, Suggestions};

use crate::draft::Draft;
use crate::path::no_links;
use crate::refused::{Refused, quoted};
use crate::scope::project_path;
use crate::text::Text;

/// Applies what the tool itself suggests: all that it calls machine-applicable, or the only one it is less sure of.
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
    let mut files: BTreeMap<RelPath, Vec<&Replacement>> = BTreeMap::new();
    for replacement in fit.iter().flat_map(|one| &one.replacements) {
        let path = project_path(&replacement.file, draft.scope.location.as_ref())?;
        files.entry(path).or_default().push(replacement);
    }
    for (path, replacements) in files {
        no_links(&path, &draft.world)?;
        let content = draft.text(&path)?;
        let after = replaced(&path, &content, &replacements)?;
        draft.write(path, Some(after))?;
    }
    Ok(())
}

fn several(suggestions: &[Suggestion]) -> String {
    let messages: Vec<String> = suggestions.iter().take(3).map(|one| quoted(&one.message)).collect();
    format!("the tool suggests {} ways and is sure of none: {}", suggestions.len(), messages.join(", "))
}

fn replaced(path: &RelPath, content: &Bytes, replacements: &[&Replacement]) -> Result<Bytes, Refused> {
    let text = Text::new(content);
    let mut splices: Vec<(Range<usize>, Bytes)> = Vec::new();
    for replacement in replacements {
        let range = place(&text, content, replacement).ok_or_else(|| {
            let reason = format!("{path}:{} is not what the tool saw", replacement.line);
            Refused::new(RefusalCode::NotFound, reason)
        })?;
        splices.push((range, replacement.text.replace("\r\n", "\n").into()));
    }
    splices.sort_by_key(|(range, _)| (range.start, range.end));
    splices.dedup();
    if splices.windows(2).any(|pair| pair[0].0.end > pair[1].0.start) {
        return Err(Refused::new(RefusalCode::Overlap, format!("the tool's suggestions for {path} overlap")));
    }
    Ok(text.spliced(content, &splices))
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
    (start <= end).then_some(start..end)
}
