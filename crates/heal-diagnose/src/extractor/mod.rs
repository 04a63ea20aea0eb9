mod fault;
mod fields;
mod first;
mod load;
mod look;
mod part;
mod schema;
mod shape;

use std::sync::Arc;

use memchr::{memchr, memmem};

pub use load::{ExtractError, Standing, load, load_beside};
pub use schema::schema;

pub(crate) use fields::fill;
pub(crate) use first::Bytes;
pub(crate) use load::unpack;
pub(crate) use look::{Captured, Hint, Look, captured};
pub(crate) use part::Part;
pub(crate) use shape::{Above, Keep, Rule, Run, Shape, Target};

/// One declared way to read what a tool prints. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Extractor(pub(crate) Arc<Shape>);

impl Extractor {
    /// Its name, unlike any other's of its file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The tool whose output it reads.
    #[must_use]
    pub fn tool(&self) -> &str {
        self.0.tool()
    }

    /// Whether a text may hold what a run begins with that it knows the end of; `false` is certain.
    #[must_use]
    pub fn may_begin_run(&self, text: &[u8]) -> bool {
        let Some(run) = &self.0.run else { return false };
        // Colours may stand within a word.
        let holds = |word: &String| memmem::find(text, word.as_bytes()).is_some();
        let lines = || text.split(|byte| *byte == b'\n');
        let may_fit = |hint: &Hint| {
            hint.words.as_ref().is_none_or(|words| words.iter().any(holds))
                && lines().any(|line| hint.may_be(line))
        };
        memchr(b'\x1b', text).is_some() || run.beginnings().flat_map(Look::hints).any(may_fit)
    }
}
