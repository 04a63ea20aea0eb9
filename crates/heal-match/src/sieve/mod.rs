use aho_corasick::AhoCorasick;
use heal_pattern::{Literal, literals};

use crate::bank::PatternId;
use crate::rules::Rules;

/// Picks, for a stretch of text, the few patterns that are worth trying on the few lines that are worth it.
pub(crate) struct Sieve {
    literals: Vec<(Literal, Vec<PatternId>)>,
    search: Option<AhoCorasick>,
    /// Patterns with nothing to look for: tried on every line.
    always: Vec<PatternId>,
}

/// A pattern that may be found on the line that holds this place.
pub(crate) type Hit = (usize, PatternId);

/// Shorter texts are on too many lines to be worth looking for.
const SHORTEST: usize = 3;

impl Sieve {
    pub(crate) fn new(rules: &Rules) -> Self {
        let mut all: Vec<(Literal, Vec<PatternId>)> = Vec::new();
        let mut always = Vec::new();
        for (id, pattern) in rules.bank.patterns().enumerate() {
            let set =
                literals(pattern).filter(|set| set.iter().all(|literal| literal.text.len() >= SHORTEST));
            match set {
                Some(set) => all.extend(set.into_iter().map(|literal| (literal, vec![id]))),
                None => always.push(id),
            }
        }
        let texts = all.iter().map(|(literal, _)| &literal.text);
        let search = AhoCorasick::builder().ascii_case_insensitive(true).build(texts).ok();
        let search = search.filter(|_| !all.is_empty());
        Self { literals: all, search, always }
    }

    /// The patterns to try on every line.
    pub(crate) fn always(&self) -> &[PatternId] {
        &self.always
    }

    /// Finds places whose line is worth trying a pattern on, in order.
    pub(crate) fn hits(&self, text: &[u8], hits: &mut Vec<Hit>) {
        let Some(search) = &self.search else { return };
        for found in search.find_overlapping_iter(text) {
            let (literal, patterns) = &self.literals[found.pattern().as_usize()];
            if literal.folded || text[found.range()] == literal.text[..] {
                hits.extend(patterns.iter().map(|pattern| (found.start(), *pattern)));
            }
        }
        hits.sort_unstable();
    }
}
