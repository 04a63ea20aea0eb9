use std::ops::Range;

use serde_json::Value;

use super::change::Segment;

/// Part of a document with its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    /// In bytes; for what is written in blocks, from its first key or dash to its last value.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) kind: Kind,
    /// How it is written.
    pub(super) style: Style,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A text, number, truth value or nothing.
    Scalar(Value),
    /// A table.
    Object(Vec<Member>),
    /// A list.
    Array(Vec<Node>),
}

/// A member of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    /// Where its name stands, quotes and all.
    pub(super) key: Range<usize>,
    /// Its name.
    pub(super) name: String,
    /// Its value.
    pub(super) value: Node,
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is, or within brackets.
    Flow,
    /// By indentation: tables and lists, and texts of several lines.
    Block,
    /// In double quotes.
    Double,
    /// In single quotes.
    Single,
    /// By reference to another place, where its children stand.
    Alias,
}

impl Node {
    /// The nodes that a path goes through, the root first and the one it leads to last.
    pub(super) fn along(&self, path: &[Segment]) -> Result<Vec<&Node>, String> {
        let mut nodes = vec![self];
        let mut node = self;
        for segment in path {
            let next = match (&node.kind, segment) {
                (Kind::Object(members), Segment::Member(name)) => {
                    members.iter().find(|member| member.name == *name).map(|member| &member.value)
                }
                (Kind::Array(items), Segment::Item(index)) => items.get(*index),
                _ => None,
            };
            let next = next.filter(|_| node.style != Style::Alias);
            node = next.ok_or("what leads there is written twice, or by reference")?;
            nodes.push(node);
        }
        Ok(nodes)
    }

    /// Where each child starts and ends; a member's name is part of it.
    pub(super) fn children(&self) -> Vec<Range<usize>> {
        match &self.kind {
            Kind::Scalar(_) => Vec::new(),
            Kind::Array(items) => items.iter().map(|item| item.range.clone()).collect(),
            Kind::Object(members) => members
                .iter()
                .map(|member| member.key.start..member.value.range.end.max(member.key.end))
                .collect(),
        }
    }

    /// Which child a segment names.
    pub(super) fn child(&self, segment: &Segment) -> Option<usize> {
        match (&self.kind, segment) {
            (Kind::Object(members), Segment::Member(name)) => {
                members.iter().position(|member| member.name == *name)
            }
            (Kind::Array(_), Segment::Item(index)) => Some(*index),
            _ => None,
        }
    }

    /// What it says.
    pub(super) fn value(&self) -> Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::Array(items) => items.iter().map(Self::value).collect(),
            Kind::Object(members) => Value::Object(
                members.iter().map(|member| (member.name.clone(), member.value.value())).collect(),
            ),
        }
    }
}
