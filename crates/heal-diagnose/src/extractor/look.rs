use std::fmt;
use std::sync::OnceLock;

use heal_model::{Pattern, PatternKind};
use heal_pattern::{Caught, Compiled, Literal, literals};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What a line must hold: one of some patterns, each compiled when it is first needed.
#[derive(Debug)]
pub(crate) struct Look(Vec<One>);

#[derive(Debug)]
struct One {
    pattern: Pattern,
    compiled: OnceLock<Option<Compiled>>,
}

/// A named group's text, and where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Captured {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Look {
    /// Takes one pattern.
    fn one<E: Error>(source: &str) -> Result<One, E> {
        let checked = heal_pattern::check(source, PatternKind::Regex, false).map_err(E::custom)?;
        let pattern = Pattern {
            source: source.to_owned(),
            kind: PatternKind::Regex,
            unicode: false,
            engine: checked.engine,
        };
        Ok(One { pattern, compiled: OnceLock::new() })
    }

    /// Whether the line fits.
    pub(crate) fn fits(&self, line: &[u8]) -> bool {
        self.0.iter().any(|one| one.compiled().is_some_and(|compiled| compiled.is_match(line)))
    }

    /// What the first pattern that fits catches.
    pub(crate) fn captures(&self, line: &[u8]) -> Option<Vec<Captured>> {
        self.find(line).map(|caught| captured(line, &caught))
    }

    /// Where the first pattern that fits is found.
    pub(crate) fn find(&self, line: &[u8]) -> Option<Caught> {
        self.0.iter().find_map(|one| one.compiled()?.find(line))
    }

    /// The names of all groups.
    pub(crate) fn names(&self) -> Vec<String> {
        let checked =
            |one: &One| heal_pattern::check(&one.pattern.source, one.pattern.kind, one.pattern.unicode);
        self.0.iter().filter_map(|one| checked(one).ok()).flat_map(|checked| checked.captures).collect()
    }

    /// Texts of which a line that fits holds at least one; `None` where there are none worth looking for.
    pub(crate) fn literals(&self) -> Option<Vec<Literal>> {
        let sets: Option<Vec<_>> = self.0.iter().map(|one| literals(&one.pattern)).collect();
        sets.map(|sets| sets.concat()).filter(|all| all.iter().all(|literal| !literal.folded))
    }
}

impl One {
    fn compiled(&self) -> Option<&Compiled> {
        self.compiled.get_or_init(|| Compiled::new(&self.pattern).ok()).as_ref()
    }
}

/// The named groups of a match, as text.
pub(crate) fn captured(line: &[u8], caught: &Caught) -> Vec<Captured> {
    let text = |range: std::ops::Range<usize>| String::from_utf8_lossy(&line[range]).into_owned();
    caught
        .groups
        .iter()
        .map(|group| Captured { name: group.name.clone(), text: text(group.range.clone()) })
        .collect()
}

impl<'de> Deserialize<'de> for Look {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Patterns)
    }
}

struct Patterns;

impl<'de> Visitor<'de> for Patterns {
    type Value = Look;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a regular expression, or a list of them")
    }

    fn visit_str<E: Error>(self, source: &str) -> Result<Look, E> {
        Look::one(source).map(|one| Look(vec![one]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Look, A::Error> {
        let mut all = Vec::new();
        while let Some(Listed(one)) = items.next_element()? {
            all.push(one);
        }
        if all.is_empty() {
            return Err(A::Error::custom("an empty list of patterns fits no line"));
        }
        Ok(Look(all))
    }
}

/// One item of a list of patterns, so that an error in it has its place.
struct Listed(One);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Item).map(Listed)
    }
}

struct Item;

impl Visitor<'_> for Item {
    type Value = One;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a regular expression")
    }

    fn visit_str<E: Error>(self, source: &str) -> Result<One, E> {
        Look::one(source)
    }
}
