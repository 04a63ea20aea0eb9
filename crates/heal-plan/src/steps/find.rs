use heal_model::{Find, RefusalCode, RelPath};
use heal_pattern::Caught;
use serde_json::{Map, Value};

use super::matches::{Extent, Search};
use crate::draft::Draft;
use crate::files::texts;
use crate::refused::Refused;
use crate::template::{Escape, module_of_path};
use crate::text::Text;

/// How many places a refusal names.
const NAMED: usize = 3;

/// Locates a line and says what later steps may know of it.
pub(super) fn plan(draft: &mut Draft<'_>, find: &Find) -> Result<Value, Refused> {
    let search = Search::new(draft, &find.pattern, Extent::Any)?;
    let mut places = Vec::new();
    for (path, content) in texts(draft, &find.files)? {
        let text = Text::new(&content);
        for caught in search.lines(&text)? {
            places.push(place(&path, &text, &caught));
        }
        if !find.one && !places.is_empty() {
            break;
        }
    }
    match places.as_slice() {
        [] => {
            let shown = searched(draft, &find.files);
            Err(Refused::new(RefusalCode::NotFound, format!("{} is in {shown}", search.shown)))
        }
        [_, _, ..] if find.one => Err(Refused::new(RefusalCode::Ambiguous, several(&search.shown, &places))),
        [first, ..] => Ok(first.clone()),
    }
}

/// The end of a sentence: `no file that fits **/*.py`.
pub(super) fn searched(draft: &Draft<'_>, files: &[heal_model::Template]) -> String {
    let files: Vec<String> =
        files.iter().map(|file| draft.fill(file, Escape::Plain).unwrap_or_else(|_| file.0.clone())).collect();
    format!("no file that fits {}", files.join(", "))
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
    let mut place: Map<String, Value> = [
        ("path", Value::from(path.as_str())),
        ("line", line.into()),
        ("column", column.into()),
        ("text", text.shown(bounds).into()),
        ("module", module_of_path(path.as_str()).into()),
        ("stem", stem.into()),
        ("dir", folder.into()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into_iter()
    .collect();
    for group in &caught.groups {
        place.entry(group.name.clone()).or_insert_with(|| text.shown(group.range.clone()).into());
    }
    Value::Object(place)
}
