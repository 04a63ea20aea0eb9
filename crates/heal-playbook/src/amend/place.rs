use super::{AmendError, emit};
use crate::source::Source;
use crate::yaml::{Kind, Node};
use serde_json::Value;

/// Where a rule goes, and how it is indented there.
pub(super) struct Splice {
    /// In bytes of the text.
    at: usize,
    /// What comes before the rule.
    before: String,
    /// The column of the rule's `-`, from 0.
    indent: usize,
    line_end: &'static str,
}

impl Splice {
    /// After everything else.
    pub(super) fn at_end(text: &str, before: &str, indent: usize) -> Self {
        Self { at: text.len(), before: before.to_owned(), indent, line_end: line_end(text) }
    }

    /// The text with the rule in its place.
    pub(super) fn apply(&self, text: &str, rule: &Value) -> String {
        let (head, tail) = text.split_at(self.at);
        let break_off = if head.is_empty() || head.ends_with('\n') || head == "\u{feff}" { "" } else { "\n" };
        let lines = format!("{break_off}{}{}", self.before, emit::item(rule, self.indent));
        format!("{head}{}{tail}", lines.replace('\n', self.line_end))
    }
}

/// The places for a rule after the last one, the likeliest first: just below it, or below the blank lines and comments
/// that follow, which may be its own.
pub(super) fn after_rules(text: &str, root: &Node) -> Result<Vec<Splice>, AmendError> {
    // Neither a block's first key nor a rule starts with such a bracket.
    let flow = |node: &Node, open: char| text[node.span.clone()].starts_with(open);
    if flow(root, '{') {
        return Err(style(text, root, "the playbook is one `{…}`: write each key in a line of its own"));
    }
    let Some(rules) = root.entry("rules") else {
        return Ok(vec![Splice::at_end(text, "rules:\n", 2)]);
    };
    let last = match &rules.value.kind {
        Kind::List(items) if !flow(&rules.value, '[') => items.last(),
        _ => {
            return Err(style(
                text,
                &rules.value,
                "`rules` is one `[…]`: write each rule after a `-` of its own",
            ));
        }
    };
    let Some(last) = last else { return Ok(Vec::new()) };
    let Some(dash) = text[..last.span.start].rfind('-') else { return Ok(Vec::new()) };
    let indent = dash - text[..dash].rfind('\n').map_or(0, |line_end| line_end + 1);
    let splice = |at: usize| Splice { at, before: String::new(), indent, line_end: line_end(text) };
    let below = text[last.span.end..].find('\n').map_or(text.len(), |end| last.span.end + end + 1);
    let next = root.entries().iter().map(|entry| entry.key_span.start).filter(|start| *start >= below).min();
    Ok(vec![splice(below), splice(next.unwrap_or(text.len()))])
}

fn style(text: &str, node: &Node, what: &'static str) -> AmendError {
    let (line, _) = Source::new(text.to_owned()).place(node.span.start);
    AmendError::Style { line, what }
}

fn line_end(text: &str) -> &'static str {
    if text.lines().next().is_some_and(|line| text[line.len()..].starts_with("\r\n")) { "\r\n" } else { "\n" }
}
