use serde_json::Value;

use super::node::{Kind, Node, Style};
use super::place::column;
use super::scalar::{written, written_in_flow};

/// How a document lays out its blocks, and so how new ones are written.
pub(super) struct Layout {
    /// By how many columns a table stands within another.
    pub(super) unit: usize,
    /// Whether lists are indented below their key.
    lists: bool,
}

/// What a look at a document has found out so far.
#[derive(Default)]
struct Seen {
    unit: Option<usize>,
    lists: Option<bool>,
}

impl Layout {
    /// The layout of the first table within a table and of the first list within one; two columns, and lists
    /// indented, where there is none.
    pub(super) fn of(text: &str, root: &Node) -> Self {
        let mut seen = Seen::default();
        look(text, root, 0, &mut seen);
        Self { unit: seen.unit.unwrap_or(2), lists: seen.lists.unwrap_or(true) }
    }

    /// A member of a table whose names stand at a column.
    pub(super) fn member(&self, name: &str, value: &Value, column: usize) -> String {
        format!("{}:{}", written(&name.into()), self.value(value, column, column + self.unit))
    }

    /// What follows the colon of a name at a column; `inner` is the column of what is indented below it.
    pub(super) fn value(&self, value: &Value, column: usize, inner: usize) -> String {
        match value {
            Value::Object(members) if !members.is_empty() => {
                let member = |(name, value): (&String, &Value)| {
                    format!("\n{}{}", spaces(inner), self.member(name, value, inner))
                };
                members.iter().map(member).collect()
            }
            Value::Array(items) if !items.is_empty() => {
                let column = if self.lists { inner } else { column };
                items.iter().map(|item| format!("\n{}-{}", spaces(column), self.item(item, column))).collect()
            }
            other => format!(" {}", bracketed(other)),
        }
    }

    /// What follows a dash at a column.
    pub(super) fn item(&self, value: &Value, column: usize) -> String {
        match value {
            Value::Object(members) if !members.is_empty() => {
                let inner = column + 2;
                let lines: Vec<String> =
                    members.iter().map(|(name, value)| self.member(name, value, inner)).collect();
                format!(" {}", lines.join(&format!("\n{}", spaces(inner))))
            }
            other => format!(" {}", bracketed(other)),
        }
    }
}

fn look(text: &str, node: &Node, outer: usize, seen: &mut Seen) {
    let Kind::Object(members) = &node.kind else { return };
    for member in members.iter().filter(|member| member.value.style == Style::Block) {
        match &member.value.kind {
            Kind::Object(inner) => {
                let inner = inner.first().map_or(0, |first| column(text, first.key.start));
                seen.unit = seen.unit.or(inner.checked_sub(outer).filter(|&deeper| deeper > 0));
                look(text, &member.value, inner, seen);
            }
            Kind::Array(items) => {
                let dash = items.first().and_then(|first| dash(text, first).ok());
                seen.lists = seen.lists.or(dash.map(|dash| column(text, dash) > outer));
            }
            Kind::Scalar(_) => {}
        }
    }
}

/// Where an item's dash stands.
pub(super) fn dash(text: &str, item: &Node) -> Result<usize, String> {
    let mut before = text[..item.range.start].trim_end_matches([' ', '\t']);
    if item.style == Style::Block && matches!(item.kind, Kind::Scalar(_)) {
        let header = before.rfind(['|', '>']).ok_or("its header stands elsewhere")?;
        before = before[..header].trim_end_matches([' ', '\t']);
    }
    before.strip_suffix('-').map(str::len).ok_or_else(|| "its dash stands elsewhere".to_owned())
}

/// A value on one line.
fn bracketed(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(within).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                format!("{}: {}", written_in_flow(&name.as_str().into()), within(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        scalar => written(scalar),
    }
}

fn within(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => bracketed(value),
        scalar => written_in_flow(scalar),
    }
}

/// So many spaces.
pub(super) fn spaces(count: usize) -> String {
    " ".repeat(count)
}
