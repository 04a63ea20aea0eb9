use serde_json::Value;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, RawString, Table};

use super::change::{Edit, Segment};

/// A TOML document with one change made, comments and layout kept.
pub(super) fn edited(text: &str, edit: &Edit) -> Result<String, String> {
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    match edit {
        Edit::Replace(path, value) => replace(document.as_item_mut(), path, value)?,
        Edit::Insert(path, name, value) => {
            let is_root = path.is_empty();
            insert(at(document.as_item_mut(), path)?, name, value, is_root)?;
        }
        Edit::Push(path, value) => push(at(document.as_item_mut(), path)?, value)?,
        Edit::Remove(path) => remove(document.as_item_mut(), path)?,
    }
    Ok(document.to_string())
}

fn at<'d>(item: &'d mut Item, path: &[Segment]) -> Result<Place<'d>, String> {
    let mut place = Place::Item(item);
    for segment in path {
        place = place.into(segment)?;
    }
    Ok(place)
}

/// Part of a document.
enum Place<'d> {
    Item(&'d mut Item),
    Value(&'d mut toml_edit::Value),
    Table(&'d mut Table),
}

impl<'d> Place<'d> {
    fn into(self, segment: &Segment) -> Result<Self, String> {
        let gone = || "it is not where it was".to_owned();
        match (self, segment) {
            (Self::Item(item), Segment::Member(name)) => {
                item.get_mut(name.as_str()).map(Self::Item).ok_or_else(gone)
            }
            (Self::Table(table), Segment::Member(name)) => {
                table.get_mut(name).map(Self::Item).ok_or_else(gone)
            }
            (Self::Value(value), Segment::Member(name)) => value
                .as_inline_table_mut()
                .and_then(|table| table.get_mut(name))
                .map(Self::Value)
                .ok_or_else(gone),
            (Self::Item(Item::ArrayOfTables(tables)), Segment::Item(index)) => {
                tables.get_mut(*index).map(Self::Table).ok_or_else(gone)
            }
            (Self::Item(Item::Value(value)), Segment::Item(index))
            | (Self::Value(value), Segment::Item(index)) => {
                value.as_array_mut().and_then(|array| array.get_mut(*index)).map(Self::Value).ok_or_else(gone)
            }
            _ => Err(gone()),
        }
    }
}

fn replace(root: &mut Item, path: &[Segment], value: &Value) -> Result<(), String> {
    match at(root, path)? {
        Place::Item(Item::Value(old)) | Place::Value(old) => {
            let decor = old.decor().clone();
            *old = inline(value)?;
            *old.decor_mut() = decor;
        }
        Place::Item(item) if item.is_table_like() && value.is_object() => {
            *item = Item::Table(table(value)?);
        }
        _ => return Err("a table can only be replaced by a table".to_owned()),
    }
    Ok(())
}

/// Adds a member. A table of its own is a section, unless its siblings are values: then it is one too.
fn insert(place: Place<'_>, name: &str, value: &Value, is_root: bool) -> Result<(), String> {
    let table = match place {
        Place::Item(Item::Table(table)) | Place::Table(table) => table,
        Place::Item(Item::Value(inner)) | Place::Value(inner) => {
            inner.as_inline_table_mut().ok_or("it is not a table")?.insert(name, inline(value)?);
            return Ok(());
        }
        Place::Item(_) => return Err("it is not a table".to_owned()),
    };
    let has_values = table.iter().any(|(_, item)| item.is_value());
    let sections = is_root || !has_values && !table.is_dotted();
    let item = match value {
        Value::Object(_) if sections => Item::Table(self::table(value)?),
        Value::Array(items) if sections && !items.is_empty() && items.iter().all(Value::is_object) => {
            Item::ArrayOfTables(items.iter().map(self::table).collect::<Result<ArrayOfTables, _>>()?)
        }
        value => Item::Value(inline(value)?),
    };
    table.insert(name, item);
    Ok(())
}

fn push(place: Place<'_>, value: &Value) -> Result<(), String> {
    match place {
        Place::Item(Item::ArrayOfTables(tables)) => tables.push(table(value)?),
        Place::Item(Item::Value(list)) | Place::Value(list) => {
            append(list.as_array_mut().ok_or("it is not a list")?, inline(value)?);
        }
        _ => return Err("it is not a list".to_owned()),
    }
    Ok(())
}

/// Adds an item as the others are: on a line of its own where the last one is, comments where they were.
fn append(array: &mut Array, mut item: toml_edit::Value) {
    let Some(last) = array.len().checked_sub(1).and_then(|last| array.get_mut(last)) else {
        array.push(item);
        return;
    };
    let prefix = raw(last.decor().prefix());
    let Some(lead) = prefix.rfind('\n').map(|end| &prefix[end..]) else {
        array.push(item);
        return;
    };
    let suffix = raw(last.decor().suffix());
    last.decor_mut().set_suffix("");
    let end = if array.trailing_comma() { raw(Some(array.trailing())) } else { suffix };
    let (comments, close) = end.split_at(end.rfind('\n').unwrap_or(end.len()));
    item.decor_mut().set_prefix(format!("{comments}{lead}"));
    if array.trailing_comma() {
        array.set_trailing(close.to_owned());
    } else {
        item.decor_mut().set_suffix(close.to_owned());
    }
    array.push_formatted(item);
}

/// Takes an item out, and the comment behind it in its line; the one behind the item before stays.
fn take(array: &mut Array, index: usize) {
    let before = array.get(index).map(|item| raw(item.decor().prefix())).unwrap_or_default();
    let kept = before.split_once('\n').map_or("", |(line, _)| line);
    let merged = |behind: String| behind.find('\n').map(|end| format!("{kept}{}", &behind[end..]));
    if let Some(next) = array.get_mut(index + 1) {
        if let Some(prefix) = merged(raw(next.decor().prefix())) {
            next.decor_mut().set_prefix(prefix);
        }
    } else if let Some(trailing) = merged(raw(Some(array.trailing()))) {
        array.set_trailing(trailing);
    }
    array.remove(index);
}

fn raw(text: Option<&RawString>) -> String {
    text.and_then(RawString::as_str).unwrap_or_default().to_owned()
}

fn remove(root: &mut Item, path: &[Segment]) -> Result<(), String> {
    let (last, parents) = path.split_last().ok_or("a whole document can't be taken out")?;
    match (at(root, parents)?, last) {
        (Place::Item(item), Segment::Member(name)) => {
            item.as_table_like_mut().ok_or("it is not a table")?.remove(name);
        }
        (Place::Table(table), Segment::Member(name)) => {
            table.remove(name);
        }
        (Place::Value(value), Segment::Member(name)) => {
            value.as_inline_table_mut().ok_or("it is not a table")?.remove(name);
        }
        (Place::Item(Item::ArrayOfTables(tables)), Segment::Item(index)) => {
            tables.remove(*index);
        }
        (Place::Item(Item::Value(list)) | Place::Value(list), Segment::Item(index)) => {
            take(list.as_array_mut().ok_or("it is not a list")?, *index);
        }
        _ => return Err("it is not where it was".to_owned()),
    }
    Ok(())
}

fn table(value: &Value) -> Result<Table, String> {
    let Value::Object(members) = value else { return Err("it is not a table".to_owned()) };
    let mut table = Table::new();
    table.set_implicit(!members.is_empty() && members.values().all(Value::is_object));
    for (name, value) in members {
        let item =
            if value.is_object() { Item::Table(self::table(value)?) } else { Item::Value(inline(value)?) };
        table.insert(name, item);
    }
    Ok(table)
}

fn inline(value: &Value) -> Result<toml_edit::Value, String> {
    Ok(match value {
        Value::Null => return Err("TOML can't say `null`".to_owned()),
        Value::Bool(value) => (*value).into(),
        Value::String(text) => text.as_str().into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into(),
            (None, Some(float)) => float.into(),
            (None, None) => return Err(format!("TOML can't say {number}")),
        },
        Value::Array(items) => {
            toml_edit::Value::Array(items.iter().map(inline).collect::<Result<Array, _>>()?)
        }
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| Ok((name.clone(), inline(value)?));
            let members: InlineTable = members.iter().map(member).collect::<Result<_, String>>()?;
            toml_edit::Value::InlineTable(members)
        }
    })
}
