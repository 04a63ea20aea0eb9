use crate::token::is_word;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// How many states are looked at before giving up.
const MOST: usize = 20_000;
/// What one character of literal text costs, and what a value that is filled in costs.
const CHARACTER: u32 = 10;
const VALUE: u32 = 9;
/// What it costs more to fill in part of a word.
const INSIDE: u32 = 12;
/// Brackets cost little: they are better kept than swallowed by a value.
const BRACKET: u32 = 2;

/// Something that a template can fill in: its source, and its value for each example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Atom {
    pub(crate) source: String,
    pub(crate) values: Vec<String>,
    /// What is added to its cost: operations come after the values they are made of.
    pub(crate) extra: u32,
}

impl Atom {
    /// What a message captures: each name, and what it caught in each example.
    pub(crate) fn of(captures: &[(String, Vec<String>)]) -> Vec<Self> {
        let atom = |(name, values): &(String, Vec<String>)| Self {
            source: name.clone(),
            values: values.clone(),
            extra: 0,
        };
        captures.iter().map(atom).collect()
    }
}

/// One part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Literal(String),
    Value(String),
}

/// A template that gives each example its text, and what it costs: literal text costs by its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Composed {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) cost: u32,
}

impl Composed {
    /// How many bytes of literal text it has.
    pub(crate) fn written(&self) -> usize {
        let literal = |piece: &Piece| if let Piece::Literal(text) = piece { text.len() } else { 0 };
        self.pieces.iter().map(literal).sum()
    }

    /// Whether nothing is filled in.
    pub(crate) fn is_literal(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Literal(_)))
    }
}

type Places = Vec<usize>;
/// The least cost of each place that was reached, and the step that led there.
type Reached = BTreeMap<Places, (u32, Option<(Places, Step)>)>;

/// The cheapest way to write all texts as one sequence of common literals and filled-in values.
///
/// A shortest path over one place in each text: from a place a step takes the next character, where it is the same in
/// all, or a value that stands there in each.
pub(crate) fn compose(texts: &[&str], atoms: &[Atom]) -> Option<Composed> {
    let goal: Places = texts.iter().map(|text| text.len()).collect();
    let start: Places = vec![0; texts.len()];
    let mut reached = Reached::new();
    let mut queue = BinaryHeap::new();
    reached.insert(start.clone(), (0, None));
    queue.push((Reverse(0), start));
    let mut looked_at = 0;
    while let Some((Reverse(cost), places)) = queue.pop() {
        if places == goal {
            return Some(Composed { pieces: pieces(&reached, &goal, atoms), cost });
        }
        looked_at += 1;
        if looked_at > MOST {
            return None;
        }
        if reached.get(&places).is_some_and(|(least, _)| *least < cost) {
            continue;
        }
        for (step, next, price) in steps(texts, &places, atoms) {
            let cost = cost + price;
            if reached.get(&next).is_none_or(|(least, _)| cost < *least) {
                reached.insert(next.clone(), (cost, Some((places.clone(), step))));
                queue.push((Reverse(cost), next));
            }
        }
    }
    None
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Character(char),
    Atom(usize),
}

fn steps(texts: &[&str], places: &Places, atoms: &[Atom]) -> Vec<(Step, Places, u32)> {
    let rests: Vec<&str> = texts.iter().zip(places).map(|(text, &at)| &text[at..]).collect();
    let mut steps = Vec::new();
    for (index, atom) in atoms.iter().enumerate() {
        let fits = rests.iter().zip(&atom.values).all(|(rest, value)| rest.starts_with(value.as_str()));
        if fits && atom.values.iter().any(|value| !value.is_empty()) {
            let next: Places = places.iter().zip(&atom.values).map(|(at, value)| at + value.len()).collect();
            let whole = texts
                .iter()
                .zip(places)
                .zip(&next)
                .all(|((text, &at), &end): ((&&str, &usize), &usize)| is_whole(text, at, end));
            let price = if whole { VALUE } else { VALUE + INSIDE };
            steps.push((Step::Atom(index), next, price + atom.extra));
        }
    }
    let first = rests.first().and_then(|rest| rest.chars().next());
    if let Some(character) = first.filter(|&first| rests.iter().all(|rest| rest.starts_with(first))) {
        let next = places.iter().map(|at| at + character.len_utf8()).collect();
        let is_bracket = matches!(character, '(' | ')' | '[' | ']' | '{' | '}');
        steps.push((Step::Character(character), next, if is_bracket { BRACKET } else { CHARACTER }));
    }
    steps
}

/// Whether a stretch starts and ends where words do.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let splits = |at: usize| text[..at].ends_with(is_word) && text[at..].starts_with(is_word);
    !splits(start) && !splits(end)
}

fn pieces(reached: &Reached, goal: &Places, atoms: &[Atom]) -> Vec<Piece> {
    let mut path = Vec::new();
    let mut at = goal;
    while let Some((_, Some((before, step)))) = reached.get(at) {
        path.push(*step);
        at = before;
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for step in path.into_iter().rev() {
        match (step, pieces.last_mut()) {
            (Step::Character(character), Some(Piece::Literal(text))) => text.push(character),
            (Step::Character(character), _) => pieces.push(Piece::Literal(character.to_string())),
            (Step::Atom(index), _) => pieces.push(Piece::Value(atoms[index].source.clone())),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Atom, Piece, compose};

    #[track_caller]
    fn check(texts: &[&str], atoms: &[(&str, &[&str])], expected: &str) {
        let atoms: Vec<Atom> = atoms
            .iter()
            .map(|(source, values)| Atom {
                source: (*source).to_owned(),
                values: values.iter().map(|value| (*value).to_owned()).collect(),
                extra: 0,
            })
            .collect();
        let show = |piece: &Piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Value(source) => format!("<{source}>"),
        };
        let found = compose(texts, &atoms).map(|found| found.pieces.iter().map(show).collect::<String>());
        assert_eq!(found.unwrap_or_else(|| "none".to_owned()), expected);
    }

    #[test]
    fn texts_from_values() {
        check(&["foo is None", "bar is None"], &[("a", &["foo", "bar"])], "<a> is None");
        check(&["not x", "not y()"], &[("a", &["x", "y()"])], "not <a>");
        check(&["max(l)", "min(m)"], &[("f", &["max", "min"]), ("x", &["l", "m"])], "<f>(<x>)");
        check(&["a", "b"], &[], "none");
        check(&["same", "same"], &[("a", &["same", "same"])], "<a>");
        check(&["", ""], &[], "");
    }
}
