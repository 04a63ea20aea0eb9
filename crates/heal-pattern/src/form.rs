use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::nfa::thompson::NFA;
use regex_automata::nfa::thompson::backtrack::BoundedBacktracker;
use regex_automata::util::captures::{Captures, GroupInfo};
use regex_automata::util::syntax;
use regex_automata::{Input, PatternID};

use crate::LARGEST;

/// A pattern as bytes or as characters, searched at first by one engine, and by all of them together once that pays.
///
/// Making the one takes a third of the time that making all does, and of the many patterns of a start most are searched
/// for on a line or two. What they find is the same.
#[derive(Debug)]
pub(crate) struct Form {
    quick: BoundedBacktracker,
    whole: OnceLock<Option<Regex>>,
    searches: AtomicU32,
    source: String,
    unicode: bool,
}

/// How many searches the one engine gets: so many cost about what making the others does.
const FEW: u32 = 16;

impl Form {
    /// Compiles a source.
    pub(crate) fn new(source: &str, unicode: bool) -> Result<Self, Box<BuildError>> {
        let config = NFA::config().utf8(false).nfa_size_limit(Some(LARGEST));
        let quick = BoundedBacktracker::builder().thompson(config).syntax(reading(unicode)).build(source);
        let (whole, quick) = match quick {
            Ok(quick) => (OnceLock::new(), quick),
            // The others say best what is wrong.
            Err(_) => {
                let regex = whole(source, unicode)?;
                let nothing =
                    BoundedBacktracker::never_match().expect("a pattern that is never found compiles");
                (OnceLock::from(Some(regex)), nothing)
            }
        };
        Ok(Self { quick, whole, searches: AtomicU32::new(0), source: source.to_owned(), unicode })
    }

    /// Whether it is found anywhere in `text`.
    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        match self.whole(text.len()) {
            Some(regex) => regex.is_match(text),
            None => self.quick.try_is_match(&mut self.quick.create_cache(), text).unwrap_or(false),
        }
    }

    /// Where in `text` it is found first: a third of what it costs to say where its groups are as well.
    pub(crate) fn range(&self, text: &[u8]) -> Option<Range<usize>> {
        match self.whole(text.len()) {
            Some(regex) => regex.find(text).map(|found| found.range()),
            None => self.search(text, 0).get_match().map(|found| found.range()),
        }
    }

    /// The first place from `start` where it is found.
    pub(crate) fn search(&self, text: &[u8], start: usize) -> Captures {
        let input = Input::new(text).range(start..);
        match self.whole(text.len()) {
            Some(regex) => {
                let mut captures = regex.create_captures();
                regex.captures(input, &mut captures);
                captures
            }
            None => {
                let mut captures = self.quick.create_captures();
                let found = self.quick.try_captures(&mut self.quick.create_cache(), input, &mut captures);
                if found.is_err() {
                    captures.clear();
                }
                captures
            }
        }
    }

    /// The names of its groups, the whole match first.
    pub(crate) fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.groups().pattern_names(PatternID::ZERO)
    }

    fn groups(&self) -> &GroupInfo {
        match self.whole.get() {
            Some(Some(regex)) => regex.group_info(),
            _ => self.quick.get_nfa().group_info(),
        }
    }

    /// All engines, once there have been a few searches, or for a text that is too long for the one. A pattern for which
    /// they would be too large was refused by [`crate::check`].
    fn whole(&self, length: usize) -> Option<&Regex> {
        let is_made = self.whole.get().is_some();
        let is_early = || self.searches.fetch_add(1, Ordering::Relaxed) < FEW;
        if !is_made && is_early() && length <= self.quick.max_haystack_len() {
            return None;
        }
        self.whole.get_or_init(|| whole(&self.source, self.unicode).ok()).as_ref()
    }
}

/// Compiles all engines but one: a whole automaton takes ten times as long to make as all the rest, and most patterns
/// are searched for on a few lines.
pub(crate) fn whole(source: &str, unicode: bool) -> Result<Regex, Box<BuildError>> {
    let config = Config::new().utf8_empty(false).dfa(false);
    let config = config.nfa_size_limit(Some(LARGEST)).hybrid_cache_capacity(LARGEST);
    Regex::builder().configure(config).syntax(reading(unicode)).build(source).map_err(Box::new)
}

fn reading(unicode: bool) -> syntax::Config {
    syntax::Config::new().utf8(false).unicode(unicode).multi_line(true).nest_limit(crate::DEEPEST)
}

#[cfg(test)]
mod tests {
    use super::{FEW, Form};

    /// What is found, with each group, in the first search and in one long after it.
    #[track_caller]
    fn check(source: &str, unicode: bool, text: &str, expected: &str) {
        let form = Form::new(source, unicode).expect("it compiles");
        for search in 0..FEW * 2 {
            let captures = form.search(text.as_bytes(), 0);
            let groups = captures.iter().map(|group| group.map_or("-", |span| &text[span.range()]));
            assert_eq!(groups.collect::<Vec<_>>().join("|"), expected, "{source} in search {search}");
            assert_eq!(form.is_match(text.as_bytes()), captures.is_match());
        }
    }

    #[test]
    fn both_ways_find_the_same() {
        check(r"(?<a>\w+)(?<b>!)?$", false, "one two", "two|two|-");
        check(r"a|ab", false, "xab", "a");
        check(r"^b.(?<rest>.*)", true, "a\nbé2\nb", "bé2|2");
        check(r"x*", false, "yx", "");
        check(r"nothing", false, "here", "");
    }

    #[test]
    fn a_long_text_is_searched_whole() {
        let text = format!("{}needle", " ".repeat(1 << 20));
        check("(?<n>needle)", false, &text, "needle|needle");
    }
}
