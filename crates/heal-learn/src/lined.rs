use std::collections::BTreeMap;
use std::ops::Range;

use heal_model::{Line, LineChange, LinePosition, PatternTemplate, Template, Trigger};

use crate::compiled::compiled;
use crate::fill::{Escape, fill};

type Captures = BTreeMap<String, String>;

/// What a step that sees to a line changes in a text; `None` where the line is there, or it is not put in.
pub(crate) fn lined(line: &Line, text: &str, captures: &Captures) -> Option<Vec<(Range<usize>, String)>> {
    let LineChange::Present { line, position } = &line.change else { return None };
    let new = fill(line.as_str(), captures, Escape::Plain)?;
    if new.contains(['\n', '\r', '\0']) || text.lines().any(|other| other == new) {
        return None;
    }
    let at = match position {
        LinePosition::Start => 0,
        LinePosition::End => text.len(),
        LinePosition::After(pattern) => {
            fitting(text, pattern, captures)?.next_back().map_or(text.len(), |found| found.end)
        }
        LinePosition::Before(pattern) => {
            fitting(text, pattern, captures)?.next().map_or(text.len(), |found| found.start)
        }
    };
    let is_open = at == text.len() && !text.is_empty() && !text.ends_with('\n');
    Some(vec![(at..at, if is_open { format!("\n{new}") } else { format!("{new}\n") })])
}

/// Whether the condition of a learned step holds: that the file has a line which fits, or several have one each.
pub(crate) fn holds(when: Option<&Trigger>, text: &str) -> bool {
    let Some(when) = when else { return true };
    if let Trigger::All(all) = when {
        return all.iter().all(|each| holds(Some(each), text));
    }
    let Trigger::File(file) = when else { return false };
    let pattern = file
        .contains
        .as_ref()
        .map(|pattern| PatternTemplate { source: Template(pattern.source.clone()), kind: pattern.kind });
    let found = pattern.and_then(|pattern| fitting(text, &pattern, &Captures::new())?.next());
    found.is_some()
}

/// The lines that fit a pattern, with their ends.
fn fitting(
    text: &str,
    pattern: &PatternTemplate,
    captures: &Captures,
) -> Option<impl DoubleEndedIterator<Item = Range<usize>>> {
    let pattern = compiled(pattern, captures, false)?;
    let mut end = 0;
    let lines: Vec<Range<usize>> = text
        .split_inclusive('\n')
        .map(|line| {
            end += line.len();
            end - line.len()..end
        })
        .filter(|line| pattern.find(text[line.clone()].trim_end_matches('\n').as_bytes()).is_some())
        .collect();
    Some(lines.into_iter())
}
