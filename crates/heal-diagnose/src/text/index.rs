use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use heal_model::Pattern;

use super::grams::Grams;
use crate::Marks;
use crate::extractor::{Bytes, Extractor, Look, Part, Run, Shape};

/// Which extractors a line may matter to, found without trying any pattern.
#[derive(Debug)]
pub(crate) struct Index {
    extractors: Vec<Extractor>,
    words: Option<AhoCorasick>,
    grams: Grams,
    /// For each word, what it may be part of.
    of_word: Vec<Vec<May>>,
    /// What has no word of its own.
    always: Vec<(Bytes, Part, Matter)>,
    marks: Marks,
}

/// What a line may be if it begins with one of these bytes.
type May = (Bytes, Matter);

/// What a line may be: the more a variant matters, the earlier it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Matter {
    /// The line after which what was told counts no more.
    Anew(usize),
    /// The first line of an extractor's section.
    From(usize),
    /// A line of which a run is made out.
    Run(usize),
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
        let mut words: BTreeMap<&str, Vec<May>> = BTreeMap::new();
        let mut always = Vec::new();
        for (rank, at) in ranked.into_iter().enumerate() {
            let shape = &extractors[at].0;
            for (look, matter) in matters(shape, at, rank) {
                for hint in look.hints() {
                    // A line begins with what is left of it, or with what is taken off.
                    let first = shape.strip.as_ref().map_or(hint.first, |strip| strip.first().or(hint.first));
                    match &hint.words {
                        Some(set) => {
                            set.iter().for_each(|word| words.entry(word).or_default().push((first, matter)));
                        }
                        None => always.push((first, hint.part.clone(), matter)),
                    }
                }
            }
        }
        let (texts, of_word): (Vec<_>, Vec<_>) = words.into_iter().unzip();
        let grams = Grams::new(texts.iter().copied());
        let words = AhoCorasick::new(&texts).ok();
        let marks = Marks::all(extractors);
        Self { extractors: extractors.to_vec(), words, grams, of_word, always, marks }
    }

    /// What a line may be, what matters most first.
    pub(crate) fn look_up(&self, line: &[u8], found: &mut Vec<Matter>) {
        found.clear();
        let fits = |(first, matter): &May| first.may_begin(line).then_some(*matter);
        let may = self.always.iter().filter(|(first, part, _)| first.may_begin(line) && part.may_be_in(line));
        found.extend(may.map(|(_, _, matter)| *matter));
        if let Some(words) = self.words.as_ref().filter(|_| self.grams.may_be_in(line)) {
            for word in words.find_overlapping_iter(line) {
                found.extend(self.of_word[word.pattern().as_usize()].iter().filter_map(fits));
            }
        }
        found.sort_unstable();
        found.dedup();
    }

    /// Whether a line holds a word of an extractor.
    pub(crate) fn holds_word(&self, line: &[u8]) -> bool {
        self.grams.may_be_in(line) && self.words.as_ref().is_some_and(|words| words.is_match(line))
    }

    /// What lines are recognised by that need hold no word, marks of other programs among it. `None` where that can't be
    /// told from how a line begins.
    pub(crate) fn without_words(&self) -> Option<Vec<Pattern>> {
        let mut all = self.marks.patterns()?;
        for Extractor(shape) in &self.extractors {
            let mut own = Vec::new();
            for look in matters(shape, 0, 0).map(|(look, _)| look) {
                own.extend(look.without_words()?);
            }
            if shape.strip.is_some() && !own.is_empty() {
                return None;
            }
            all.extend(own);
        }
        Some(all)
    }

    /// What other programs put before lines.
    pub(crate) fn marks(&self) -> &Marks {
        &self.marks
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
    .chain(shape.run.iter().flat_map(Run::looks).map(move |look| (look, Matter::Run(at))))
}
