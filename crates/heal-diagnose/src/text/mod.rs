mod block;
mod draft;
mod finish;
mod grams;
mod history;
mod index;
mod lane;
mod lanes;

pub(crate) use index::Index;
pub(crate) use lanes::Lanes;
