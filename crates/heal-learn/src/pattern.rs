use crate::compose::Piece;
use crate::hole::{Breadth, Lines, Room, Within, class};
use crate::sketch::{NAMES, Sketch, uses};
use crate::token::Kind;
use crate::tree::{Node, holes};

impl Sketch {
    /// The pattern as a regular expression; only holes that the replacement uses are named. A hole that always held the
    /// same as one before it must hold the same again. `None` where a hole may not be one.
    pub(crate) fn regex(&self, breadth: Breadth, lines: Lines) -> Option<String> {
        let all = holes(&self.nodes).into_iter().map(<[String]>::to_vec).collect();
        let mut writer = Writer { out: String::new(), next: 0, breadth, lines, pieces: &self.pieces, all };
        writer.write(&self.nodes, Within::Text)?;
        Some(writer.out)
    }
}

struct Writer<'a> {
    out: String,
    next: usize,
    breadth: Breadth,
    lines: Lines,
    pieces: &'a [Piece],
    all: Vec<Vec<String>>,
}

impl Writer<'_> {
    fn write(&mut self, nodes: &[Node], within: Within) -> Option<()> {
        for (index, node) in nodes.iter().enumerate() {
            match node {
                Node::Leaf(_, text) => {
                    let text = regex::escape(text);
                    self.out.push_str(&text.replace('\n', r"\n").replace('\t', r"\t"));
                }
                Node::Known(name, _) => self.out.push_str(&format!("{{{{{name}}}}}")),
                Node::Group { open, inside, close } => {
                    self.out.push_str(&regex::escape(&open.to_string()));
                    let is_quote = matches!(open, '`' | '\'' | '"');
                    self.write(inside, if is_quote { Within::Quotes(*open) } else { Within::Text })?;
                    self.out.push_str(&regex::escape(&close.to_string()));
                }
                Node::Hole(texts) => {
                    let mark = |beside: Option<&Node>| match beside {
                        Some(Node::Leaf(Kind::Mark, text)) => text.chars().next(),
                        _ => None,
                    };
                    let before = index.checked_sub(1).and_then(|before| nodes.get(before));
                    let beside = [mark(before), mark(nodes.get(index + 1))];
                    let (breadth, lines) = (self.breadth, self.lines);
                    self.hole(texts, Room { within, breadth, lines, alone: nodes.len() == 1, beside })?;
                }
            }
        }
        Some(())
    }

    fn hole(&mut self, texts: &[String], room: Room) -> Option<()> {
        let index = self.next;
        self.next += 1;
        let is_same = |other: &Vec<String>| *other == *texts && !texts.iter().all(String::is_empty);
        if let Some(first) = self.all[..index].iter().position(is_same) {
            self.out.push_str(&format!(r"\k<{}>", NAMES[first]));
            return Some(());
        }
        let again = self.all[index + 1..].iter().any(is_same);
        let name = NAMES[index];
        let class = class(texts, room)?;
        let named = again || self.pieces.iter().any(|piece| uses(piece, name));
        self.out.push_str(&if named { format!("(?<{name}>{class})") } else { format!("(?:{class})") });
        Some(())
    }
}
