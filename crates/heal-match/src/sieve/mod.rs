mod few;
mod grams;
mod loose;
mod sample;
mod states;
mod walk;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use heal_pattern::{Literal, literal_run, literals};

use crate::bank::PatternId;
use crate::rules::Rules;
use crate::scan::Role;
use few::Few;
use grams::Grams;
use loose::Loose;
use sample::Sample;
use walk::Walk;

/// Picks, for a stretch of text, the few patterns that are worth trying on the few lines that are worth it.
///
/// Of most patterns each match must hold one of a few texts. The long ones are looked for by [`Grams`], the short
/// ones by [`Few`]; a line that holds none of a pattern's texts is never searched with it. What has no text to look
/// for is [`Loose`], or, where it can only go on from another pattern, tried on the lines after that.
pub(crate) struct Sieve {
    texts: Vec<Text>,
    long: Vec<usize>,
    few: Few,
    loose: Option<Loose>,
    /// What no automaton can look for either.
    always: Vec<PatternId>,
    /// For each watch, the patterns that are tried only while it is under way.
    later: Vec<Vec<PatternId>>,
    /// What is looked for at the beginning of a stream, whatever that is like.
    first: OnceLock<Grams>,
}

/// What is looked for, and the patterns that need it.
struct Text {
    literal: Literal,
    patterns: Vec<PatternId>,
}

/// Looks for what a [`Sieve`] knows in one stream, set up for what that stream is like.
pub(crate) struct Filter<'a> {
    sieve: &'a Sieve,
    /// What is looked for once it has been chosen by what the stream is like.
    grams: Option<Grams>,
    /// How much of the stream was looked at to choose that.
    sampled: usize,
    /// How much of the stream has come.
    seen: usize,
    candidates: Vec<u32>,
    walk: Option<Walk<'a>>,
}

/// A line that is worth trying patterns on, by a place on it; and which patterns, as [`Sieve::patterns`] tells.
pub(crate) type Hit = (usize, usize);

/// How much of a stream must come before it is worth choosing what to look for by what it is like: choosing takes as
/// long as looking through some hundred times as much.
const WORTH_CHOOSING: usize = 16 * 1024;

/// Shorter texts are on too many lines to be worth looking for.
const SHORTEST: usize = 3;

impl Sieve {
    pub(crate) fn new(rules: &Rules) -> Self {
        let mut texts: BTreeMap<Literal, Vec<PatternId>> = BTreeMap::new();
        let mut without = Vec::new();
        let mut later = vec![Vec::new(); rules.watches.len()];
        for (id, pattern) in rules.bank.patterns().enumerate() {
            if only_goes_on(rules, id)
                && literal_run(pattern).is_none_or(|run| run.text.len() < grams::SHORTEST)
            {
                rules.uses[id].iter().for_each(|(watch, _)| later[*watch].push(id));
                continue;
            }
            let long = |set: &Vec<Literal>| set.iter().all(|literal| literal.text.len() >= SHORTEST);
            match literals(pattern).filter(long) {
                Some(set) => set.into_iter().for_each(|literal| texts.entry(literal).or_default().push(id)),
                None => without.push((id, pattern)),
            }
        }
        let texts: Vec<Text> =
            texts.into_iter().map(|(literal, patterns)| Text { literal, patterns }).collect();
        let (long, short): (Vec<usize>, Vec<usize>) =
            (0..texts.len()).partition(|text| texts[*text].literal.text.len() >= grams::SHORTEST);
        let few = Few::new(short.into_iter().map(|text| (text, &texts[text].literal)));
        let (loose, always) = Loose::new(without.into_iter());
        Self { texts, long, few, loose, always, later, first: OnceLock::new() }
    }

    /// The patterns to try on every line.
    pub(crate) fn always(&self) -> &[PatternId] {
        &self.always
    }

    /// The patterns to try while a watch is under way.
    pub(crate) fn later(&self, watch: usize) -> &[PatternId] {
        &self.later[watch]
    }

    /// The patterns that a hit is worth trying.
    pub(crate) fn patterns(&self, hit: usize) -> &[PatternId] {
        match (hit.checked_sub(self.texts.len()), &self.loose) {
            (Some(place), Some(loose)) => &loose.patterns[place..=place],
            _ => &self.texts[hit].patterns,
        }
    }

    /// Starts looking through a stream.
    pub(crate) fn filter(&self) -> Filter<'_> {
        let walk = self.loose.as_ref().map(Walk::new);
        Filter { sieve: self, grams: None, sampled: 0, seen: 0, candidates: Vec::new(), walk }
    }

    fn grams(&self, text: &[u8]) -> Grams {
        let long = self.long.iter().map(|text| (*text, &self.texts[*text].literal));
        Grams::new(long, &Sample::new(text))
    }
}

impl Filter<'_> {
    /// Finds places whose line is worth trying a pattern on, in order.
    pub(crate) fn hits(&mut self, text: &[u8], hits: &mut Vec<Hit>) {
        hits.clear();
        let sieve = self.sieve;
        self.seen += text.len();
        let is_worth_it = self.seen > WORTH_CHOOSING && self.sampled < sample::LENGTH;
        if is_worth_it && text.len() > 4 * self.sampled {
            self.grams = Some(sieve.grams(text));
            self.sampled = text.len();
        }
        let first = || sieve.first.get_or_init(|| sieve.grams(b""));
        let grams = self.grams.as_ref().unwrap_or_else(|| first());
        grams.hits(text, |id| &sieve.texts[id].literal, &mut self.candidates, hits);
        sieve.few.hits(text, hits);
        if let Some(walk) = &mut self.walk {
            walk.hits(text, |place| sieve.texts.len() + place, hits);
        }
        hits.sort_unstable();
    }
}

/// Whether a pattern can only go on with matches, never start one or forbid one.
fn only_goes_on(rules: &Rules, pattern: PatternId) -> bool {
    rules.uses[pattern].iter().all(|(watch, role)| match role {
        Role::Not => false,
        Role::Item(place) => !rules.watches[*watch].starts(*place),
    })
}
