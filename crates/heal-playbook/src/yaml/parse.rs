use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StructureStyle};

use super::syntax::Slip;
use super::{Entry, Kind, Node};
use crate::source::Source;
use crate::{Code, Problem};

/// How deep maps and lists may nest.
const DEEPEST: usize = 32;
/// How many scalars, lists and maps there may be. A playbook's size bounds their text: nothing is said twice.
const MOST_NODES: usize = 20_000;

/// Reads a document's events into a tree.
///
/// Anchors, aliases, merge keys, tags and further documents are refused as they are met, before anything could
/// grow from them. Without a tree there is at least one problem.
pub(crate) fn parse(source: &Source) -> (Option<Node>, Vec<Problem>) {
    let mut reader = Reader {
        source,
        base: source.bom(),
        open: Vec::new(),
        root: None,
        nodes: 0,
        whole: true,
        problems: Vec::new(),
    };
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.emit_unresolved_aliases = true;
    options.emit_anchor_events = true;
    for event in Parser::new_from_str_with_options(&source.text[reader.base..], options) {
        let read = match event {
            Ok((event, span)) => reader.read(event, &span),
            Err(error) => Err(reader.syntax(&error)),
        };
        if let Err(problem) = read {
            reader.problems.push(problem);
            reader.whole = false;
            break;
        }
    }
    if reader.whole && reader.root.is_none() {
        let problem = Problem::new(Code::Syntax, 0..source.text.len().min(1), "the playbook is empty");
        reader.problems.push(problem.help("start with `heal: 1`, `name: …` and `rules:`"));
    }
    (reader.root.filter(|_| reader.whole), reader.problems)
}

struct Reader<'a> {
    source: &'a Source,
    base: usize,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    /// Whether the tree says all that the text says.
    whole: bool,
    problems: Vec<Problem>,
}

/// A list or map that has not ended.
struct Open {
    start: usize,
    style: StructureStyle,
    filling: Filling,
}

enum Filling {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, seen: BTreeMap<String, usize>, key: Option<(String, Range<usize>)> },
}

impl Reader<'_> {
    fn read(&mut self, event: Event<'_>, span: &Span) -> Result<(), Problem> {
        if let Some(tag) = span.tag_span().filter(|_| event.tag().is_some()) {
            self.refuse(Code::Tag, self.range(&tag), "a playbook has no tags", "take the tag out");
        }
        match event {
            Event::Scalar(text, style, ..) => self.scalar(text.into_owned(), style, self.range(span)),
            Event::SequenceStart(style, ..) => self.open(style, span, Filling::List(Vec::new())),
            Event::MappingStart(style, ..) => {
                self.open(style, span, Filling::Map { entries: Vec::new(), seen: BTreeMap::new(), key: None })
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(..) => {
                let help = "write the value out at each place where it is used";
                self.refuse(Code::Alias, self.range(span), "a playbook has no anchors", help);
                Ok(())
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let range = self.range(span);
                let help = "write the value out, or put quotes around a text that starts with `*`";
                self.refuse(Code::Alias, range.clone(), "a playbook has no aliases", help);
                self.scalar(String::new(), ScalarStyle::DoubleQuoted, range)
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                let problem = Problem::new(Code::Documents, self.range(span), "a second document starts");
                Err(problem.help("a playbook is one document: put the other into a file of its own"))
            }
            _ => Ok(()),
        }
    }

    fn range(&self, span: &Span) -> Range<usize> {
        let bytes = span.byte_range().unwrap_or(0..0);
        bytes.start + self.base..bytes.end + self.base
    }

    fn refuse(&mut self, code: Code, span: Range<usize>, message: &str, help: &str) {
        self.whole = false;
        self.problems.push(Problem::new(code, span, message).help(help));
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, span: Range<usize>) -> Result<(), Problem> {
        self.count(&span)?;
        self.put(Node { span: self.trimmed(span, style), kind: Kind::Scalar { text, style } })
    }

    /// A block scalar's span reaches over the blank lines after it; those are nobody's.
    fn trimmed(&self, span: Range<usize>, style: ScalarStyle) -> Range<usize> {
        let text = self.source.text.get(span.clone()).unwrap_or_default();
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => span.start..span.start + text.trim_end().len(),
            _ => span,
        }
    }

    fn count(&mut self, span: &Range<usize>) -> Result<(), Problem> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            let message = format!("the playbook holds more than {MOST_NODES} values");
            return Err(Problem::new(Code::Limit, span.clone(), message).help("split it into several files"));
        }
        Ok(())
    }

    fn open(&mut self, style: StructureStyle, span: &Span, filling: Filling) -> Result<(), Problem> {
        let range = self.range(span);
        self.count(&range)?;
        if let Some(Open { filling: Filling::Map { key: None, .. }, .. }) = self.open.last() {
            return Err(self.no_key(range.start));
        }
        if self.open.len() == DEEPEST {
            return Err(too_deep(range.start));
        }
        self.open.push(Open { start: range.start, style, filling });
        Ok(())
    }

    fn close(&mut self, span: &Span) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let end = self.range(span).end;
        let (kind, last) = match open.filling {
            Filling::List(items) => {
                let last = items.last().map(|item| item.span.end);
                (Kind::List(items), last)
            }
            Filling::Map { entries, .. } => {
                let last = entries.last().map(|entry| entry.value.span.end.max(entry.key_span.end));
                (Kind::Map(entries), last)
            }
        };
        let end = if open.style == StructureStyle::Flow { end } else { last.unwrap_or(end) };
        self.put(Node { span: open.start..end.max(open.start), kind })
    }

    fn put(&mut self, node: Node) -> Result<(), Problem> {
        match self.open.last_mut().map(|open| &mut open.filling) {
            None => self.root = Some(node),
            Some(Filling::List(items)) => items.push(node),
            Some(Filling::Map { key: pending @ Some(_), .. }) => {
                if let Some((key, span)) = pending.take() {
                    self.add(key, span, node);
                }
            }
            Some(Filling::Map { key, .. }) => {
                // Only a scalar comes here: `open` refuses all else where a key is due.
                let Kind::Scalar { text, style } = node.kind else { return Ok(()) };
                let merges = text == "<<" && style == ScalarStyle::Plain;
                *key = Some((text, node.span.clone()));
                if merges {
                    let help = "write the keys out at each place where they are used";
                    self.refuse(Code::Alias, node.span, "a playbook has no merge keys", help);
                }
            }
        }
        Ok(())
    }

    fn no_key(&self, start: usize) -> Problem {
        let braces = self.source.text[..start].ends_with('{');
        let problem = Problem::new(Code::Syntax, start..start + 1, "a key must be plain text");
        if braces {
            problem.label("this starts a map").help("put quotes around a text that starts with `{{`")
        } else {
            problem.help("write `key: value`")
        }
    }

    fn syntax(&self, error: &ScanError) -> Problem {
        let marker = error.marker();
        let at = marker.byte_offset().unwrap_or(0) + self.base;
        let at = at.min(self.source.text.len());
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return too_deep(at);
        }
        let brackets = self.open.iter().rev().filter(|open| open.style == StructureStyle::Flow);
        let is_bracket = |at: &usize| self.source.text[*at..].starts_with(['[', '{']);
        let bracket = brackets.map(|open| open.start).find(is_bracket);
        Slip { source: self.source, at, bracket }.problem(error.kind(), &error.info())
    }
}

impl Reader<'_> {
    /// Adds an entry to the innermost map, unless its key is there already.
    fn add(&mut self, key: String, key_span: Range<usize>, mut value: Node) {
        let Some(Open { filling: Filling::Map { entries, seen, .. }, .. }) = self.open.last_mut() else {
            return;
        };
        if let Some(first) = seen.insert(key.clone(), key_span.start) {
            let (line, _) = self.source.place(first);
            let problem = Problem::new(Code::DuplicateKey, key_span, format!("`{key}` is given twice"));
            self.problems.push(problem.label("again").help(format!("keep this or the one in line {line}")));
            return;
        }
        if value.span.is_empty() {
            value.span = key_span.clone();
        }
        entries.push(Entry { key, key_span, value });
    }
}

fn too_deep(at: usize) -> Problem {
    let message = format!("lists and maps nest deeper than {DEEPEST}");
    Problem::new(Code::Limit, at..at + 1, message).label("too deep").help("split the playbook, or nest less")
}
