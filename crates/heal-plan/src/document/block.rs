use std::ops::Range;

use serde_json::{Map, Value};

use super::change::{Edit, Segment};
use super::flow::{self, Comments, Writer, is_bracketed};
use super::node::{Kind, Node, Style};
use super::place::{line_end, line_start, spliced, starts_line};
use super::scalar::{restyled, written, written_in_flow};

/// Changes a YAML document; what stands within brackets is changed as JSON is.
pub(super) fn edited(text: &str, root: &Node, edit: &Edit) -> Result<String, String> {
    let blocks = Blocks { text, layout: Layout::of(text, root) };
    let (Edit::Replace(path, _) | Edit::Insert(path, ..) | Edit::Push(path, _) | Edit::Remove(path)) = edit;
    let nodes = root.along(path)?;
    let last = nodes[nodes.len() - 1];
    let within = if matches!(edit, Edit::Remove(_)) { &nodes[..nodes.len() - 1] } else { &nodes[..] };
    let simple = matches!((edit, &last.kind), (Edit::Replace(_, value), Kind::Scalar(_)) if is_scalar(value));
    let adds = matches!(edit, Edit::Insert(..) | Edit::Push(..));
    if adds && last.style == Style::Alias {
        return Err("what leads there is written by reference".to_owned());
    }
    if within.iter().any(|node| is_bracketed(text, node)) {
        let writer = Writer {
            text,
            unit: blocks.layout.unit.clone(),
            comments: Comments::Hash,
            scalar: written_in_flow,
        };
        return flow::edited(root, edit, &writer);
    }
    let splice = match edit {
        Edit::Replace(_, value) if simple && !last.range.is_empty() && last.style != Style::Block => {
            (last.range.clone(), restyled(value, last.style, false))
        }
        Edit::Replace(path, value) => blocks.replace(&nodes, path, value)?,
        Edit::Insert(_, name, value) => {
            let Kind::Object(members) = &last.kind else { return Err("it is not a table".to_owned()) };
            let first = members.first().ok_or("it is not written in blocks")?;
            let column = blocks.column(first.key.start);
            blocks.after(last, &format!("{}{}", spaces(column), blocks.member(name, value, column)))
        }
        Edit::Push(_, value) => {
            let Kind::Array(items) = &last.kind else { return Err("it is not a list".to_owned()) };
            let first = items.first().ok_or("it is not written in blocks")?;
            let column = blocks.column(blocks.dash(first)?);
            blocks.after(last, &format!("{}-{}", spaces(column), blocks.item(value, column)))
        }
        Edit::Remove(path) => blocks.remove(&nodes, path)?,
    };
    Ok(spliced(text, vec![splice]))
}

/// How a document lays out its blocks.
struct Layout {
    unit: String,
    /// Whether lists are indented below their key.
    lists: bool,
}

struct Blocks<'a> {
    text: &'a str,
    layout: Layout,
}

type Splice = (Range<usize>, String);

impl Blocks<'_> {
    /// A splice that puts a line after a node's last.
    fn after(&self, node: &Node, line: &str) -> Splice {
        let at = line_end(self.text, node.range.end);
        (at..at, format!("\n{line}"))
    }

    fn replace(&self, nodes: &[&Node], path: &[Segment], value: &Value) -> Result<Splice, String> {
        let node = nodes[nodes.len() - 1];
        let Some(segment) = path.last() else {
            let lines = self.value(value, 0, 0);
            let at_start = node.range.is_empty() && (self.text.is_empty() || self.text.ends_with('\n'));
            let body = lines.trim_start().to_owned();
            let body = if node.range.is_empty() && !at_start { format!("\n{body}") } else { body };
            let end = if node.range.is_empty() { "\n" } else { "" };
            return Ok((node.range.clone(), body + end));
        };
        let parent = nodes[nodes.len() - 2];
        let index = parent.child(segment).ok_or("it is not where it was")?;
        match &parent.kind {
            Kind::Object(members) => {
                let key = &members[index].key;
                let rest = &self.text[key.end..];
                let colon =
                    rest.find(':').filter(|&at| rest[..at].trim().is_empty()).ok_or("it has no colon")?;
                let column = self.column(key.start);
                let after = key.end + colon + 1;
                Ok((
                    after..node.range.end.max(after),
                    self.value(value, column, column + self.layout.unit.len()),
                ))
            }
            Kind::Array(_) => {
                let dash = self.dash(node)?;
                Ok((dash + 1..node.range.end.max(dash + 1), self.item(value, self.column(dash))))
            }
            Kind::Scalar(_) => Err("it holds nothing".to_owned()),
        }
    }

    fn remove(&self, nodes: &[&Node], path: &[Segment]) -> Result<Splice, String> {
        let (segment, above) = path.split_last().ok_or("a whole document can't be taken out")?;
        let parent = nodes[nodes.len() - 2];
        let index = parent.child(segment).ok_or("it is not where it was")?;
        let children = parent.children();
        if children.len() == 1 {
            let empty = if matches!(parent.kind, Kind::Array(_)) {
                Value::Array(Vec::new())
            } else {
                Value::Object(Map::new())
            };
            return self.replace(&nodes[..nodes.len() - 1], above, &empty);
        }
        let start = match &parent.kind {
            Kind::Array(items) => self.dash(&items[index])?,
            _ => children[index].start,
        };
        if starts_line(self.text, start) {
            let end = line_end(self.text, children[index].end);
            return Ok((line_start(self.text, start)..(end + 1).min(self.text.len()), String::new()));
        }
        let next = children.get(index + 1).ok_or("it shares its line with what holds it")?;
        let next = match &parent.kind {
            Kind::Array(items) => self.dash(&items[index + 1])?,
            _ => next.start,
        };
        Ok((start..next, String::new()))
    }

    /// Where an item's dash stands.
    fn dash(&self, item: &Node) -> Result<usize, String> {
        let mut before = self.text[..item.range.start].trim_end_matches([' ', '\t']);
        if item.style == Style::Block && matches!(item.kind, Kind::Scalar(_)) {
            let header = before.rfind(['|', '>']).ok_or("its header stands elsewhere")?;
            before = before[..header].trim_end_matches([' ', '\t']);
        }
        before.strip_suffix('-').map(str::len).ok_or_else(|| "its dash stands elsewhere".to_owned())
    }

    fn column(&self, offset: usize) -> usize {
        self.text[line_start(self.text, offset)..offset].chars().count()
    }

    fn member(&self, name: &str, value: &Value, column: usize) -> String {
        format!("{}:{}", written(&name.into()), self.value(value, column, column + self.layout.unit.len()))
    }

    /// What follows a key's colon; `inner` is the column of what is indented below it.
    fn value(&self, value: &Value, column: usize, inner: usize) -> String {
        match value {
            Value::Object(members) if !members.is_empty() => {
                let member = |(name, value): (&String, &Value)| {
                    format!("\n{}{}", spaces(inner), self.member(name, value, inner))
                };
                members.iter().map(member).collect()
            }
            Value::Array(items) if !items.is_empty() => {
                let column = if self.layout.lists { inner } else { column };
                items.iter().map(|item| format!("\n{}-{}", spaces(column), self.item(item, column))).collect()
            }
            other => format!(" {}", bracketed(other)),
        }
    }

    /// What follows an item's dash.
    fn item(&self, value: &Value, column: usize) -> String {
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

impl Layout {
    fn of(text: &str, root: &Node) -> Self {
        let blocks = Blocks { text, layout: Self { unit: "  ".to_owned(), lists: true } };
        let mut layout = Self { unit: String::new(), lists: true };
        let mut lists = None;
        blocks.look(root, 0, &mut layout.unit, &mut lists);
        if layout.unit.is_empty() {
            layout.unit = "  ".to_owned();
        }
        layout.lists = lists.unwrap_or(true);
        layout
    }
}

impl Blocks<'_> {
    /// Finds the first table within a table and the first list within one.
    fn look(&self, node: &Node, outer: usize, unit: &mut String, lists: &mut Option<bool>) {
        let Kind::Object(members) = &node.kind else { return };
        for member in members.iter().filter(|member| member.value.style == Style::Block) {
            match &member.value.kind {
                Kind::Object(inner) => {
                    let column = inner.first().map_or(0, |first| self.column(first.key.start));
                    if unit.is_empty() && column > outer {
                        *unit = spaces(column - outer);
                    }
                    self.look(&member.value, column, unit, lists);
                }
                Kind::Array(items) => {
                    let dash = items.first().and_then(|first| self.dash(first).ok());
                    *lists = lists.or(dash.map(|dash| self.column(dash) > outer));
                }
                Kind::Scalar(_) => {}
            }
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
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
    if is_scalar(value) { written_in_flow(value) } else { bracketed(value) }
}

fn spaces(count: usize) -> String {
    " ".repeat(count)
}
