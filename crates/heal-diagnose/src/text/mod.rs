mod block;
mod difference;
mod draft;
mod finish;
mod formatter;
mod grams;
mod history;
mod index;
mod lane;
mod lanes;
mod quiet;

pub(crate) use index::Index;
pub(crate) use lanes::Lanes;
pub(crate) use quiet::Quiet;
