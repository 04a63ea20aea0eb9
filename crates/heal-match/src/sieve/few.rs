use aho_corasick::AhoCorasick;
use aho_corasick::packed::Searcher;
use heal_pattern::Literal;
use memchr::{memchr, memrchr};

use super::Hit;

/// Looks for short texts: a vector search finds lines that hold any, and an automaton says which.
pub(crate) struct Few(Option<Search>);

struct Search {
    /// The number of each text.
    ids: Vec<usize>,
    /// Finds some text; absent where there are too many, or any of them is without case.
    packed: Option<Searcher>,
    all: AhoCorasick,
    exact: Vec<Option<Vec<u8>>>,
}

impl Few {
    pub(crate) fn new<'a>(texts: impl Iterator<Item = (usize, &'a Literal)>) -> Self {
        let (ids, literals): (Vec<usize>, Vec<&Literal>) = texts.unzip();
        if ids.is_empty() {
            return Self(None);
        }
        let texts = || literals.iter().map(|literal| literal.text.as_slice());
        let folded = literals.iter().any(|literal| literal.folded);
        let all = AhoCorasick::builder().ascii_case_insensitive(folded).build(texts());
        let packed = if folded { None } else { Searcher::new(texts()) };
        let exact = literals.iter().map(|literal| (!literal.folded).then(|| literal.text.clone())).collect();
        Self(all.ok().map(|all| Search { ids, packed, all, exact }))
    }

    /// Adds, for each line that holds texts, where they stand.
    pub(crate) fn hits(&self, text: &[u8], hits: &mut Vec<Hit>) {
        let Some(search) = &self.0 else { return };
        let Some(packed) = &search.packed else { return search.within(text, 0, hits) };
        let mut from = 0;
        while let Some(found) = packed.find_in(text, (from..text.len()).into()) {
            let start = memrchr(b'\n', &text[from..found.start()]).map_or(from, |end| from + end + 1);
            let end = memchr(b'\n', &text[found.end()..]).map_or(text.len(), |end| found.end() + end + 1);
            search.within(&text[start..end], start, hits);
            from = end;
        }
    }
}

impl Search {
    fn within(&self, text: &[u8], start: usize, hits: &mut Vec<Hit>) {
        for found in self.all.find_overlapping_iter(text) {
            let place = found.pattern().as_usize();
            if self.exact[place].as_ref().is_none_or(|exact| *exact == text[found.range()]) {
                hits.push((start + found.start(), self.ids[place]));
            }
        }
    }
}
