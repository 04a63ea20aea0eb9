//! What incidents and their ends teach.

mod align;
mod compose;
mod distil;
mod draft;
mod example;
mod fill;
mod frame;
mod gates;
mod group;
mod hole;
mod honest;
mod hunk;
mod message;
mod naming;
mod policy;
mod signature;
mod sketch;
mod tests_of;
mod text;
mod token;
mod tree;
mod trial;

pub use distil::distil;
pub use policy::Policy;
pub use signature::{SIGNATURE_VERSION, Signature, Slot, SlotKind, signature};
pub use trial::Trial;
