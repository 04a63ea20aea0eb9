use heal_model::{Pattern, RefusalCode, Source, SourceKind, World};
use heal_pattern::Compiled;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::document::Format;
use crate::refused::Refused;
use crate::scope::{Scope, project_path};

/// Reads a source: an array of objects for lines, an array of values for nodes, a text for text.
pub(crate) fn read(
    name: &str,
    source: &Source,
    scope: &Scope<'_>,
    world: &dyn World,
) -> Result<Value, Refused> {
    let path = project_path(&scope.fill_source(&source.file, world)?, scope.location.as_ref(), world)?;
    let content = world.read(&path)?.ok_or_else(|| {
        Refused::new(RefusalCode::NotFound, format!("the source `{name}` reads {path}, which does not exist"))
    })?;
    let text = content.text().ok_or_else(|| {
        Refused::new(RefusalCode::Unreadable, format!("the source `{name}` reads {path}, which is not UTF-8"))
    })?;
    let wrong = |reason: String| {
        Refused::new(RefusalCode::Invalid, format!("the source `{name}` can't be read from {path}: {reason}"))
    };
    match &source.kind {
        SourceKind::Text => Ok(text.into()),
        SourceKind::Lines(pattern) => lines(text, pattern).map_err(wrong),
        SourceKind::Nodes(select) => {
            let format = Format::of(&path).ok_or_else(|| wrong("it is not JSON, YAML or TOML".to_owned()))?;
            let document = format.as_written(text).parse(text).map_err(wrong)?;
            let select = JsonPath::parse(select).map_err(|error| wrong(error.to_string()))?;
            Ok(select.query(&document).all().into_iter().cloned().collect())
        }
    }
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
