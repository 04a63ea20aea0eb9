use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;

use crate::extractor::{Extractor, Look, Shape};

/// Which extractors a line may matter to, found without trying any pattern.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) extractors: Vec<Extractor>,
    words: Option<AhoCorasick>,
    /// For each word, what it may be part of.
    of_word: Vec<Vec<Matter>>,
    /// What has no word of its own, so that each line may be it.
    always: Vec<Matter>,
    /// The extractors' places, the highest priority first.
    pub(crate) envelopes: Vec<usize>,
}

/// What a line may be: the more a variant matters, the earlier it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Matter {
    /// The line after which what was told counts no more.
    Anew(usize),
    /// The first line of an extractor's section.
    From(usize),
    /// It goes down into a folder.
    Enter(usize),
    /// It comes up again.
    Leave(usize),
    /// The first line of a diagnostic: by rank, then which extractor's.
    Start(usize, usize),
}

impl Index {
    pub(crate) fn new(extractors: &[Extractor]) -> Self {
        let mut ranked: Vec<usize> = (0..extractors.len()).collect();
        ranked.sort_by_key(|at| -i64::from(extractors[*at].0.priority));
        let rank = |at: usize| ranked.iter().position(|other| *other == at).unwrap_or(at);
        let mut words: BTreeMap<Vec<u8>, Vec<Matter>> = BTreeMap::new();
        let mut always = Vec::new();
        for (at, extractor) in extractors.iter().enumerate() {
            for (look, matter) in matters(&extractor.0, at, rank(at)) {
                match look.literals() {
                    Some(set) if !set.is_empty() => {
                        set.into_iter().for_each(|word| words.entry(word.text).or_default().push(matter));
                    }
                    _ => always.push(matter),
                }
            }
        }
        let (texts, of_word): (Vec<_>, Vec<_>) = words.into_iter().unzip();
        let envelopes = ranked.into_iter().filter(|at| extractors[*at].0.envelope.is_some()).collect();
        let words = AhoCorasick::new(&texts).ok();
        Self { extractors: extractors.to_vec(), words, of_word, always, envelopes }
    }

    /// What a line may be, what matters most first.
    pub(crate) fn look_up(&self, line: &[u8], found: &mut BTreeSet<Matter>) {
        found.clear();
        found.extend(&self.always);
        if let Some(words) = &self.words {
            for word in words.find_overlapping_iter(line) {
                found.extend(&self.of_word[word.pattern().as_usize()]);
            }
        }
    }

    pub(crate) fn shape(&self, at: usize) -> &Shape {
        &self.extractors[at].0
    }
}

fn matters(shape: &Shape, at: usize, rank: usize) -> impl Iterator<Item = (&Look, Matter)> {
    [
        (shape.start.as_ref(), Matter::Start(rank, at)),
        (shape.section.as_ref().map(|section| &section.from), Matter::From(at)),
        (shape.unless.as_ref().and_then(|unless| unless.since.as_ref()), Matter::Anew(at)),
        (shape.enter.as_ref(), Matter::Enter(at)),
        (shape.leave.as_ref(), Matter::Leave(at)),
    ]
    .into_iter()
    .filter_map(|(look, matter)| Some((look?, matter)))
}
