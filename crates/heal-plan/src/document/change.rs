use serde_json::{Map, Value};

use super::key::{Key, Part};

/// What is done at a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// It gets this value; what leads to it is made.
    Set(Value),
    /// It is taken out.
    Remove,
}

/// One step into a document that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    /// A member of a table.
    Member(String),
    /// An item of a list.
    Item(usize),
}

/// A change to one node that is there: all that a format's editor must know how to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Edit {
    /// The node is another value.
    Replace(Vec<Segment>, Value),
    /// The table gets a member.
    Insert(Vec<Segment>, String, Value),
    /// The list gets an item at its end.
    Push(Vec<Segment>, Value),
    /// The node, which is not the root, is taken out.
    Remove(Vec<Segment>),
}

/// Finds the node that has to change, and how; none where the document says so already.
pub(crate) fn resolve(document: &Value, key: &Key, change: &Change) -> Result<Option<Edit>, String> {
    let mut path = Vec::new();
    let mut node = document;
    for (index, part) in key.0.iter().enumerate() {
        let rest = &key.0[index + 1..];
        match (step(node, part)?, change) {
            (Step::There(segment, next), _) => {
                path.push(segment);
                node = next;
            }
            (_, Change::Remove) => return Ok(None),
            (Step::Empty, Change::Set(value)) => {
                return Ok(Some(Edit::Replace(path, nested(&key.0[index..], value)?)));
            }
            (Step::NoMember(name), Change::Set(value)) => {
                return Ok(Some(Edit::Insert(path, name, nested(rest, value)?)));
            }
            (Step::AfterLast(items), Change::Set(value)) => {
                let value = nested(rest, value)?;
                return Ok((!items.contains(&value)).then_some(Edit::Push(path, value)));
            }
        }
    }
    Ok(match change {
        Change::Remove => Some(Edit::Remove(path)),
        Change::Set(value) => (node != value).then(|| Edit::Replace(path, value.clone())),
    })
}

/// What a part of a key finds in a node.
enum Step<'v> {
    There(Segment, &'v Value),
    NoMember(String),
    AfterLast(&'v [Value]),
    Empty,
}

fn step<'v>(node: &'v Value, part: &Part) -> Result<Step<'v>, String> {
    match (node, part) {
        (Value::Object(members), Part::Name(name) | Part::Token(name)) => Ok(match members.get(name) {
            Some(next) => Step::There(Segment::Member(name.clone()), next),
            None => Step::NoMember(name.clone()),
        }),
        (Value::Array(items), Part::Index(index) | Part::Token(index)) => {
            let index: usize = index.parse().map_err(|_| format!("`{index}` is not an item of a list"))?;
            match items.get(index) {
                Some(next) => Ok(Step::There(Segment::Item(index), next)),
                None if index == items.len() => Ok(Step::AfterLast(items)),
                None => Err(format!("the list has {} items and no item {index}", items.len())),
            }
        }
        (Value::Array(items), Part::End) => Ok(Step::AfterLast(items)),
        (Value::Null, _) => Ok(Step::Empty),
        (Value::Array(_), Part::Name(name)) => {
            Err(format!("`{name}` is asked of a list; write `[0]` or `[+]`"))
        }
        (Value::Object(_), _) => Err("an item is asked of a table".to_owned()),
        _ => Err(format!("there is {node}, which holds nothing else")),
    }
}

/// A value within what leads to it.
fn nested(parts: &[Part], value: &Value) -> Result<Value, String> {
    let Some((first, rest)) = parts.split_first() else { return Ok(value.clone()) };
    let inner = nested(rest, value)?;
    match first {
        Part::Name(name) | Part::Token(name) => Ok(Value::Object(Map::from_iter([(name.clone(), inner)]))),
        Part::End => Ok(Value::Array(vec![inner])),
        Part::Index(index) if index == "0" => Ok(Value::Array(vec![inner])),
        Part::Index(index) => Err(format!("there is no list yet, so no item {index}")),
    }
}

impl Edit {
    /// What the document is meant to say afterwards.
    pub(crate) fn applied(&self, mut document: Value) -> Value {
        match self {
            Self::Replace(path, value) => *at(&mut document, path) = value.clone(),
            Self::Insert(path, name, value) => at(&mut document, path)[name.as_str()] = value.clone(),
            Self::Push(path, value) => {
                if let Value::Array(items) = at(&mut document, path) {
                    items.push(value.clone());
                }
            }
            Self::Remove(path) => remove(&mut document, path),
        }
        document
    }
}

fn at<'v>(document: &'v mut Value, path: &[Segment]) -> &'v mut Value {
    path.iter().fold(document, |node, segment| match segment {
        Segment::Member(name) => &mut node[name.as_str()],
        Segment::Item(index) => &mut node[*index],
    })
}

fn remove(document: &mut Value, path: &[Segment]) {
    let Some((last, parents)) = path.split_last() else { return };
    match (at(document, parents), last) {
        (Value::Object(members), Segment::Member(name)) => {
            members.shift_remove(name);
        }
        (Value::Array(items), Segment::Item(index)) => {
            items.remove(*index);
        }
        _ => {}
    }
}
