use heal_model::Pattern;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{NFA, WhichCaptures};
use regex_automata::{Anchored, Input};

use crate::{LARGEST, within_lines};

/// Some patterns as one automaton, which says of a line whether it may begin with any of them.
///
/// Its states are made as they are come to, so making it costs little more than reading the patterns, and a line costs
/// a step for each of its bytes, up to the first that none of them goes on with.
#[derive(Debug)]
pub struct AnyOf {
    dfa: DFA,
    cache: Cache,
}

impl AnyOf {
    /// Joins patterns; `None` where one of them can't be searched for by an automaton, or they are too large.
    #[must_use]
    pub fn new(patterns: &[Pattern]) -> Option<Self> {
        let hirs: Option<Vec<_>> = patterns.iter().map(within_lines).collect();
        let config = NFA::config().utf8(false).which_captures(WhichCaptures::None);
        let config = config.nfa_size_limit(Some(LARGEST));
        let nfa = NFA::compiler().configure(config).build_many_from_hir(&hirs?).ok()?;
        let dfa = DFA::builder().configure(DFA::config().cache_capacity(2 * LARGEST)).build_from_nfa(nfa);
        let dfa = dfa.ok()?;
        let cache = dfa.create_cache();
        Some(Self { dfa, cache })
    }

    /// Whether one of the patterns may be found at the start of a line, given without its end; `false` is certain for
    /// text.
    pub fn may_begin(&mut self, line: &[u8]) -> bool {
        let input = Input::new(line).anchored(Anchored::Yes).earliest(true);
        // One that does not fit into the memory that it may take may be found.
        !matches!(self.dfa.try_search_fwd(&mut self.cache, &input), Ok(None))
    }
}

#[cfg(test)]
mod tests {
    use heal_model::{Engine, Pattern, PatternKind};

    use super::AnyOf;

    fn pattern(source: &str) -> Pattern {
        Pattern {
            source: source.to_owned(),
            kind: PatternKind::Regex,
            unicode: false,
            engine: Engine::Linear,
        }
    }

    #[test]
    fn what_begins_with_one_of_them() {
        let patterns = [r"^(?<a>\w+)\.rs:\d", r"^\s*[\[{]", r"^é.$"].map(pattern);
        let mut any = AnyOf::new(&patterns).expect("they are joined");
        let lines = ["main.rs:3: x", "main.rs: x", "  [1]", "x [1]", "éü", "éüx", ""];
        assert_eq!(
            lines.map(|line| any.may_begin(line.as_bytes())),
            [true, false, true, false, true, false, false]
        );
    }

    #[test]
    fn one_that_backtracks_can_not_be_joined() {
        assert!(AnyOf::new(&[Pattern { engine: Engine::Backtracking, ..pattern(r"(a)\1") }]).is_none());
    }
}
