use std::collections::BTreeMap;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag};
use serde_json::Value;

use super::block;
use super::change::Edit;
use super::node::{Kind, Member, Node, Style};
use super::scalar::resolve;

/// How many nodes a document may have, those that aliases stand for included.
const MOST: usize = 200_000;

/// Whether a text is YAML; there may be several documents.
pub(super) fn check(text: &str) -> Result<(), String> {
    Parser::new_from_str(text).try_for_each(|event| event.map(|_| ()).map_err(|error| error.to_string()))
}

/// What a YAML document says.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    Ok(tree(text)?.value())
}

/// A YAML document with one change made, each other byte as it was.
pub(super) fn edited(text: &str, edit: &Edit) -> Result<String, String> {
    block::edited(text, &tree(text)?, edit)
}

fn tree(text: &str) -> Result<Node, String> {
    let mut events = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| error.to_string())?;
        match event {
            Event::Comment(..) | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            event => events.push((event, span)),
        }
    }
    let starts = events.iter().filter(|(event, _)| matches!(event, Event::DocumentStart(..))).count();
    if starts > 1 {
        return Err("it holds several documents".to_owned());
    }
    events.retain(|(event, _)| !matches!(event, Event::DocumentStart(..)));
    events.reverse();
    if events.is_empty() {
        return Ok(Node {
            range: text.len()..text.len(),
            kind: Kind::Scalar(Value::Null),
            style: Style::Flow,
        });
    }
    Builder { text, events, anchors: BTreeMap::new(), nodes: 0 }.node()
}

struct Builder<'a> {
    text: &'a str,
    /// In reverse: the next is the last.
    events: Vec<(Event<'a>, Span)>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
}

impl Builder<'_> {
    fn node(&mut self) -> Result<Node, String> {
        self.spend(1)?;
        let (event, span) = self.events.pop().ok_or("it ends too early")?;
        let range = span.byte_range().ok_or("it has no places")?;
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let kind = Kind::Scalar(scalar(&text, style, tag.as_deref()));
                let style = scalar_style(style);
                let len = if style == Style::Block {
                    self.text[range.clone()].trim_end().len()
                } else {
                    range.len()
                };
                (Node { range: range.start..range.start + len, kind, style }, anchor)
            }
            Event::SequenceStart(style, anchor, _) => (self.sequence(range.start, style)?, anchor),
            Event::MappingStart(style, anchor, _) => (self.mapping(range.start, style)?, anchor),
            Event::Alias(anchor) => {
                let of = self.anchors.get(&anchor).ok_or("an alias stands before its anchor")?.clone();
                self.spend(size(&of))?;
                (Node { range, kind: of.kind, style: Style::Alias }, 0)
            }
            _ => return Err("it is not a tree of values".to_owned()),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn spend(&mut self, nodes: usize) -> Result<(), String> {
        self.nodes += nodes;
        if self.nodes > MOST { Err(format!("it has more than {MOST} values")) } else { Ok(()) }
    }

    fn sequence(&mut self, start: usize, style: StructureStyle) -> Result<Node, String> {
        let mut items: Vec<Node> = Vec::new();
        let closing = loop {
            if let Some((_, span)) = self.events.pop_if(|(event, _)| matches!(event, Event::SequenceEnd)) {
                break span;
            }
            items.push(self.node()?);
        };
        let end = items.last().map_or(start, |last| last.range.end);
        let end = if style == StructureStyle::Flow {
            closing.byte_range().map_or(end, |range| range.end)
        } else {
            end
        };
        Ok(Node { range: start..end, kind: Kind::Array(items), style: structure_style(style) })
    }

    fn mapping(&mut self, start: usize, style: StructureStyle) -> Result<Node, String> {
        let mut members: Vec<Member> = Vec::new();
        let closing = loop {
            if let Some((_, span)) = self.events.pop_if(|(event, _)| matches!(event, Event::MappingEnd)) {
                break span;
            }
            members.push(self.member()?);
        };
        let end = members.last().map_or(start, |last| last.value.range.end);
        let end = if style == StructureStyle::Flow {
            closing.byte_range().map_or(end, |range| range.end)
        } else {
            end
        };
        Ok(Node { range: start..end, kind: Kind::Object(members), style: structure_style(style) })
    }

    fn member(&mut self) -> Result<Member, String> {
        let Some((Event::Scalar(name, ..), span)) = self.events.pop() else {
            return Err("a key is not a text".to_owned());
        };
        let (name, key) = (name.into_owned(), span.byte_range().ok_or("it has no places")?);
        let mut value = self.node()?;
        if value.range.is_empty() && value.style == Style::Flow {
            let after = self.text[key.end..].trim_start_matches([' ', '\t']);
            let at = self.text.len() - after.len() + usize::from(after.starts_with(':'));
            value.range = at..at;
        }
        Ok(Member { key, name, value })
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let is_text = tag.is_some_and(|tag| tag.core_suffix() == Some("str"));
    if style == ScalarStyle::Plain && !is_text { resolve(text) } else { text.into() }
}

fn scalar_style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        ScalarStyle::Plain => Style::Flow,
    }
}

fn structure_style(style: StructureStyle) -> Style {
    match style {
        StructureStyle::Block => Style::Block,
        StructureStyle::Flow => Style::Flow,
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Scalar(_) => 0,
        Kind::Array(items) => items.iter().map(size).sum(),
        Kind::Object(members) => members.iter().map(|member| size(&member.value)).sum::<usize>(),
    }
}
