//! What incidents and their ends teach.

mod align;
mod compose;
mod distil;
mod draft;
mod example;
mod fill;
mod frame;
mod group;
mod hole;
mod hunk;
mod message;
mod signature;
mod sketch;
mod text;
mod token;
mod tree;
mod trial;

pub use distil::{Policy, distil};
pub use signature::{SIGNATURE_VERSION, Signature, Slot, SlotKind, signature};
pub use trial::Trial;
