use crate::align::unify;
use crate::compose::{Atom, Piece, compose};
use crate::fill::{HELPERS, apply};
use crate::hole::{Breadth, Lines, Room, Within, class};
use crate::token::Kind;
use crate::tree::{Node, holes, literal_weight, name_known, parse, text_of, words};

/// What old texts have in common, and how each new text is written with what they have not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    pub(crate) nodes: Vec<Node>,
    pub(crate) pieces: Vec<Piece>,
    cost: u32,
}

/// How far a sketch goes beyond what the examples force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Generality {
    /// What is equal in all examples stays.
    Strict,
    /// What is only copied becomes a hole.
    Copies,
    /// All that the new text does not need becomes a hole.
    Loose,
}

/// Finds what turns each old text into its new one; `None` where nothing does.
pub(crate) fn sketch(olds: &[&str], news: &[&str], known: &[Atom]) -> Option<Sketch> {
    let tree = |(example, old): (usize, &&str)| {
        let caught: Vec<(&str, &str)> =
            known.iter().map(|atom| (atom.source.as_str(), atom.values[example].as_str())).collect();
        name_known(parse(old), &caught)
    };
    let mut trees = olds.iter().enumerate().map(tree);
    let mut nodes = trees.next()?;
    for (index, tree) in trees.enumerate() {
        nodes = unify(index + 1, &nodes, &tree)?;
    }
    composed(nodes, news, known)
}

/// Finds how each new text is written with captures alone, whatever the old one was; `None` where it holds words of it.
pub(crate) fn quoted(olds: &[&str], news: &[&str], known: &[Atom]) -> Option<Sketch> {
    let composed = compose(news, known)?;
    let has_value = composed.pieces.iter().any(|piece| matches!(piece, Piece::Value(_)));
    let texts = olds.iter().map(|&old| old.to_owned()).collect();
    let same = olds.windows(2).all(|pair| pair[0] == pair[1]);
    let nodes = if same { parse(olds[0]) } else { vec![Node::Hole(texts)] };
    let sketch = Sketch { nodes, pieces: composed.pieces, cost: composed.cost };
    (has_value && !sketch.forgets_a_copy()).then_some(sketch)
}

fn composed(nodes: Vec<Node>, news: &[&str], known: &[Atom]) -> Option<Sketch> {
    let holes = holes(&nodes);
    if holes.len() > NAMES.len() {
        return None;
    }
    let own = NAMES.iter().zip(&holes).map(|(name, texts)| Atom {
        source: (*name).to_owned(),
        values: texts.to_vec(),
        extra: 0,
    });
    let mut atoms: Vec<Atom> = own.chain(known.iter().cloned()).collect();
    atoms.extend(operations(&atoms));
    let composed = compose(news, &atoms)?;
    Some(Sketch { nodes, pieces: composed.pieces, cost: composed.cost })
}

/// What helpers make of values, where that is something else.
fn operations(atoms: &[Atom]) -> Vec<Atom> {
    let made = |atom: &Atom, helper: &str| {
        let values: Option<Vec<String>> = atom.values.iter().map(|value| apply(helper, value)).collect();
        let values =
            values.filter(|values| *values != atom.values && values.iter().all(|value| !value.is_empty()))?;
        Some(Atom { source: format!("{helper} {}", atom.source), values, extra: 6 })
    };
    let is_name = |atom: &&Atom| {
        let fits = |value: &String| {
            value.len() > 1 && value.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        };
        atom.values.iter().all(fits)
    };
    atoms
        .iter()
        .filter(is_name)
        .flat_map(|atom| HELPERS.iter().filter_map(move |helper| made(atom, helper)))
        .collect()
}

/// The names of holes, in order; what a message's captures are called is longer.
pub(crate) const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

impl Sketch {
    /// Replaces stretches of nodes by holes, the largest first, as long as every new text can still be written.
    pub(crate) fn generalised(self, generality: Generality, news: &[&str], known: &[Atom]) -> Self {
        let mut sketch = self;
        if generality == Generality::Strict {
            return sketch;
        }
        for _ in 0..MOST_MERGES {
            let Some(next) = sketch.merged(generality, news, known) else { break };
            sketch = next;
        }
        sketch
    }

    fn merged(&self, generality: Generality, news: &[&str], known: &[Atom]) -> Option<Self> {
        for (path, start, end) in windows(&self.nodes) {
            let mut nodes = self.nodes.clone();
            let list = list_at(&mut nodes, &path);
            let window = &list[start..end];
            if let [Node::Hole(_)] = window {
                continue;
            }
            let texts: Vec<String> = (0..news.len()).map(|example| text_of(window, example)).collect();
            let is_constant = texts.windows(2).all(|pair| pair[0] == pair[1]);
            if texts.iter().any(|text| text.trim().is_empty()) || is_constant {
                continue;
            }
            let beside = [start.checked_sub(1).and_then(|before| list.get(before)), list.get(end)];
            if beside.iter().flatten().any(|node| matches!(node, Node::Hole(_))) {
                continue;
            }
            let blank = |node: Option<&Node>| matches!(node, Some(Node::Leaf(Kind::Space, _)));
            if blank(window.first()) || blank(window.last()) {
                continue;
            }
            let weight = literal_weight(window);
            let is_inside = !path.is_empty() && start == 0 && end == list.len();
            let has_word = window.iter().any(|node| matches!(node, Node::Leaf(Kind::Word, _)));
            if has_known(window) || has_word && !is_inside {
                continue;
            }
            let has_hole = !holes(window).is_empty();
            list.splice(start..end, [Node::Hole(texts)]);
            let Some(sketch) = composed(nodes, news, known) else { continue };
            let better = match generality {
                Generality::Strict => false,
                Generality::Copies => {
                    sketch.cost < self.cost || has_hole && weight <= 2 && sketch.cost == self.cost
                }
                Generality::Loose => sketch.cost < self.cost || has_hole && sketch.cost == self.cost,
            };
            if better {
                return Some(sketch);
            }
        }
        None
    }

    /// Whether it drops text of which nothing is known: what stood in an unused hole of some examples and not in others.
    pub(crate) fn drops_blindly(&self) -> bool {
        let all = holes(&self.nodes);
        let used = |name: &str| self.pieces.iter().any(|piece| uses(piece, name));
        NAMES.iter().zip(all).any(|(name, texts)| {
            !used(name) && texts.iter().any(String::is_empty) && !texts.iter().all(String::is_empty)
        })
    }

    /// Whether its replacement writes out a word that stood in a hole of every example: one that was meant to be copied.
    pub(crate) fn forgets_a_copy(&self) -> bool {
        let holes = holes(&self.nodes);
        let examples = holes.first().map_or(0, |texts| texts.len());
        let copied = |word: &str| {
            examples > 0
                && (0..examples)
                    .all(|example| holes.iter().any(|texts| words(&texts[example]).any(|own| own == word)))
        };
        let part_of = |word: &str| {
            word.len() > 2
                && holes.iter().any(|texts| {
                    texts.iter().any(|text| text.len() > 2 && text != word && word.contains(text.as_str()))
                })
        };
        self.pieces.iter().any(|piece| match piece {
            Piece::Literal(text) => words(text).any(|word| copied(word) || part_of(word)),
            Piece::Value(_) => false,
        })
    }

    /// How much literal text its pattern holds.
    pub(crate) fn weight(&self) -> usize {
        literal_weight(&self.nodes)
    }

    /// How many literal characters its replacement holds.
    pub(crate) fn written(&self) -> usize {
        let len = |piece: &Piece| if let Piece::Literal(text) = piece { text.len() } else { 0 };
        self.pieces.iter().map(len).sum()
    }

    /// The pattern as a regular expression; only holes that the replacement uses are named. A hole that always held the
    /// same as one before it must hold the same again. `None` where a hole may not be one.
    pub(crate) fn regex(&self, breadth: Breadth, lines: Lines) -> Option<String> {
        let all = holes(&self.nodes).into_iter().map(<[String]>::to_vec).collect();
        let mut writer = Writer { out: String::new(), next: 0, breadth, lines, pieces: &self.pieces, all };
        writer.write(&self.nodes, Within::Text)?;
        Some(writer.out)
    }

    /// Whether there is nothing in it: something is only put in.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether it has no hole.
    pub(crate) fn is_literal(&self) -> bool {
        holes(&self.nodes).is_empty()
    }
}

const MOST_MERGES: usize = 12;
/// More nodes side by side are not tried in every combination.
const MOST_SIDE_BY_SIDE: usize = 40;

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
        for node in nodes {
            match node {
                Node::Leaf(_, text) => self.out.push_str(&regex::escape(text)),
                Node::Known(name, _) => self.out.push_str(&format!("{{{{{name}}}}}")),
                Node::Group { open, inside, close } => {
                    self.out.push_str(&regex::escape(&open.to_string()));
                    let is_quote = matches!(open, '`' | '\'' | '"');
                    self.write(inside, if is_quote { Within::Quotes(*open) } else { Within::Text })?;
                    self.out.push_str(&regex::escape(&close.to_string()));
                }
                Node::Hole(texts) => self.hole(texts, within, nodes.len() == 1)?,
            }
        }
        Some(())
    }

    fn hole(&mut self, texts: &[String], within: Within, alone: bool) -> Option<()> {
        let index = self.next;
        self.next += 1;
        let is_same = |other: &Vec<String>| *other == *texts && !texts.iter().all(String::is_empty);
        if let Some(first) = self.all[..index].iter().position(is_same) {
            self.out.push_str(&format!(r"\k<{}>", NAMES[first]));
            return Some(());
        }
        let again = self.all[index + 1..].iter().any(is_same);
        let name = NAMES[index];
        let room = Room { within, breadth: self.breadth, lines: self.lines, alone };
        let class = class(texts, room)?;
        let named = again || self.pieces.iter().any(|piece| uses(piece, name));
        self.out.push_str(&if named { format!("(?<{name}>{class})") } else { format!("(?:{class})") });
        Some(())
    }
}

fn has_known(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Known(..) => true,
        Node::Group { inside, .. } => has_known(inside),
        Node::Leaf(..) | Node::Hole(_) => false,
    })
}

fn uses(piece: &Piece, name: &str) -> bool {
    matches!(piece, Piece::Value(source) if source.split(' ').any(|word| word == name))
}

/// Stretches of siblings, the longest first, each with the path of groups to where it is.
fn windows(nodes: &[Node]) -> Vec<(Vec<usize>, usize, usize)> {
    let mut all = Vec::new();
    gather(nodes, &[], &mut all);
    all.sort_by_key(|(path, start, end)| (path.len(), std::cmp::Reverse(end - start), path.clone(), *start));
    all
}

fn gather(nodes: &[Node], path: &[usize], all: &mut Vec<(Vec<usize>, usize, usize)>) {
    if nodes.len() <= MOST_SIDE_BY_SIDE {
        for start in 0..nodes.len() {
            all.extend((start + 1..=nodes.len()).map(|end| (path.to_vec(), start, end)));
        }
    }
    for (index, node) in nodes.iter().enumerate() {
        if let Node::Group { inside, .. } = node {
            gather(inside, &[path, &[index]].concat(), all);
        }
    }
}

fn list_at<'a>(nodes: &'a mut Vec<Node>, path: &[usize]) -> &'a mut Vec<Node> {
    let mut list = nodes;
    for &index in path {
        let Node::Group { inside, .. } = &mut list[index] else { unreachable!("paths lead through groups") };
        list = inside;
    }
    list
}
