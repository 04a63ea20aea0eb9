use std::ops::Range;

use granit_parser::ScalarStyle;
use serde_json::Value;

use super::{place, scalar};

/// A value of the document and its place in the text.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum Kind {
    Scalar { text: String, style: ScalarStyle },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    pub(crate) value: Node,
}

impl Node {
    /// The value without places.
    pub(crate) fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar { text, style } => scalar::value(text, *style),
            Kind::List(items) => items.iter().map(Self::value).collect(),
            Kind::Map(entries) => {
                let members = entries.iter().map(|entry| (entry.key.clone(), entry.value.value()));
                Value::Object(members.collect())
            }
        }
    }

    /// The entry of a map with this key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// A member of a map; the node itself where it has none of that name, so that there is always a place to show.
    pub(crate) fn at(&self, key: &str) -> &Self {
        self.entry(key).map_or(self, |entry| &entry.value)
    }

    /// The items of a list; a node that is none is its own only item, as a short form is.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The node that a JSON pointer leads to, or the last one on the way.
    pub(crate) fn pointed(&self, pointer: &str) -> &Self {
        pointer.split('/').skip(1).fold(self, |node, part| match &node.kind {
            Kind::List(items) => part.parse().ok().and_then(|index: usize| items.get(index)).unwrap_or(node),
            _ => node.at(&part.replace("~1", "/").replace("~0", "~")),
        })
    }

    /// Where a part of a scalar's decoded text is written; the whole node where that can't be told.
    pub(crate) fn within(&self, source: &str, part: &Range<usize>) -> Range<usize> {
        match &self.kind {
            Kind::Scalar { text, style } => {
                let start = self.span.start;
                let indent = start - source[..start].rfind('\n').map_or(0, |line_end| line_end + 1);
                place::of(&source[self.span.clone()], text, *style, indent, part)
                    .map_or_else(|| self.span.clone(), |found| found.start + start..found.end + start)
            }
            _ => self.span.clone(),
        }
    }

    /// The first line of the node, for problems that are about all of it.
    pub(crate) fn head(&self, source: &str) -> Range<usize> {
        let text = &source[self.span.clone()];
        let line = text.lines().next().unwrap_or_default().trim_end();
        self.span.start..self.span.start + line.len()
    }
}
