use fancy_regex::{AstNode, Expr};
use heal_model::{Engine, Pattern, PatternKind};
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use crate::runs::longest_run;
use crate::syntax;

/// Text that a match must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Literal {
    /// Its bytes; ASCII letters in lower case where `folded`.
    pub text: Vec<u8>,
    /// Whether ASCII letters count without their case.
    pub folded: bool,
}

/// How many texts one pattern may ask for: `(?:a|b)(?:c|d)` asks for four.
const MOST: usize = 16;
/// A run of this length is taken as it is found: a better one is not worth parsing for.
const PLENTY: usize = 7;
/// Shorter texts are in every other line.
const COMMON: usize = 4;
/// Longer texts are cut: what follows adds nothing to a filter.
const ENOUGH: usize = 48;

/// Finds texts of which each match of a pattern holds at least one; `None` where there are none worth looking for.
///
/// Of several such sets it takes the one whose shortest text is longest.
#[must_use]
pub fn literals(pattern: &Pattern) -> Option<Vec<Literal>> {
    if let Some(run) = literal_run(pattern).filter(|run| run.text.len() >= PLENTY) {
        return Some(vec![run]);
    }
    let needs = match (pattern.kind, pattern.engine) {
        (PatternKind::Text, _) => Needs::text(pattern.source.as_bytes()),
        (PatternKind::Regex, Engine::Linear) => {
            Needs::of(&syntax::parse(&pattern.source, pattern.unicode).ok()?)
        }
        (PatternKind::Regex, Engine::Backtracking) => {
            let tree = Expr::parse_tree(&pattern.source).ok()?;
            let verb = |expr: &Expr| matches!(expr, Expr::BacktrackingControlVerb(_));
            if verb(&tree.expr) || tree.expr.has_descendant(verb) {
                return None;
            }
            Needs::of_expr(&tree.expr)
        }
    };
    needs.best()
}

/// Finds the longest text that each match of a pattern must hold, as far as its source tells at first sight: in a
/// microsecond, where [`literals`] may take twenty.
#[must_use]
pub fn literal_run(pattern: &Pattern) -> Option<Literal> {
    let mut text = match pattern.kind {
        PatternKind::Text => pattern.source.clone().into_bytes(),
        PatternKind::Regex => longest_run(&pattern.source)?,
    };
    text.truncate(ENOUGH);
    Some(Literal { text, folded: false })
}

/// What a part of a pattern needs.
#[derive(Clone, Debug, Default)]
struct Needs {
    /// It matches exactly these texts, where they are few.
    exact: Option<Vec<Literal>>,
    /// Each match of it holds one of these.
    held: Option<Vec<Literal>>,
}

impl Needs {
    fn nothing() -> Self {
        Self::default()
    }

    fn text(text: &[u8]) -> Self {
        let literal = |text: &[u8]| Some(vec![Literal { text: text.to_vec(), folded: false }]);
        if text.len() > ENOUGH {
            return Self { exact: None, held: literal(&text[..ENOUGH]) };
        }
        Self { exact: literal(text), held: None }
    }

    fn of(hir: &Hir) -> Self {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::text(b""),
            HirKind::Literal(literal) => Self::text(&literal.0),
            HirKind::Class(class) => Self { exact: letters(class), held: None },
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Repetition(Repetition { min, max, sub, .. }) => Self::of(sub).repeated(*min, *max),
            HirKind::Concat(parts) => Self::row(parts.iter().map(Self::of)),
            HirKind::Alternation(parts) => Self::either(parts.iter().map(Self::of)),
        }
    }

    fn of_expr(expr: &Expr) -> Self {
        match expr {
            Expr::Empty | Expr::Assertion(_) | Expr::LookAround(..) => Self::text(b""),
            Expr::Literal { val, casei: false } => Self::text(val.as_bytes()),
            Expr::Literal { val, casei: true } if val.chars().all(folds_alone) => {
                let text = val.to_ascii_lowercase().into_bytes();
                Self { exact: Some(vec![Literal { text, folded: true }]), held: None }
            }
            Expr::Concat(parts) => Self::row(parts.iter().map(Self::of_expr)),
            Expr::Alt(parts) => Self::either(parts.iter().map(Self::of_expr)),
            Expr::Group(inner) => Self::of_expr(inner),
            Expr::AtomicGroup(inner) | Expr::AstNode(AstNode::AstGroup { inner, .. }, _) => {
                Self::of_expr(inner)
            }
            Expr::Repeat { child, lo, hi, .. } => {
                let count = |n: &usize| u32::try_from(*n).ok();
                Self::of_expr(child).repeated(count(lo).unwrap_or(u32::MAX), count(hi))
            }
            _ => Self::nothing(),
        }
    }

    fn repeated(self, min: u32, max: Option<u32>) -> Self {
        match (min, max) {
            (1, Some(1)) => self,
            (0, Some(1)) => Self::either([self, Self::text(b"")].into_iter()),
            (0, _) => Self::nothing(),
            _ => Self { held: self.best(), exact: None },
        }
    }

    /// Parts one after the other: neighbours that are exact join.
    fn row(parts: impl Iterator<Item = Self>) -> Self {
        let mut run = vec![Literal::empty()];
        let mut held: Option<Vec<Literal>> = None;
        let mut whole = true;
        for part in parts {
            held = better(held, part.held);
            let exact = part.exact.unwrap_or_else(|| {
                whole = false;
                held = better(held.take(), Some(std::mem::take(&mut run)));
                vec![Literal::empty()]
            });
            if run.is_empty() {
                run = exact;
                continue;
            }
            match joined(&run, &exact) {
                Some(longer) => {
                    if longer.len() > run.len() {
                        held = better(held, Some(run));
                    }
                    run = longer;
                }
                None => {
                    held = better(held, Some(std::mem::replace(&mut run, exact)));
                    whole = false;
                }
            }
        }
        if whole {
            Self { exact: Some(run), held }
        } else {
            Self { exact: None, held: better(held, Some(run)) }
        }
    }

    /// One part or another: each must hold something for the whole to.
    fn either(parts: impl Iterator<Item = Self>) -> Self {
        let parts: Vec<Self> = parts.collect();
        let exact: Option<Vec<Vec<Literal>>> = parts.iter().map(|part| part.exact.clone()).collect();
        let exact = exact.map(|sets| sets.concat()).filter(|all| all.len() <= MOST);
        let held: Option<Vec<Vec<Literal>>> = parts.into_iter().map(Self::best).collect();
        let held = held.map(|sets| sets.concat()).filter(|all| all.len() <= 4 * MOST);
        Self { exact, held }
    }

    fn best(self) -> Option<Vec<Literal>> {
        let mut best = better(self.held, self.exact)?;
        best.sort();
        best.dedup();
        Some(best)
    }
}

/// The few texts a class stands for: up to four characters, a letter in both its cases as one.
fn letters(class: &Class) -> Option<Vec<Literal>> {
    let chars: Vec<char> = match class {
        Class::Unicode(class) => few(class.ranges().iter().map(|range| (range.start(), range.end())))?,
        Class::Bytes(class) => {
            few(class.ranges().iter().map(|range| (char::from(range.start()), char::from(range.end()))))?
                .into_iter()
                .map(|c| c.is_ascii().then_some(c))
                .collect::<Option<_>>()?
        }
    };
    let mut all: Vec<Literal> = chars
        .iter()
        .map(|c| {
            let either = chars.contains(&swapped(*c));
            let c = if either { c.to_ascii_lowercase() } else { *c };
            Literal { text: c.to_string().into_bytes(), folded: either }
        })
        .collect();
    all.sort();
    all.dedup();
    Some(all)
}

/// An ASCII letter in its other case; any other character comes out as one that no class of few holds with it.
fn swapped(c: char) -> char {
    match c {
        'a'..='z' => c.to_ascii_uppercase(),
        'A'..='Z' => c.to_ascii_lowercase(),
        _ => char::MAX,
    }
}

fn few(ranges: impl Iterator<Item = (char, char)>) -> Option<Vec<char>> {
    let mut all = Vec::new();
    for (start, end) in ranges {
        if u32::from(end) - u32::from(start) > 3 {
            return None;
        }
        all.extend(start..=end);
    }
    (all.len() <= 4).then_some(all)
}

/// Whether no character outside ASCII folds to it, as the Kelvin sign does to `k` and the long s to `s`.
fn folds_alone(c: char) -> bool {
    c.is_ascii() && !matches!(c, 'k' | 'K' | 's' | 'S')
}

fn joined(before: &[Literal], after: &[Literal]) -> Option<Vec<Literal>> {
    let mut all = Vec::with_capacity(before.len() * after.len());
    for head in before {
        for tail in after {
            if head.text.len() + tail.text.len() > ENOUGH || all.len() == MOST {
                return None;
            }
            all.push(head.followed_by(tail));
        }
    }
    Some(all)
}

fn shortest(set: &[Literal]) -> usize {
    set.iter().map(|literal| literal.text.len()).min().unwrap_or(0)
}

/// The set that makes the better filter: long texts, and few of them; texts that are in every other line make none.
fn better(one: Option<Vec<Literal>>, other: Option<Vec<Literal>>) -> Option<Vec<Literal>> {
    let few = |set: &Vec<Literal>| (MOST * 4).saturating_sub(set.len());
    let worth = |set: &Vec<Literal>| (shortest(set) >= COMMON, shortest(set).min(ENOUGH / 2) + few(set));
    let some = |set: &Vec<Literal>| shortest(set) > 0;
    match (one.filter(some), other.filter(some)) {
        (Some(one), Some(other)) => Some(if worth(&other) > worth(&one) { other } else { one }),
        (one, other) => one.or(other),
    }
}

impl Literal {
    fn empty() -> Self {
        Self { text: Vec::new(), folded: false }
    }

    fn followed_by(&self, tail: &Self) -> Self {
        let folded = self.folded || tail.folded;
        let mut text = [self.text.as_slice(), &tail.text].concat();
        if folded {
            text.make_ascii_lowercase();
        }
        Self { text, folded }
    }
}

#[cfg(test)]
mod tests {
    use heal_model::{Engine, Pattern, PatternKind};

    use super::literals;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        check_engine(source, Engine::Linear, expected);
    }

    #[track_caller]
    fn check_engine(source: &str, engine: Engine, expected: &str) {
        let pattern = Pattern { source: source.to_owned(), kind: PatternKind::Regex, unicode: false, engine };
        let show = |literal: &super::Literal| {
            let text = String::from_utf8_lossy(&literal.text).into_owned();
            if literal.folded { format!("~{text}") } else { text }
        };
        let found = literals(&pattern).map(|set| set.iter().map(show).collect::<Vec<_>>().join("|"));
        assert_eq!(found.unwrap_or_default(), expected, "{source}");
    }

    #[test]
    fn the_longest_run_counts() {
        check(r"ImportError: cannot import name '(?<a>\w+)' from", "ImportError: cannot import name '");
        check(r"^\s*at (?<x>\S+) is not defined$", " is not defined");
        check(r"(?<code>E\d{4})", "E");
        check(r"\d+", "");
    }

    #[test]
    fn many_long_texts_are_better_than_one_that_is_everywhere() {
        check(
            r"^\w+: (?:alpha|bravo|charlie|delta|echo|foxtrot|golf)",
            ": alpha|: bravo|: charlie|: delta|: echo|: foxtrot|: golf",
        );
    }

    #[test]
    fn a_choice_needs_one_of_each() {
        check("(?:foo|bar)baz", "barbaz|foobaz");
        check("colou?r map", "color map|colour map");
        check(r"foobar|\d+", "");
        check("(?:timeout){1,3} [ab]", "timeout");
        check("(?:a|b)*longer", "longer");
    }

    #[test]
    fn letters_without_case() {
        check("(?i)error: no", "~error: no");
        // The Kelvin sign is a `k` without its case.
        check("(?i)broken pipe", "~broken pipe|~bro\u{212a}en pipe");
        check("(?i:Err)or", "~error");
    }

    #[test]
    fn look_around_takes_nothing() {
        check_engine(r"(?<!not )allowed: (\w+) \1", Engine::Backtracking, "allowed: ");
        check_engine(r"(?=.*foobar)x", Engine::Backtracking, "x");
    }
}
