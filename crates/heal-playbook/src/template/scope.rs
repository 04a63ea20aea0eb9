use std::collections::BTreeMap;

use serde_json::Value;

/// What is known of a value before it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing: it may have any member.
    Any,
    /// A text or number, without members.
    Plain,
    /// A list of such.
    List(Box<Shape>),
    /// An object with just these members.
    Map(BTreeMap<String, Shape>),
}

/// The variables known where a template stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    names: BTreeMap<String, Shape>,
    /// Whether a name that is not known could have been a capture of the rule's patterns.
    pub(crate) has_captures: bool,
    /// Whether any other name may be known as well: where the names come from was refused.
    pub(crate) is_open: bool,
    /// Whether only names are filled in: nothing is called where rules are looked for.
    pub(super) names_alone: bool,
}

impl Shape {
    /// An object whose members are plain.
    pub(crate) fn record<'a>(members: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Map(members.into_iter().map(|name| (name.to_owned(), Self::Plain)).collect())
    }

    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Object(members) => {
                Self::Map(members.iter().map(|(name, value)| (name.clone(), Self::of(value))).collect())
            }
            Value::Array(items) => Self::List(Box::new(items.first().map_or(Self::Any, Self::of))),
            _ => Self::Plain,
        }
    }
}

impl Scope {
    /// The same, where nothing may be called.
    pub(crate) fn with_names_alone(&self) -> Self {
        Self { names_alone: true, ..self.clone() }
    }

    pub(crate) fn add(&mut self, name: &str, shape: Shape) {
        self.names.insert(name.to_owned(), shape);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Shape> {
        self.names.get(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}
