use heal_model::{Bytes, Find, RefusalCode, RelPath, Template, World as _};
use heal_pattern::Caught;
use serde_json::{Map, Value};

use super::matches::{Extent, Search};
use crate::draft::Draft;
use crate::files::{NOT_SEARCHED, texts};
use crate::refused::Refused;
use crate::scope::project_path;
use crate::template::{Escape, module_of_path};
use crate::text::Text;

/// How many places a refusal names.
const NAMED: usize = 3;

/// Locates a line and says what later steps may know of it.
pub(super) fn plan(draft: &mut Draft<'_>, find: &Find) -> Result<Value, Refused> {
    let search = Search::new(draft, &find.pattern, Extent::Any)?;
    let places = match &find.above {
        None => {
            let texts = texts(draft, &find.files)?;
            places(&search, texts, find.one)?
        }
        Some(below) => above(draft, find, &draft.path(below)?, &search)?,
    };
    match places.as_slice() {
        [] => {
            let searched = match &find.above {
                None => searched(draft, &find.files),
                Some(below) => {
                    let below = shown(draft, std::slice::from_ref(below)).join("");
                    format!("no {} above {below}", shown(draft, &find.files).join(" or "))
                }
            };
            let reason = format!("{} is in {searched}{}", search.shown, unsearched(draft));
            Err(Refused::new(RefusalCode::NotFound, reason))
        }
        [_, _, ..] if find.one => Err(Refused::new(RefusalCode::Ambiguous, several(&search.shown, &places))),
        [first, ..] => Ok(first.clone()),
    }
}

/// Every place where it is found; of the first file alone, where one is enough.
fn places(search: &Search, texts: Vec<(RelPath, Bytes)>, all: bool) -> Result<Vec<Value>, Refused> {
    let mut places = Vec::new();
    for (path, content) in texts {
        let text = Text::new(&content);
        for caught in search.lines(&text)? {
            places.push(place(&path, &text, &caught));
        }
        if !all && !places.is_empty() {
            break;
        }
    }
    Ok(places)
}

/// The places in the nearest folder above a path that has any.
fn above(draft: &Draft<'_>, find: &Find, below: &RelPath, search: &Search) -> Result<Vec<Value>, Refused> {
    let names =
        find.files.iter().map(|name| draft.fill(name, Escape::Plain)).collect::<Result<Vec<_>, _>>()?;
    let mut folder = below.parent();
    loop {
        let mut texts = Vec::new();
        for name in &names {
            let path = folder.as_ref().map_or_else(|| name.clone(), |folder| format!("{folder}/{name}"));
            let path = project_path(&path, None, &draft.world)?;
            if draft.world.stat(&path)?.is_some_and(|stat| stat.is_file()) {
                texts.push((path.clone(), draft.text(&path)?));
            }
        }
        let mut found = places(search, texts, find.one)?;
        let Some(inner) = folder.as_ref().filter(|_| found.is_empty()) else {
            let inside = folder.as_ref().map_or(0, |folder| folder.as_str().len() + 1);
            found.iter_mut().for_each(|place| place["inside"] = below.as_str()[inside..].into());
            return Ok(found);
        };
        folder = inner.parent();
    }
}

/// The end of a sentence: `no file that fits **/*.py`.
pub(super) fn searched(draft: &Draft<'_>, files: &[Template]) -> String {
    format!("no file that fits {}", shown(draft, files).join(", "))
}

fn shown(draft: &Draft<'_>, templates: &[Template]) -> Vec<String> {
    let filled =
        |template: &Template| draft.fill(template, Escape::Plain).unwrap_or_else(|_| template.0.clone());
    templates.iter().map(filled).collect()
}

/// What might hold it and was not looked at, for after such a sentence.
pub(super) fn unsearched(draft: &Draft<'_>) -> String {
    let warnings = draft.warnings().iter().filter(|warning| warning.starts_with(NOT_SEARCHED));
    warnings.map(|warning| format!("; {warning}")).collect()
}

fn several(shown: &str, places: &[Value]) -> String {
    let named = places.iter().take(NAMED).map(|place| format!("{}:{}", word(place, "path"), place["line"]));
    let named: Vec<String> = named.collect();
    let more = places.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{shown} is in {} places: {}{more}", places.len(), named.join(", "))
}

fn word<'a>(place: &'a Value, key: &str) -> &'a str {
    place[key].as_str().unwrap_or_default()
}

fn place(path: &RelPath, text: &Text, caught: &Caught) -> Value {
    let (line, bounds) = text.line(caught.range.start);
    let column = 1 + text.shown(bounds.start..caught.range.start).chars().count();
    let stem = path.name().rsplit_once('.').map_or(path.name(), |(stem, _)| stem);
    let folder = path.parent().map_or(String::new(), |folder| folder.to_string());
    let base = path.parent().map_or(String::new(), |folder| format!("{folder}/"));
    let mut place: Map<String, Value> = [
        ("path", Value::from(path.as_str())),
        ("line", line.into()),
        ("column", column.into()),
        ("text", text.shown(bounds).into()),
        ("module", module_of_path(path.as_str()).into()),
        ("stem", stem.into()),
        ("dir", folder.into()),
        ("base", base.into()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into_iter()
    .collect();
    for group in &caught.groups {
        place.entry(group.name.clone()).or_insert_with(|| text.shown(group.range.clone()).into());
    }
    Value::Object(place)
}
