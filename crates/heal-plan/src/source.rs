use std::collections::BTreeMap;

use heal_model::{Bytes, Fold, FoldHow, JsonLines, Pattern, RefusalCode, RelPath, Source, SourceKind, World};
use heal_pattern::Compiled;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::document::Format;
use crate::refused::Refused;

/// Reads a source from the file it lies in: an array of objects for lines, an array of values for nodes, a text for text.
/// A person is warned of what was left out.
pub(crate) fn read(
    name: &str,
    source: &Source,
    path: &RelPath,
    world: &dyn World,
    warn: &dyn Fn(String),
) -> Result<Value, Refused> {
    let content = world.read(path)?.ok_or_else(|| {
        Refused::new(RefusalCode::NotFound, format!("the source `{name}` reads {path}, which does not exist"))
    })?;
    let text = || {
        let reason = || format!("the source `{name}` reads {path}, which is not UTF-8");
        content.text().ok_or_else(|| Refused::new(RefusalCode::Unreadable, reason()))
    };
    let wrong = |reason: String| {
        Refused::new(RefusalCode::Invalid, format!("the source `{name}` can't be read from {path}: {reason}"))
    };
    match &source.kind {
        SourceKind::Text => Ok(text()?.into()),
        SourceKind::Lines(pattern) => lines(text()?, pattern).map_err(wrong),
        SourceKind::Nodes { select, fold } => {
            // What was cut off within a character is no text, and no reason not to read what stands before it.
            let mut document = match JsonLines::are_in(path.name()) {
                true => records(path, &content, warn),
                false => document(path, text()?),
            }
            .map_err(wrong)?;
            if let Some(fold) = fold {
                document = folded(document, fold).map_err(wrong)?;
            }
            let select = JsonPath::parse(select).map_err(|error| wrong(error.to_string()))?;
            Ok(select.query(&document).all().into_iter().cloned().collect())
        }
    }
}

/// The records of JSON Lines; one that was cut off is told of.
fn records(path: &RelPath, content: &Bytes, warn: &dyn Fn(String)) -> Result<Value, String> {
    let read = JsonLines::read(content.as_ref())?;
    if let Some(line) = read.torn {
        warn(format!("the last record of {path}, in line {line}, is cut off and does not count"));
    }
    Ok(Value::Array(read.records))
}

/// A document's value.
fn document(path: &RelPath, text: &str) -> Result<Value, String> {
    let format = Format::of(path).ok_or_else(|| "it is not JSON, JSON Lines, YAML or TOML".to_owned())?;
    format.as_written(text).parse(text)
}

/// What the records of a list come to.
fn folded(document: Value, fold: &Fold) -> Result<Value, String> {
    let Value::Array(records) = document else { return Err("it is not a list, so nothing folds".to_owned()) };
    let by = JsonPath::parse(&fold.by).map_err(|error| error.to_string())?;
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut folded: Vec<Value> = Vec::new();
    for record in records {
        let Some(key) = by.query(&record).first().map(ToString::to_string) else { continue };
        match places.get(&key) {
            None => {
                places.insert(key, folded.len());
                folded.push(record);
            }
            Some(place) => match (&mut folded[*place], record, fold.how) {
                (Value::Object(known), Value::Object(more), FoldHow::Merged) => known.extend(more),
                (known, record, _) => *known = record,
            },
        }
    }
    Ok(Value::Array(folded))
}

fn lines(text: &str, pattern: &Pattern) -> Result<Value, String> {
    let compiled = Compiled::new(pattern).map_err(|error| error.to_string())?;
    let mut records = Vec::new();
    for line in text.lines() {
        let Some(caught) = compiled.find(line.as_bytes()) else { continue };
        let group = |group: heal_pattern::Group| (group.name, line[group.range].into());
        records.push(Value::Object(caught.groups.into_iter().map(group).collect::<Map<_, _>>()));
    }
    Ok(Value::Array(records))
}
