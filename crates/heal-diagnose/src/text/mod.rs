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

pub(crate) use index::Index;
pub(crate) use lanes::Lanes;
