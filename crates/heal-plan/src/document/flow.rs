use std::ops::Range;

use serde_json::Value;

use super::change::{Edit, Segment};
use super::node::{Kind, Node};
use super::place::{indent, line_end, line_start, spliced, starts_line};

/// How a text within brackets is written.
pub(super) struct Writer<'a> {
    /// The document.
    pub(super) text: &'a str,
    /// One level of indentation.
    pub(super) unit: String,
    /// What comments look like.
    pub(super) comments: Comments,
    /// How a scalar is written.
    pub(super) scalar: fn(&Value) -> String,
}

/// What comments look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comments {
    /// `// …` and `/* … */`.
    Slashes,
    /// `# …`.
    Hash,
}

/// Changes a document whose changed node is written within brackets.
pub(super) fn edited(root: &Node, edit: &Edit, writer: &Writer<'_>) -> Result<String, String> {
    let splices = match edit {
        Edit::Replace(path, value) => {
            let nodes = root.along(path)?;
            let node = nodes[nodes.len() - 1];
            let parent = nodes.len().checked_sub(2).map_or(node, |parent| nodes[parent]);
            let lead = indent(writer.text, node.range.start);
            vec![(node.range.clone(), writer.write(value, lead, writer.is_tall(parent) || path.is_empty()))]
        }
        Edit::Insert(path, name, value) => {
            let nodes = root.along(path)?;
            writer.add(nodes[nodes.len() - 1], Some(name), value)
        }
        Edit::Push(path, value) => {
            let nodes = root.along(path)?;
            writer.add(nodes[nodes.len() - 1], None, value)
        }
        Edit::Remove(path) => {
            let (last, parents) = path.split_last().ok_or("a whole document can't be taken out")?;
            let nodes = root.along(parents)?;
            writer.take(nodes[nodes.len() - 1], last)?
        }
    };
    Ok(spliced(writer.text, splices))
}

impl Writer<'_> {
    /// Whether a container's children stand on lines of their own.
    fn is_tall(&self, container: &Node) -> bool {
        match container.children().first() {
            Some(first) => self.text[container.range.start..first.start].contains('\n'),
            None => {
                self.comments == Comments::Slashes && self.text.trim_end().contains('\n')
                    || container.range.start == 0
            }
        }
    }

    fn add(&self, container: &Node, name: Option<&String>, value: &Value) -> Vec<(Range<usize>, String)> {
        let tall = self.is_tall(container);
        let outer = indent(self.text, container.range.start);
        let children = container.children();
        let lead = match children.last() {
            Some(last) if tall => indent(self.text, last.start).to_owned(),
            _ => format!("{outer}{}", self.unit),
        };
        let value = self.write(value, if tall { &lead } else { outer }, tall);
        let child = name.map_or_else(|| value.clone(), |name| format!("{}: {value}", self.name(name)));
        let Some(last) = children.last() else {
            let inside = if tall { format!("\n{lead}{child}\n{outer}") } else { child };
            return vec![(container.range.start + 1..container.range.end - 1, inside)];
        };
        let comma = self.comma(last.end);
        let before = if tall { format!("\n{lead}") } else { " ".to_owned() };
        let after_comments = self.after_comments(comma.map_or(last.end, |comma| comma + 1));
        match comma {
            Some(_) => vec![(after_comments..after_comments, format!("{before}{child},"))],
            None if after_comments == last.end => vec![(last.end..last.end, format!(",{before}{child}"))],
            None => vec![
                (last.end..last.end, ",".to_owned()),
                (after_comments..after_comments, format!("{before}{child}")),
            ],
        }
    }

    fn take(&self, container: &Node, segment: &Segment) -> Result<Vec<(Range<usize>, String)>, String> {
        let children = container.children();
        let index = container.child(segment).ok_or("it is not where it was")?;
        let child = children.get(index).ok_or("it is not where it was")?;
        let comma = self.comma(child.end);
        let end = self.after_comments(comma.map_or(child.end, |comma| comma + 1));
        let whole_lines =
            starts_line(self.text, child.start) && self.text[end..line_end(self.text, end)].trim().is_empty();
        let gone = match (whole_lines, comma) {
            (true, _) => {
                line_start(self.text, child.start)..(line_end(self.text, end) + 1).min(self.text.len())
            }
            (false, Some(comma)) => {
                let rest = &self.text[comma + 1..];
                child.start..comma + 1 + (rest.len() - rest.trim_start_matches(' ').len())
            }
            (false, None) => child.clone(),
        };
        let mut splices = vec![(gone.clone(), String::new())];
        match (index.checked_sub(1).map(|before| children[before].end), comma) {
            _ if children.len() == 1 => {
                let inside = container.range.start + 1..container.range.end - 1;
                let kept =
                    [&self.text[inside.start..gone.start], &self.text[gone.end.min(inside.end)..inside.end]];
                if kept.iter().all(|kept| kept.trim().is_empty()) {
                    splices = vec![(inside, String::new())];
                }
            }
            (Some(before), None) if whole_lines => {
                splices.extend(self.comma(before).map(|comma| (comma..comma + 1, String::new())));
            }
            (Some(before), None) => splices = vec![(before..gone.end, String::new())],
            _ => {}
        }
        Ok(splices)
    }

    /// The comma after a child.
    fn comma(&self, from: usize) -> Option<usize> {
        let at = self.skip(from, true);
        self.text[at..].starts_with(',').then_some(at)
    }

    /// The end of the comments that follow in the same line.
    fn after_comments(&self, from: usize) -> usize {
        let end = self.skip(from, false);
        if self.text[from..end].trim().is_empty() { from } else { end }
    }

    /// Passes over white space and comments, or only those of the line; never over the `\n` that ends it then.
    fn skip(&self, from: usize, lines: bool) -> usize {
        let mut at = from;
        loop {
            let rest = &self.text[at..];
            let space = rest.len()
                - rest
                    .trim_start_matches(|space: char| space.is_whitespace() && (lines || space != '\n'))
                    .len();
            let rest = &rest[space..];
            let line = |mark: &str| rest.starts_with(mark).then(|| rest.find('\n').unwrap_or(rest.len()));
            let comment = match self.comments {
                Comments::Hash => line("#"),
                Comments::Slashes => line("//").or_else(|| {
                    rest.starts_with("/*").then(|| rest.find("*/").map_or(rest.len(), |end| end + 2))
                }),
            };
            match comment {
                Some(length) => at += space + length,
                None if lines => return at + space,
                None => return at,
            }
        }
    }

    fn name(&self, name: &str) -> String {
        (self.scalar)(&Value::from(name))
    }

    /// A value, its further lines indented below `lead`.
    fn write(&self, value: &Value, lead: &str, tall: bool) -> String {
        let inner = format!("{lead}{}", self.unit);
        let (open, close, children) = match value {
            Value::Array(items) => {
                ('[', ']', items.iter().map(|item| self.write(item, &inner, tall)).collect::<Vec<_>>())
            }
            Value::Object(members) => {
                let member = |(name, value): (&String, &Value)| {
                    format!("{}: {}", self.name(name), self.write(value, &inner, tall))
                };
                ('{', '}', members.iter().map(member).collect())
            }
            scalar => return (self.scalar)(scalar),
        };
        if tall && !children.is_empty() {
            return format!("{open}\n{inner}{}\n{lead}{close}", children.join(&format!(",\n{inner}")));
        }
        format!("{open}{}{close}", children.join(", "))
    }
}

/// Whether a node is written within brackets, so that what is put into it must be too.
pub(super) fn is_bracketed(text: &str, node: &Node) -> bool {
    !matches!(node.kind, Kind::Scalar(_)) && text[node.range.clone()].starts_with(['{', '['])
}
