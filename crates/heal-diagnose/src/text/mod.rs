mod block;
mod difference;
mod draft;
mod drawing;
mod finish;
mod formatter;
mod grams;
mod history;
mod index;
mod lane;
mod lanes;
mod offer;
mod quiet;
mod runs;

pub(crate) use index::Index;
pub(crate) use lanes::Lanes;
pub(crate) use quiet::Quiet;
pub use runs::Runs;
