use heal_model::Pattern;
use heal_pattern::{Compiled, Cut, cuts};
use memchr::memmem;

use super::Closest;
use crate::scan::{Line, excerpt};

/// Looks for the line that comes closest to a pattern: the one that fits the longest start of it, or the one that
/// holds the most of its words, whichever is more.
pub(super) struct Near {
    pattern: Pattern,
    cuts: Vec<Cut>,
    words: Vec<String>,
    /// How many cuts some line has come to.
    fitted: usize,
    /// The pattern up to the next cut.
    next: Option<Compiled>,
    start: Option<Best>,
    held: Option<Best>,
}

struct Best {
    /// How many characters that the pattern gives are there.
    score: usize,
    closest: Closest,
}

/// Shorter runs of characters are in too many lines to say anything.
const SHORTEST_WORD: usize = 3;

impl Near {
    pub(super) fn new(pattern: &Pattern) -> Self {
        let cuts = cuts(pattern);
        let mut near = Self {
            pattern: pattern.clone(),
            words: words(&cuts),
            cuts,
            fitted: 0,
            next: None,
            start: None,
            held: None,
        };
        near.next = near.up_to(0);
        near
    }

    /// Looks at a line that does not fit the pattern.
    pub(super) fn take(&mut self, line: Line<'_>) {
        while let Some(caught) = self.next.as_ref().and_then(|next| next.find(line.text)) {
            let instead = excerpt(&line.text[caught.range.end..]);
            let matched = String::from_utf8_lossy(&line.text[caught.range]).into_owned();
            let fitted = &self.cuts[..=self.fitted];
            let score = fitted.iter().filter(|cut| cut.literal.is_some()).count();
            let missing = self.pattern.source[self.cuts[self.fitted].end..].to_owned();
            let closest = Closest { instead, ..closest(line, &matched, missing) };
            self.start = Some(Best { score, closest });
            self.fitted += 1;
            self.next = self.up_to(self.fitted);
        }
        let (there, absent): (Vec<&String>, Vec<&String>) =
            self.words.iter().partition(|word| memmem::find(line.text, word.as_bytes()).is_some());
        let score = there.iter().map(|word| word.chars().count()).sum();
        if score > self.held.as_ref().map_or(0, |best| best.score) {
            let list =
                |words: &[&String]| words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" … ");
            let instead: Vec<String> = absent.iter().filter_map(|word| other_case(line.text, word)).collect();
            let closest = closest(line, &list(&there), list(&absent));
            self.held = Some(Best { score, closest: Closest { instead: instead.join(" … "), ..closest } });
        }
    }

    /// The line that came closest, where any came near. One that holds every word says nothing of what is missing, so
    /// the one that fits the longest start comes before it.
    pub(super) fn closest(self) -> Option<Closest> {
        let says_more =
            |held: &Best, start: &Best| held.score > start.score && !held.closest.missing.is_empty();
        match (self.start, self.held) {
            (Some(start), Some(held)) if says_more(&held, &start) => Some(held.closest),
            (Some(start), held) if start.score >= SHORTEST_WORD || held.is_some() => Some(start.closest),
            (_, held) => held.map(|best| best.closest),
        }
    }

    fn up_to(&self, cut: usize) -> Option<Compiled> {
        let source = self.pattern.source[..self.cuts.get(cut)?.end].to_owned();
        Compiled::new(&Pattern { source, ..self.pattern.clone() }).ok()
    }
}

fn closest(line: Line<'_>, matched: &str, missing: String) -> Closest {
    let matched = excerpt(matched.as_bytes());
    Closest { line: line.number, text: excerpt(line.text), matched, missing, instead: String::new() }
}

/// A word as a line has it, where it differs in its capital letters alone.
fn other_case(line: &[u8], word: &str) -> Option<String> {
    let found = line.windows(word.len()).find(|part| part.eq_ignore_ascii_case(word.as_bytes()))?;
    Some(String::from_utf8_lossy(found).into_owned())
}

/// The runs of characters in a pattern, parted at spaces.
fn words(cuts: &[Cut]) -> Vec<String> {
    let text: String = cuts.iter().map(|cut| cut.literal.unwrap_or(' ')).collect();
    text.split_whitespace().filter(|word| word.len() >= SHORTEST_WORD).map(str::to_owned).collect()
}
