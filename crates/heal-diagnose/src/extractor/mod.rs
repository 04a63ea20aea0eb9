mod fault;
mod fields;
mod first;
mod load;
mod look;
mod part;
mod schema;
mod shape;

use std::sync::Arc;

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
}
