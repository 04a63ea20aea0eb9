use std::ops::Range;

use serde_json::{Map, Value};

use super::change::{Edit, Segment};
use super::flow::{self, Comments, Writer, is_bracketed};
use super::layout::{Layout, dash, spaces};
use super::node::{Kind, Node, Style};
use super::place::{column, line_end, line_start, spliced, starts_line};
use super::scalar::{restyled, written_in_flow};

type Splice = (Range<usize>, String);

/// Changes a YAML document; what stands within brackets is changed as JSON is.
pub(super) fn edited(text: &str, root: &Node, edit: &Edit) -> Result<String, String> {
    let (Edit::Replace(path, _) | Edit::Insert(path, ..) | Edit::Push(path, _) | Edit::Remove(path)) = edit;
    let nodes = root.along(path)?;
    let last = nodes[nodes.len() - 1];
    let adds = matches!(edit, Edit::Insert(..) | Edit::Push(..));
    if adds && last.style == Style::Alias {
        return Err("what leads there is written by reference".to_owned());
    }
    let blocks = Blocks { text, layout: Layout::of(text, root) };
    let within = if matches!(edit, Edit::Remove(_)) { &nodes[..nodes.len() - 1] } else { &nodes[..] };
    if within.iter().any(|node| is_bracketed(text, node)) {
        let unit = spaces(blocks.layout.unit);
        let writer = Writer { text, unit, comments: Comments::Hash, scalar: written_in_flow };
        return flow::edited(root, edit, &writer);
    }
    let splice = match edit {
        Edit::Replace(path, value) => blocks.replace(&nodes, path, value)?,
        Edit::Insert(_, name, value) => blocks.insert(last, name, value)?,
        Edit::Push(_, value) => blocks.push(last, value)?,
        Edit::Remove(path) => blocks.remove(&nodes, path)?,
    };
    Ok(spliced(text, vec![splice]))
}

struct Blocks<'a> {
    text: &'a str,
    layout: Layout,
}

impl Blocks<'_> {
    fn insert(&self, table: &Node, name: &str, value: &Value) -> Result<Splice, String> {
        let Kind::Object(members) = &table.kind else { return Err("it is not a table".to_owned()) };
        let first = members.first().ok_or("it is not written in blocks")?;
        let column = column(self.text, first.key.start);
        Ok(self.after(table, &format!("{}{}", spaces(column), self.layout.member(name, value, column))))
    }

    fn push(&self, list: &Node, value: &Value) -> Result<Splice, String> {
        let Kind::Array(items) = &list.kind else { return Err("it is not a list".to_owned()) };
        let first = items.first().ok_or("it is not written in blocks")?;
        let column = column(self.text, dash(self.text, first)?);
        Ok(self.after(list, &format!("{}-{}", spaces(column), self.layout.item(value, column))))
    }

    /// A splice that puts a line after a node's last.
    fn after(&self, node: &Node, line: &str) -> Splice {
        let at = line_end(self.text, node.range.end);
        (at..at, format!("\n{line}"))
    }

    fn replace(&self, nodes: &[&Node], path: &[Segment], value: &Value) -> Result<Splice, String> {
        let node = nodes[nodes.len() - 1];
        let is_flat =
            matches!(node.kind, Kind::Scalar(_)) && !node.range.is_empty() && node.style != Style::Block;
        if is_flat && !matches!(value, Value::Array(_) | Value::Object(_)) {
            return Ok((node.range.clone(), restyled(value, node.style)));
        }
        let Some(segment) = path.last() else { return Ok(self.replace_root(node, value)) };
        let parent = nodes[nodes.len() - 2];
        let index = parent.child(segment).ok_or("it is not where it was")?;
        let (after, new) = match &parent.kind {
            Kind::Object(members) => {
                let key = &members[index].key;
                let rest = &self.text[key.end..];
                let colon =
                    rest.find(':').filter(|&at| rest[..at].trim().is_empty()).ok_or("it has no colon")?;
                let column = column(self.text, key.start);
                (key.end + colon + 1, self.layout.value(value, column, column + self.layout.unit))
            }
            _ => {
                let dash = dash(self.text, node)?;
                (dash + 1, self.layout.item(value, column(self.text, dash)))
            }
        };
        Ok((after..node.range.end.max(after), new))
    }

    fn replace_root(&self, root: &Node, value: &Value) -> Splice {
        let new = self.layout.value(value, 0, 0);
        let new = new.trim_start();
        if !root.range.is_empty() {
            return (root.range.clone(), new.to_owned());
        }
        let starts = self.text.is_empty() || self.text.ends_with('\n');
        let before = if starts { "" } else { "\n" };
        (self.text.len()..self.text.len(), format!("{before}{new}\n"))
    }

    fn remove(&self, nodes: &[&Node], path: &[Segment]) -> Result<Splice, String> {
        let (segment, above) = path.split_last().ok_or("a whole document can't be taken out")?;
        let parent = nodes[nodes.len() - 2];
        let index = parent.child(segment).ok_or("it is not where it was")?;
        let children = parent.children();
        if children.len() == 1 {
            let is_list = matches!(parent.kind, Kind::Array(_));
            let empty = if is_list { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
            return self.replace(&nodes[..nodes.len() - 1], above, &empty);
        }
        let start = |index: usize| match &parent.kind {
            Kind::Array(items) => dash(self.text, &items[index]),
            _ => Ok(children[index].start),
        };
        let here = start(index)?;
        if starts_line(self.text, here) {
            let end = line_end(self.text, children[index].end);
            return Ok((line_start(self.text, here)..(end + 1).min(self.text.len()), String::new()));
        }
        if index + 1 == children.len() {
            return Err("it shares its line with what holds it".to_owned());
        }
        Ok((here..start(index + 1)?, String::new()))
    }
}
