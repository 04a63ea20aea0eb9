use heal_model::Case;

use crate::align::unify;
use crate::compose::{Atom, Piece, compose};
use crate::repeat::split;
use crate::token::Kind;
use crate::tree::{Node, holes, literal_weight, name_known, parse, text_of, words};

/// What old texts have in common, and how each new text is written with what they have not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    pub(crate) nodes: Vec<Node>,
    pub(crate) pieces: Vec<Piece>,
    /// What the replacement costs: the more of it is copied, the less.
    pub(crate) cost: u32,
}

/// How far a sketch goes beyond what the examples force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Generality {
    /// What is equal in all examples stays.
    Strict,
    /// What is only copied becomes a hole.
    Copies,
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
    split(&mut nodes);
    composed(nodes, news, known)
}

/// Finds how each new text is written with captures alone, whatever the old one was; `None` where it holds words of it.
pub(crate) fn quoted(olds: &[&str], news: &[&str], known: &[Atom]) -> Option<Sketch> {
    let composed = compose(news, known)?;
    let has_value = composed.pieces.iter().any(|piece| matches!(piece, Piece::Value(_)));
    let texts = olds.iter().map(|&old| old.to_owned()).collect();
    let same = olds.windows(2).all(|pair| pair[0] == pair[1]);
    let named = known.iter().find(|atom| atom.values.iter().eq(olds.iter()));
    let nodes = match named {
        Some(atom) => vec![Node::Known(atom.source.clone(), texts)],
        None if same => parse(olds[0]),
        None => vec![Node::Hole(texts)],
    };
    let sketch = Sketch { nodes, pieces: composed.pieces, cost: composed.cost };
    (has_value && !sketch.forgets_a_copy()).then_some(sketch)
}

/// Finds how each new text is written with what stands in the holes of the old ones.
pub(crate) fn composed(nodes: Vec<Node>, news: &[&str], known: &[Atom]) -> Option<Sketch> {
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
pub(crate) fn operations(atoms: &[Atom]) -> Vec<Atom> {
    let made = |atom: &Atom, case: Case| {
        let values: Vec<String> = atom.values.iter().map(|value| case.write(value)).collect();
        let is_news = values != atom.values && values.iter().all(|value| !value.is_empty());
        is_news.then(|| Atom { source: format!("{} {}", case.helper(), atom.source), values, extra: 6 })
    };
    let is_name = |atom: &&Atom| {
        let fits = |value: &String| {
            value.len() > 1 && value.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        };
        atom.values.iter().all(fits)
    };
    let cases = |atom| Case::ALL.into_iter().filter_map(move |case| made(atom, case));
    atoms.iter().filter(is_name).flat_map(cases).collect()
}

/// The names of holes, in order; what a message's captures are called is longer.
pub(crate) const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

impl Sketch {
    /// Whether it drops text of which nothing is known: what stood in an unused hole of some examples and not in others.
    pub(crate) fn drops_blindly(&self) -> bool {
        let all = holes(&self.nodes);
        let used = |name: &str| self.pieces.iter().any(|piece| uses(piece, name));
        NAMES.iter().zip(all).any(|(name, texts)| {
            !used(name) && texts.iter().any(String::is_empty) && !texts.iter().all(String::is_empty)
        })
    }

    /// Whether something stood in a hole in some examples and nothing in others.
    pub(crate) fn is_loose(&self) -> bool {
        holes(&self.nodes).iter().any(|texts| texts.iter().any(String::is_empty))
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

    /// Whether it puts a word of its own in the place of a name that the message held in every example: then that name is
    /// what it is about, and no other.
    pub(crate) fn renames(&self, captures: &[(String, Vec<String>)]) -> bool {
        let is_one = |values: &[String]| values.len() > 1 && values.windows(2).all(|pair| pair[0] == pair[1]);
        let old = text_of(&self.nodes, 0);
        let is_new = |word: &str| words(&old).all(|own| own != word);
        let writes_word = || {
            let new = |piece: &Piece| matches!(piece, Piece::Literal(text) if words(text).any(is_new));
            self.pieces.iter().any(new)
        };
        let is_dropped =
            |name: &str| any_known(&self.nodes, name) && !self.pieces.iter().any(|piece| uses(piece, name));
        captures.iter().any(|(name, values)| is_one(values) && is_dropped(name)) && writes_word()
    }

    /// Whether it writes of its own accord what should follow from the message: one name in the place of whatever name
    /// the message held, or a number where the message's numbers differ and count for nothing.
    pub(crate) fn invents(&self, captures: &[(String, Vec<String>)]) -> bool {
        if captures.iter().any(|(name, _)| self.pieces.iter().any(|piece| uses(piece, name))) {
            return false;
        }
        let is_number = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
        let differs = |values: &[String]| values.windows(2).any(|pair| pair[0] != pair[1]);
        let differing = || captures.iter().filter(|(_, values)| differs(values));
        let loses_name = differing().any(|(name, _)| any_known(&self.nodes, name));
        let loses_number = differing().any(|(_, values)| values.iter().all(|value| is_number(value)));
        let old = text_of(&self.nodes, 0);
        let is_new = |word: &&str| words(&old).all(|own| own != *word);
        let is_lost = |word: &str| if is_number(word) { loses_number } else { loses_name };
        self.pieces.iter().any(|piece| match piece {
            Piece::Literal(text) => words(text).filter(is_new).any(is_lost),
            Piece::Value(_) => false,
        })
    }

    /// The message's captures that are the letters after a number, and never were more than one.
    pub(crate) fn suffixes(&self) -> Vec<String> {
        let suffix = |pair: &'_ [Node]| match pair {
            [Node::Leaf(Kind::Word, _) | Node::Hole(_), Node::Known(name, texts)] => {
                texts.iter().all(|text| text.chars().count() == 1).then(|| name.clone())
            }
            _ => None,
        };
        self.nodes.windows(2).filter_map(suffix).collect()
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

    /// Whether there is nothing in it: something is only put in.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether it has no hole.
    pub(crate) fn is_literal(&self) -> bool {
        holes(&self.nodes).is_empty()
    }
}

fn any_known(nodes: &[Node], name: &str) -> bool {
    nodes.iter().any(|node| match node {
        Node::Known(known, _) => known == name,
        Node::Group { inside, .. } => any_known(inside, name),
        Node::Leaf(..) | Node::Hole(_) => false,
    })
}

/// Whether a piece is made of this value.
pub(crate) fn uses(piece: &Piece, name: &str) -> bool {
    matches!(piece, Piece::Value(source) if source.split(' ').any(|word| word == name))
}
