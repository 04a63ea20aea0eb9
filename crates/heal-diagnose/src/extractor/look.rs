use std::ops::Range;
use std::sync::OnceLock;

use heal_model::{Engine, Pattern, PatternKind};
use heal_pattern::{Caught, Compiled, Literal, PatternError, literals};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::first::{Bytes, first};
use super::part::Part;

/// What a line must hold: one of some patterns, each compiled when it is first needed.
#[derive(Debug)]
pub(crate) struct Look {
    any: Vec<One>,
    /// One for each pattern.
    hints: OnceLock<Vec<Hint>>,
}

/// What can be told of a line that fits a pattern before that is tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hint {
    /// It holds at least one of these; `None` where there are none worth looking for.
    pub(crate) words: Option<Vec<String>>,
    /// It begins with one of these.
    pub(crate) first: Bytes,
    /// It holds this; said where there are no words.
    #[serde(default, skip_serializing_if = "Part::is_empty")]
    pub(crate) part: Part,
}

/// The shortest word worth looking for: shorter ones are in every other line.
const SHORTEST: usize = 4;

#[derive(Debug)]
struct One {
    source: String,
    compiled: OnceLock<Option<Compiled>>,
}

/// A named group's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Captured {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Look {
    fn new(sources: Vec<String>) -> Self {
        let one = |source| One { source, compiled: OnceLock::new() };
        Self { any: sources.into_iter().map(one).collect(), hints: OnceLock::new() }
    }

    /// Whether the line fits.
    pub(crate) fn fits(&self, line: &[u8]) -> bool {
        self.may_fit(line).any(|one| one.compiled().is_some_and(|compiled| compiled.is_match(line)))
    }

    /// What the first pattern that fits catches.
    pub(crate) fn captures(&self, line: &[u8]) -> Option<Vec<Captured>> {
        self.find(line).map(|caught| captured(line, &caught))
    }

    /// Where the first pattern that fits is found.
    pub(crate) fn find(&self, line: &[u8]) -> Option<Caught> {
        // Whether it fits at all is found out at a third of what the captures cost.
        let find = |compiled: &Compiled| compiled.is_match(line).then(|| compiled.find(line)).flatten();
        self.may_fit(line).find_map(|one| one.compiled().and_then(find))
    }

    /// How much of the line the first pattern takes that fits, if it is found where the line begins.
    pub(crate) fn begins(&self, line: &[u8]) -> Option<usize> {
        let range = |one: &One| one.compiled()?.range(line);
        self.may_fit(line).find_map(range).filter(|range| range.start == 0).map(|range| range.end)
    }

    /// The patterns that the line may fit, by what is known of them already.
    fn may_fit(&self, line: &[u8]) -> impl Iterator<Item = &One> {
        let hints = self.hints.get();
        let may = move |at: usize| hints.is_none_or(|hints| hints[at].may_be(line));
        self.any.iter().enumerate().filter(move |(at, _)| may(*at)).map(|(_, one)| one)
    }

    /// The names of all groups.
    ///
    /// # Errors
    /// Names the pattern that is none, and says what is wrong with it.
    pub(crate) fn names(&self) -> Result<Vec<String>, (&str, PatternError)> {
        let mut all = Vec::new();
        for one in &self.any {
            let checked = heal_pattern::check(&one.source, PatternKind::Regex, false);
            all.extend(checked.map_err(|error| (one.source.as_str(), error))?.captures);
        }
        Ok(all)
    }

    /// What can be told of a line that fits before any pattern is tried, for each of them.
    pub(crate) fn hints(&self) -> &[Hint] {
        self.hints.get_or_init(|| self.any.iter().map(One::hint).collect())
    }

    /// Takes hints that were found before.
    pub(crate) fn give(&self, hints: Vec<Hint>) {
        // Those that are known already are the same.
        let _known = self.hints.set(hints);
    }

    /// What a line that fits may begin with.
    pub(crate) fn first(&self) -> Bytes {
        self.hints().iter().map(|hint| hint.first).reduce(Bytes::or).unwrap_or(Bytes::ALL)
    }

    /// Its patterns, where each match of them begins where the line does.
    pub(crate) fn anchored(&self) -> Option<Vec<Pattern>> {
        self.any.iter().map(One::anchored).collect()
    }

    /// Its patterns that have no words, where each match of them begins where the line does.
    pub(crate) fn without_words(&self) -> Option<Vec<Pattern>> {
        let silent = self.any.iter().zip(self.hints()).filter(|(_, hint)| hint.words.is_none());
        silent.map(|(one, _)| one.anchored()).collect()
    }
}

impl Hint {
    /// Whether a line may fit; `false` is certain.
    pub(crate) fn may_be(&self, line: &[u8]) -> bool {
        self.first.may_begin(line) && self.part.may_be_in(line)
    }
}

impl One {
    fn compiled(&self) -> Option<&Compiled> {
        let compile = |engine| Compiled::new(&self.pattern(engine));
        self.compiled
            .get_or_init(|| compile(Engine::Linear).or_else(|_| compile(Engine::Backtracking)).ok())
            .as_ref()
    }

    fn anchored(&self) -> Option<Pattern> {
        self.is_anchored().then(|| self.pattern(Engine::Linear))
    }

    fn hint(&self) -> Hint {
        let words = self.words();
        let first = if self.is_anchored() { first(&self.source) } else { Bytes::ALL };
        let part = if words.is_none() { Part::of(&self.source) } else { Part::default() };
        Hint { words, first, part }
    }

    fn words(&self) -> Option<Vec<String>> {
        let long = |word: &Literal| !word.folded && word.text.len() >= SHORTEST;
        let words = literals(&self.pattern(Engine::Linear)).filter(|set| set.iter().all(long))?;
        words.into_iter().map(|word| String::from_utf8(word.text).ok()).collect()
    }

    /// Whether each match begins where the line does.
    fn is_anchored(&self) -> bool {
        self.source.strip_prefix('^').is_some_and(|rest| !has_choice(rest))
    }

    /// The pattern for text that is one line: anchored at its start in the way that ends a search soonest.
    fn pattern(&self, engine: Engine) -> Pattern {
        let source =
            if self.is_anchored() { format!(r"\A{}", &self.source[1..]) } else { self.source.clone() };
        Pattern { source, kind: PatternKind::Regex, unicode: false, engine }
    }
}

/// Whether a pattern is a choice as a whole: `a|b`, not `(?:a|b)`.
fn has_choice(source: &str) -> bool {
    let (mut depth, mut class, mut escaped) = (0_u32, false, false);
    for byte in source.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b']' => class = false,
            _ if class => {}
            b'[' => class = true,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// The named groups of a match, as text.
pub(crate) fn captured(line: &[u8], caught: &Caught) -> Vec<Captured> {
    let text = |range: Range<usize>| String::from_utf8_lossy(&line[range]).into_owned();
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

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a regular expression, or a list of them")
    }

    fn visit_str<E: Error>(self, source: &str) -> Result<Look, E> {
        Ok(Look::new(vec![source.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Look, A::Error> {
        let mut all = Vec::new();
        while let Some(source) = items.next_element::<String>()? {
            all.push(source);
        }
        if all.is_empty() {
            return Err(A::Error::custom("an empty list of patterns fits no line"));
        }
        Ok(Look::new(all))
    }
}

#[cfg(test)]
mod tests {
    use super::has_choice;

    #[test]
    fn choices_as_a_whole() {
        assert!(has_choice(r"a|b"));
        assert!(has_choice(r"(a)|b"));
        assert!(!has_choice(r"(a|b)[|]\|"));
        assert!(!has_choice(r"[^\]|]\(x"));
    }
}
