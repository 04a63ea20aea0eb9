use std::collections::HashMap;

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::Cache;
use regex_automata::util::start;

use super::loose::Loose;

/// The states of an automaton that a stream has come to, each with all its steps in one row: so that a step is one
/// look-up that waits for nothing but the last.
pub(super) struct States<'a> {
    loose: &'a Loose,
    cache: Cache,
    /// For each state and byte, the next state, with [`SPECIAL`] set where that matches.
    steps: Vec<State>,
    ids: Vec<LazyStateID>,
    places: HashMap<LazyStateID, State>,
}

/// A state: where its row of steps starts.
pub(super) type State = u32;

/// The state at the start of a line.
pub(super) const START: State = 0;
/// Set in steps that are more than that: a match, or not known yet.
pub(super) const SPECIAL: State = 1 << 31;
const UNKNOWN: State = State::MAX;
/// How many steps there are from a state.
const ROW: usize = 256;
/// 2 MiB of steps; few streams come to a tenth of it.
const MOST: usize = 2_048;

/// There is no more room: all is forgotten, and every walk begins its line anew.
pub(super) struct Forgotten;

impl<'a> States<'a> {
    pub(super) fn new(loose: &'a Loose) -> Self {
        let mut states = Self {
            loose,
            cache: loose.dfa.create_cache(),
            steps: Vec::new(),
            ids: Vec::new(),
            places: HashMap::new(),
        };
        states.begin();
        states
    }

    /// All the steps, a row of 256 for each state.
    pub(super) fn steps(&self) -> &[State] {
        &self.steps
    }

    /// The next state, with [`SPECIAL`] set where it matches; made where it is not known yet.
    pub(super) fn step(&mut self, state: State, byte: u8) -> Result<State, Forgotten> {
        let at = state as usize | usize::from(byte);
        if self.steps[at] == UNKNOWN {
            self.steps[at] = self.make(state, byte)?;
        }
        Ok(self.steps[at])
    }

    /// The patterns, by their order in the automaton, that match in a state.
    pub(super) fn matches(&self, state: State) -> impl Iterator<Item = usize> {
        let id = self.ids[(state & !SPECIAL) as usize / ROW];
        let len = if id.is_match() { self.loose.dfa.match_len(&self.cache, id) } else { 0 };
        (0..len).map(move |index| self.loose.dfa.match_pattern(&self.cache, id, index).as_usize())
    }

    fn make(&mut self, state: State, byte: u8) -> Result<State, Forgotten> {
        let id = self.ids[state as usize / ROW];
        let next = self.loose.dfa.next_state(&mut self.cache, id, byte);
        let place = next.ok().filter(|_| self.cache.clear_count() == 0).and_then(|next| self.place(next));
        place.ok_or_else(|| {
            self.cache.reset(&self.loose.dfa);
            self.begin();
            Forgotten
        })
    }

    fn begin(&mut self) {
        self.steps.clear();
        self.ids.clear();
        self.places.clear();
        let config = start::Config::new().look_behind(Some(b'\n'));
        let start = self.loose.dfa.start_state(&mut self.cache, &config);
        let start =
            start.expect("an empty cache has room for a state, and no byte makes this automaton quit");
        self.place(start);
    }

    fn place(&mut self, id: LazyStateID) -> Option<State> {
        let special = if id.is_match() { SPECIAL } else { 0 };
        if let Some(state) = self.places.get(&id) {
            return Some(state | special);
        }
        let state = State::try_from(self.ids.len() * ROW).ok().filter(|_| self.ids.len() < MOST)?;
        self.ids.push(id);
        self.places.insert(id, state);
        self.steps.resize(self.ids.len() * ROW, UNKNOWN);
        Some(state | special)
    }
}
