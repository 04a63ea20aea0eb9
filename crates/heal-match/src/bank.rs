use std::collections::HashMap;
use std::sync::OnceLock;

use heal_model::Pattern;
use heal_pattern::{Compiled, PatternError};

/// A pattern's place in the bank.
pub(crate) type PatternId = usize;

/// Every distinct pattern of the rules, each compiled when it is first needed.
#[derive(Default)]
pub(crate) struct Bank {
    entries: Vec<Entry>,
    ids: HashMap<Pattern, PatternId>,
}

struct Entry {
    pattern: Pattern,
    compiled: OnceLock<Result<Compiled, PatternError>>,
}

impl Bank {
    /// Takes a pattern in; the same one twice has one place.
    pub(crate) fn add(&mut self, pattern: &Pattern) -> PatternId {
        if let Some(id) = self.ids.get(pattern) {
            return *id;
        }
        let id = self.entries.len();
        self.entries.push(Entry { pattern: pattern.clone(), compiled: OnceLock::new() });
        self.ids.insert(pattern.clone(), id);
        id
    }

    /// The pattern, ready to search.
    pub(crate) fn compiled(&self, id: PatternId) -> &Result<Compiled, PatternError> {
        let entry = &self.entries[id];
        entry.compiled.get_or_init(|| Compiled::new(&entry.pattern))
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// All patterns, in order of their places.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.entries.iter().map(|entry| &entry.pattern)
    }
}
