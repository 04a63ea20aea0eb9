use std::collections::BTreeSet;

use heal_model::Diagnostic;

use crate::align::unify;
use crate::hole::{Breadth, Lines, Room, Within, class};
use crate::part::{Part, part};
use crate::token::Kind;
use crate::tree::{Node, parse};

/// What messages have in common: a pattern that fits each of them, and what it catches in each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spoken {
    /// A regular expression for the whole message.
    pub(crate) pattern: String,
    /// The same with captures as template variables: a title.
    pub(crate) title: String,
    /// Its named captures, and what each caught, message by message.
    pub(crate) captures: Vec<(String, Vec<String>)>,
    /// How many literal words it holds.
    pub(crate) words: usize,
    /// Captures of a part of another: name, the pattern with it, and the same without.
    parts: Vec<(String, String, String)>,
}

impl Spoken {
    /// Leaves out the captures of parts that are not used.
    pub(crate) fn simplify(&mut self, is_used: &dyn Fn(&str) -> bool) {
        for (name, long, short) in &self.parts {
            if !is_used(name) {
                self.pattern = self.pattern.replacen(long, short, 1);
            }
        }
    }

    /// Lets captures be one character and no more: where a number ends and a name begins, two letters may be two names.
    pub(crate) fn tighten(&mut self, names: &[String]) {
        for name in names {
            let Some(start) = self.pattern.find(&format!("(?<{name}>")) else { continue };
            let Some(end) = self.pattern[start..].find("+)") else { continue };
            self.pattern.remove(start + end);
        }
    }
}

/// How much of a message may vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Freedom {
    /// What differs.
    Different,
    /// That, and every quoted name.
    Quoted,
}

/// Generalises messages; `None` where they are too long to compare.
pub(crate) fn spoken(messages: &[&str], freedom: Freedom) -> Option<Spoken> {
    let (first, rest) = messages.split_first()?;
    let mut nodes = parse(first);
    for (seen, message) in rest.iter().enumerate() {
        nodes = unify(seen + 1, &nodes, &parse(message))?;
    }
    if freedom == Freedom::Quoted {
        for node in &mut nodes {
            free(node, messages.len());
        }
    }
    let mut writer = Writer::default();
    writer.write(&nodes, Within::Text);
    Some(Spoken {
        pattern: format!("^{}$", writer.pattern),
        title: writer.title,
        captures: writer.captures,
        words: writer.words,
        parts: writer.parts,
    })
}

/// Makes a hole of what stands between quotes and holds a name.
fn free(node: &mut Node, seen: usize) {
    if let Node::Group { open: '`' | '\'' | '"', inside, .. } = node {
        let text = match inside.as_slice() {
            [Node::Leaf(Kind::Quoted, text)] if text.contains(char::is_alphanumeric) => text.clone(),
            _ => return,
        };
        *inside = vec![Node::Hole(vec![text; seen])];
    }
}

#[derive(Default)]
struct Writer {
    pattern: String,
    title: String,
    captures: Vec<(String, Vec<String>)>,
    words: usize,
    parts: Vec<(String, String, String)>,
    /// The last literal word, which names what follows it.
    last: String,
}

impl Writer {
    fn write(&mut self, nodes: &[Node], within: Within) {
        for node in nodes {
            match node {
                Node::Leaf(kind, text) => {
                    self.literal(text);
                    if matches!(kind, Kind::Word | Kind::Quoted) {
                        self.words +=
                            usize::from(*kind == Kind::Quoted || text.chars().any(char::is_alphabetic));
                        self.last.clone_from(text);
                    }
                }
                Node::Group { open, inside, close } => {
                    self.literal(&open.to_string());
                    let is_quote = matches!(open, '`' | '\'' | '"');
                    self.write(inside, if is_quote { Within::Quotes(*open) } else { Within::Text });
                    self.literal(&close.to_string());
                }
                Node::Known(_, texts) | Node::Hole(texts) => self.hole(texts, within),
            }
        }
    }

    fn literal(&mut self, text: &str) {
        self.pattern.push_str(&regex::escape(text));
        self.title.push_str(text);
    }

    fn hole(&mut self, texts: &[String], within: Within) {
        let breadth = if matches!(within, Within::Quotes(_)) { Breadth::Wide } else { Breadth::Narrow };
        let room = Room { within, breadth, lines: Lines::One, alone: false, beside: [None; 2] };
        let class = class(texts, room).unwrap_or_else(|| ".+".to_owned());
        let name = self.name();
        let plain = format!("(?<{name}>{class})");
        let part = if breadth == Breadth::Wide { part(texts, &name, &class) } else { None };
        self.pattern.push_str(part.as_ref().map_or(&plain, |part| &part.pattern));
        self.title.push_str(&format!("{{{{{name}}}}}"));
        self.captures.push((name, texts.to_vec()));
        if let Some(Part { name, pattern, values }) = part {
            self.parts.push((name.clone(), pattern, plain));
            self.captures.push((name, values));
        }
    }

    fn name(&self) -> String {
        let taken: BTreeSet<&str> =
            self.captures.iter().map(|(name, _)| name.as_str()).chain(Diagnostic::CAPTURES).collect();
        let is_name = self.last.len() > 2 && self.last.chars().all(|c| c.is_ascii_alphabetic());
        let base = if is_name { self.last.to_ascii_lowercase() } else { "name".to_owned() };
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let mut names = std::iter::once(base.clone()).chain(numbered);
        names.find(|name| !taken.contains(name.as_str())).expect("there is always another number")
    }
}

#[cfg(test)]
mod tests {
    use super::{Freedom, spoken};

    #[track_caller]
    fn check(messages: &[&str], freedom: Freedom, expected: &str) {
        let mut found = spoken(messages, freedom).expect("short messages");
        found.simplify(&|_| false);
        assert_eq!(format!("{} {}", found.pattern, found.title), expected);
    }

    #[test]
    fn what_messages_have_in_common() {
        check(
            &["`a` imported but unused", "`b.c` imported but unused"],
            Freedom::Different,
            "^`(?<name>[^`\\n]+)` imported but unused$ `{{name}}` imported but unused",
        );
        check(
            &["use `x` instead of `y`", "use `x` instead of `y`"],
            Freedom::Quoted,
            "^use `(?<use>[^`\\n]+)` instead of `(?<name>[^`\\n]+)`$ use `{{use}}` instead of `{{name}}`",
        );
        check(&["expected ';' after a"], Freedom::Quoted, "^expected ';' after a$ expected ';' after a");
    }
}
