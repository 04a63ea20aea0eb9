use heal_model::{Document, RefusalCode, RelPath, Remove, Set, Template};
use serde_json::Value;

use crate::document::{Change, Format, Key, edited};
use crate::draft::Draft;
use crate::refused::Refused;
use crate::template::Escape;

/// Sets a value in a document.
pub(super) fn set(draft: &mut Draft<'_>, set: &Set) -> Result<(), Refused> {
    let value = filled(draft, &set.value)?;
    change(draft, &set.at, &Change::Set(value))
}

/// Takes a value out of a document; nothing is left to do where it is not there.
pub(super) fn remove(draft: &mut Draft<'_>, remove: &Remove) -> Result<(), Refused> {
    change(draft, &remove.at, &Change::Remove)
}

fn change(draft: &mut Draft<'_>, document: &Document, change: &Change) -> Result<(), Refused> {
    let path = draft.path(&document.file)?;
    let format = Format::of(&path).ok_or_else(|| {
        Refused::new(
            RefusalCode::Unsupported,
            format!("{path} is not a .json, .jsonc, .yaml, .yml or .toml file"),
        )
    })?;
    let content = draft.text(&path)?;
    let key = key(draft, &path, &document.key)?;
    let wrong = |reason: String| {
        Refused::new(RefusalCode::Invalid, format!("{path} can't be changed at {key}: {reason}"))
    };
    match edited(format, &content, &key, change).map_err(wrong)? {
        Some(after) => {
            draft.keys.push((path.clone(), key));
            draft.write(path, Some(after))
        }
        None => Ok(()),
    }
}

/// The key, parted as it is written and then filled in: a dot in a value parts nothing. A key that is one value, or
/// goes on with `/` after it (`{{pointer}}/status`), is a JSON pointer where that value starts with `/`, as a `document`
/// trigger's `pointer` does.
fn key(draft: &Draft<'_>, path: &RelPath, template: &Template) -> Result<Key, Refused> {
    let wrong = |reason: String| {
        Refused::new(RefusalCode::Template, format!("`{template}` is not a key of {path}: {reason}"))
    };
    let fill = |part: &str| draft.fill(&Template(part.to_owned()), Escape::Plain);
    let source = template.as_str();
    let first = source.find("}}").filter(|_| source.starts_with("{{")).map(|end| source.split_at(end + 2));
    if let Some((first, rest)) = first.filter(|(_, rest)| rest.is_empty() || rest.starts_with('/')) {
        let text = fill(first)?;
        if text.starts_with('/') {
            let inner = Key::pointer(rest).filled(fill)?;
            return Ok(Key(Key::pointer(&text).0.into_iter().chain(inner.0).collect()));
        }
    }
    Key::parse(source).map_err(wrong)?.filled(fill)
}

/// A value with the templates in its texts filled in. A text that is one `{{json …}}` is the value it comes to.
fn filled(draft: &Draft<'_>, value: &Value) -> Result<Value, Refused> {
    Ok(match value {
        Value::String(source) => {
            let text = draft.fill(&Template(source.clone()), Escape::Plain)?;
            let is_value = source.starts_with("{{json ") && source.find("}}") == Some(source.len() - 2);
            let parsed = is_value.then(|| serde_json::from_str(&text).ok()).flatten();
            parsed.unwrap_or(Value::String(text))
        }
        Value::Array(items) => items.iter().map(|item| filled(draft, item)).collect::<Result<_, _>>()?,
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| Ok((key.clone(), filled(draft, value)?));
            Value::Object(members.iter().map(member).collect::<Result<_, Refused>>()?)
        }
        other => other.clone(),
    })
}
