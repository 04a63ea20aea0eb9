use std::ops::Range;

use heal_model::{Anchor, Bytes, Occurrences, RefusalCode, RelPath, TextEdit};
use heal_pattern::Caught;
use serde_json::Value;

use super::already::results;
use super::find::{searched, unsearched};
use super::joint::apart;
use super::matches::{Extent, Search};
use crate::draft::{Done, Draft};
use crate::files::texts;
use crate::refused::{Refused, quoted};
use crate::template::{Escape, Prepared};
use crate::text::Text;

/// Searches and replaces.
pub(super) fn plan(draft: &mut Draft<'_>, edit: &TextEdit) -> Result<(), Refused> {
    let anchor = edit.at.as_ref().map(|at| Near::new(draft, at)).transpose()?;
    let extent =
        if anchor.as_ref().is_some_and(|near| near.to.is_some()) { Extent::All } else { Extent::Any };
    let search = Search::new(draft, &edit.search, extent)?;
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for (path, content) in texts(draft, &edit.files)? {
        let text = Text::new(&content);
        let mut places = match &anchor {
            Some(near) => near.places(&text, &search)?,
            None => search.all(&text)?,
        };
        if edit.occurrences == Occurrences::First {
            places.truncate(1);
        }
        if !places.is_empty() {
            found.push((path, content, text, places));
        } else {
            others.push((path, text));
        }
    }
    let count: usize = found.iter().map(|(_, _, _, places)| places.len()).sum();
    if count == 0 {
        let absent = absent(draft, edit, &search, anchor.as_ref());
        let done = || already(draft, edit, &search, anchor.as_ref(), &others);
        let done = draft.is_from_output().then(done).flatten();
        let done = done.ok_or_else(|| Refused::new(RefusalCode::NotFound, absent))?;
        draft.done.push(Done::Replaced(done));
        return Ok(());
    }
    if count > 1 && edit.occurrences == Occurrences::One {
        let files: Vec<String> = found.iter().take(3).map(|(path, ..)| path.to_string()).collect();
        let reason = format!("{} is found {count} times, in {}", search.shown, files.join(", "));
        return Err(Refused::new(RefusalCode::Ambiguous, reason));
    }
    let replace = Prepared::new(&edit.replace, Escape::Plain, draft.context.world.now())?;
    let data = known(draft, &replace, &search)?;
    for (path, content, text, places) in found {
        let replaced = replaced(&path, &content, &text, &places, &|caught| {
            let new = replace.fill(&with_groups(&data, &text, caught))?;
            if extent == Extent::All { apart(&text, &caught.range, new) } else { Ok(new) }
        })?;
        draft.write(path, Some(replaced))?;
    }
    Ok(())
}

/// What the replacement knows but for the search's own captures, which come before all else.
fn known(draft: &Draft<'_>, replace: &Prepared, search: &Search) -> Result<Value, Refused> {
    let mut data = draft.scope.data(replace, &draft.world)?;
    if let Value::Object(members) = &mut data {
        for name in search.names() {
            members.remove(&name);
        }
    }
    Ok(data)
}

/// Says where what takes the search's place is already: in the file that the finding is about, where that is one of
/// those that are searched.
fn already(
    draft: &Draft<'_>,
    edit: &TextEdit,
    search: &Search,
    anchor: Option<&Near>,
    texts: &[(RelPath, Text)],
) -> Option<String> {
    let replace = Prepared::new(&edit.replace, Escape::Plain, draft.context.world.now()).ok()?;
    let data = known(draft, &replace, search).ok()?;
    let about = draft.scope.location.as_ref().and_then(|own| texts.iter().find(|(path, _)| path == own));
    let texts = about.map_or(texts, std::slice::from_ref);
    let results = results(search, &replace, &data);
    results.iter().flat_map(|result| texts.iter().map(move |text| (result, text))).find_map(
        |(result, (path, text))| {
            let is_near = |caught: &Caught| anchor.is_none_or(|near| near.has(text, &caught.range));
            let caught = result.all(text).ok()?.into_iter().find(is_near)?;
            let (line, _) = text.line(caught.range.start);
            Some(format!("{path}:{line} holds {}", quoted(&text.shown(caught.range))))
        },
    )
}

fn with_groups(data: &Value, text: &Text, caught: &Caught) -> Value {
    let mut data = data.clone();
    for group in &caught.groups {
        data[group.name.as_str()] = text.shown(group.range.clone()).into();
    }
    data
}

fn replaced(
    path: &RelPath,
    content: &Bytes,
    text: &Text,
    places: &[Caught],
    replacement: &dyn Fn(&Caught) -> Result<String, Refused>,
) -> Result<Bytes, Refused> {
    let is_utf8 = content.text().is_some();
    let mut splices: Vec<(Range<usize>, Bytes)> = Vec::new();
    for caught in places {
        let new = replacement(caught)?;
        if !is_utf8 && !new.is_ascii() {
            let reason = format!("{path} is not UTF-8, so only ASCII can be written to it");
            return Err(Refused::new(RefusalCode::Unreadable, reason));
        }
        splices.push((caught.range.clone(), new.into()));
    }
    Ok(text.spliced(content, &splices))
}

fn absent(draft: &Draft<'_>, edit: &TextEdit, search: &Search, anchor: Option<&Near>) -> String {
    let near = anchor.map_or(String::new(), |near| format!(" near line {}", near.line));
    format!("{} is in {}{near}{}", search.shown, searched(draft, &edit.files), unsearched(draft))
}

/// The place that an edit is tied to.
struct Near {
    line: usize,
    column: Option<usize>,
    within: usize,
    /// The line and column just after it.
    to: Option<(usize, usize)>,
}

impl Near {
    fn new(draft: &Draft<'_>, anchor: &Anchor) -> Result<Self, Refused> {
        let number = |template: &heal_model::Template| {
            let text = draft.fill(template, Escape::Plain)?;
            let wrong = || Refused::new(RefusalCode::Template, format!("{text:?} is not a line or column"));
            text.trim().parse::<usize>().map_err(|_| wrong())
        };
        Ok(Self {
            line: number(&anchor.line)?,
            column: anchor.column.as_ref().map(number).transpose()?,
            within: anchor.within as usize,
            to: match &anchor.to {
                Some(end) => Some((number(&end.line)?, number(&end.column)?)),
                None => None,
            },
        })
    }

    /// Where the search is found here. What starts just at the column comes before what covers it, which depends on
    /// what is found to the left of it.
    fn places(&self, text: &Text, search: &Search) -> Result<Vec<Caught>, Refused> {
        let start = self.column.and_then(|column| text.offset_of(self.line, column));
        if let Some(to) = self.to {
            let end = text.offset_of(to.0, to.1);
            let range = start.zip(end).filter(|(start, end)| start <= end);
            return Ok(range.and_then(|(start, end)| search.whole(text, start..end)).into_iter().collect());
        }
        if let Some(caught) = start.and_then(|start| search.at(text, start)) {
            return Ok(vec![caught]);
        }
        let mut places = search.all(text)?;
        places.retain(|caught| self.has(text, &caught.range));
        Ok(places)
    }

    fn has(&self, text: &Text, range: &Range<usize>) -> bool {
        let (first, bounds) = text.line(range.start);
        let last = first + text.bytes[range.clone()].iter().filter(|&&byte| byte == b'\n').count();
        let near = first.saturating_sub(self.within) <= self.line && self.line <= last + self.within;
        near && self.column.is_none_or(|column| {
            let start = 1 + text.shown(bounds.start..range.start).chars().count();
            let width = text.shown(range.clone()).chars().count();
            start <= column && column < start + width.max(1)
        })
    }
}
