use heal_model::{Line, LineChange, LinePosition, PatternTemplate, RefusalCode, Template};

use super::matches::{Extent, Search};
use crate::draft::{Done, Draft};
use crate::refused::Refused;
use crate::splice;
use crate::template::Escape;
use crate::text::Text;

/// Sees to it that a line is, or is not, in a file.
pub(super) fn plan(draft: &mut Draft<'_>, line: &Line) -> Result<(), Refused> {
    let path = draft.path(&line.file)?;
    let content = draft.text(&path)?;
    let text = Text::new(&content);
    let after = match &line.change {
        LineChange::Present { line, position } => with(draft, &text, line, position)?,
        LineChange::Absent(pattern) => Some(without(draft, &text, pattern)?),
    };
    match after {
        Some(after) => draft.write(path, Some(text.spliced(&content, &splice::splices(&text.bytes, &after)))),
        None => {
            draft.done.push(Done::Same(format!("{path} holds the line")));
            Ok(())
        }
    }
}

/// The text with a line put in; none where it is there.
fn with(
    draft: &Draft<'_>,
    text: &Text,
    line: &Template,
    position: &LinePosition,
) -> Result<Option<Vec<u8>>, Refused> {
    let line = draft.fill(line, Escape::Plain)?;
    if line.contains(['\n', '\r', '\0']) {
        return Err(Refused::new(RefusalCode::Template, format!("{line:?} is more than one line")));
    }
    let lines = text.lines();
    if lines.iter().any(|other| bare(other) == line.as_bytes()) {
        return Ok(None);
    }
    let at = match position {
        LinePosition::Start => 0,
        LinePosition::End => lines.len(),
        LinePosition::After(pattern) => {
            let search = Search::new(draft, pattern, Extent::Any)?;
            lines.iter().rposition(|line| search.fits(bare(line))).map_or(lines.len(), |at| at + 1)
        }
        LinePosition::Before(pattern) => {
            let search = Search::new(draft, pattern, Extent::Any)?;
            lines.iter().position(|line| search.fits(bare(line))).unwrap_or(lines.len())
        }
    };
    let open_end = lines.last().is_some_and(|last| !last.ends_with(b"\n"));
    let mut after = lines[..at].concat();
    if at == lines.len() && open_end {
        after.extend([b"\n", line.as_bytes()].concat());
    } else {
        after.extend([line.as_bytes(), b"\n"].concat());
    }
    after.extend(lines[at..].concat());
    Ok(Some(after))
}

fn without(draft: &Draft<'_>, text: &Text, pattern: &PatternTemplate) -> Result<Vec<u8>, Refused> {
    let search = Search::new(draft, pattern, Extent::Any)?;
    let mut lines = text.lines();
    let open_end = lines.last().is_some_and(|last| !last.ends_with(b"\n"));
    lines.retain(|line| !search.fits(bare(line)));
    let mut after = lines.concat();
    if open_end && after.ends_with(b"\n") {
        after.pop();
    }
    Ok(after)
}

fn bare(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}
