use heal_model::Diagnostic;

use crate::token::Kind;
use crate::tree::{Node, parse};

/// The version of [`signature`]: what it makes of a diagnostic never changes under one version.
pub const SIGNATURE_VERSION: &str = "sig-v1";

/// What a diagnostic has in common with others of its kind, and what it has not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature {
    /// The tool and its code, or the tool and the masked message: what failures of one kind share.
    pub key: String,
    /// The message with each slot masked by its kind.
    pub masked: String,
    /// What was masked, in order.
    pub slots: Vec<Slot>,
    /// Whether the key says enough to learn by: a code, or at least two literal words.
    pub is_specific: bool,
}

/// A value in a message that differs between failures of one kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// What it looks like.
    pub kind: SlotKind,
    /// What it was.
    pub text: String,
}

/// What a masked value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlotKind {
    /// A name or text in quotes.
    Quoted,
    /// A number, decimal or hexadecimal, or a version.
    Number,
    /// A path of several parts.
    Path,
}

/// Names what a diagnostic has in common with others of its kind.
///
/// Colours are dropped; quoted names, numbers and paths are masked. Quoted marks, as in `expected ';'`, are words of
/// the tool and stay. The key is a bucket, not a verdict: which failures of it have the same cure is for their edits
/// to say.
#[must_use]
pub fn signature(diagnostic: &Diagnostic) -> Signature {
    let mut mask = Mask::default();
    let message = plain(&diagnostic.message);
    mask.read(&parse(message.lines().next().unwrap_or_default()));
    let rest = diagnostic.code.as_deref().unwrap_or(&mask.masked);
    Signature {
        key: format!("{} {rest}", diagnostic.tool),
        is_specific: diagnostic.code.is_some() || mask.words >= 2,
        masked: mask.masked,
        slots: mask.slots,
    }
}

/// A text without terminal control sequences.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(inside) = rest.strip_prefix('[') {
            let end = inside.find(|c: char| ('\u{40}'..='\u{7e}').contains(&c));
            rest = end.map_or("", |end| &inside[end + 1..]);
        }
    }
    out.push_str(rest);
    out
}

#[derive(Default)]
struct Mask {
    masked: String,
    slots: Vec<Slot>,
    words: usize,
}

impl Mask {
    fn read(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Group { open: quote @ ('`' | '\'' | '"'), inside, .. } => match inside.as_slice() {
                    [Node::Leaf(_, text)] if text.contains(char::is_alphanumeric) => {
                        self.slot(SlotKind::Quoted, text, "<name>");
                    }
                    [Node::Leaf(_, text)] => {
                        self.words += 1;
                        self.masked.push_str(&format!("{quote}{text}{quote}"));
                    }
                    _ => {}
                },
                Node::Group { open, inside, close } => {
                    self.masked.push(*open);
                    self.read(inside);
                    self.masked.push(*close);
                }
                Node::Leaf(Kind::Word, text) => self.word(text),
                Node::Leaf(_, text) => self.masked.push_str(text),
                Node::Known(..) | Node::Hole(_) => {}
            }
        }
    }

    fn word(&mut self, text: &str) {
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            self.slot(SlotKind::Number, text, "<number>");
        } else {
            self.words += 1;
            self.masked.push_str(text);
        }
    }

    fn slot(&mut self, kind: SlotKind, text: &str, mask: &str) {
        self.slots.push(Slot { kind, text: text.to_owned() });
        self.masked.push_str(mask);
    }
}
