mod budget;
mod checksum;
mod document;
mod file;
mod fill;
mod inspector;
mod look;
mod paths;
mod process;
mod rate;
mod read;
mod time;
mod values;

pub use inspector::Inspector;
pub(crate) use inspector::found;
pub(crate) use look::{Captures, Spot};
pub(crate) use paths::Listing;
