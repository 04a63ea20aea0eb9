use heal_model::Pattern;
use heal_pattern::within_lines;
use regex_automata::MatchKind;
use regex_automata::hybrid::dfa::DFA;
use regex_automata::nfa::thompson::{NFA, WhichCaptures};

use crate::bank::PatternId;

/// Patterns of which no match must hold a certain text: one automaton looks for all of them.
///
/// Its states are made as a stream asks for them, and walked by [`super::walk::Walk`].
pub(crate) struct Loose {
    pub(super) dfa: DFA,
    pub(super) patterns: Vec<PatternId>,
}

/// How large the automaton may be before it is walked.
const LARGEST: usize = 16 * 1024 * 1024;

impl Loose {
    /// Joins patterns; gives back those that no automaton can look for.
    pub(crate) fn new<'a>(
        patterns: impl Iterator<Item = (PatternId, &'a Pattern)>,
    ) -> (Option<Self>, Vec<PatternId>) {
        let (mut ids, mut hirs, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        for (id, pattern) in patterns {
            match within_lines(pattern) {
                Some(hir) => {
                    ids.push(id);
                    hirs.push(hir);
                }
                None => rest.push(id),
            }
        }
        if ids.is_empty() {
            return (None, rest);
        }
        let config =
            NFA::config().utf8(false).which_captures(WhichCaptures::None).nfa_size_limit(Some(LARGEST));
        let nfa = NFA::compiler().configure(config).build_many_from_hir(&hirs);
        let config = DFA::config().match_kind(MatchKind::All).cache_capacity(2 * LARGEST);
        let dfa = nfa.ok().and_then(|nfa| DFA::builder().configure(config).build_from_nfa(nfa).ok());
        match dfa {
            Some(dfa) => (Some(Self { dfa, patterns: ids }), rest),
            None => (None, [ids, rest].concat()),
        }
    }
}
