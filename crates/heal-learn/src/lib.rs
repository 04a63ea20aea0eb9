//! What incidents and their ends teach: from a failure that someone mended to a rule that mends it for everyone.
//!
//! [`distil`] takes incidents through four steps. Each becomes an *example*: one diagnostic, and the change of the file
//! it names that ended it. Examples of one [`signature`] are compared in *frames*, ways to say which stretch of the file
//! the change is about; in a frame the old texts are anti-unified into a pattern with holes, and the new ones composed of
//! what stands in the holes, what the message quotes, and literal text. Where that works for several examples they form a
//! *group*. And its rule, an ordinary one in the ordinary language, goes through *gates* before it may be written.
//!
//! Nothing here reads a file or a clock, and the order in which incidents come does not count.

mod align;
mod attributed;
mod block;
mod compiled;
mod compose;
mod context;
mod distil;
mod draft;
mod edit;
mod example;
mod fill;
mod frame;
mod gates;
mod ground;
mod group;
mod guard;
mod hole;
mod honest;
mod hunk;
mod lined;
mod merge;
mod message;
mod naming;
mod narrow;
mod once;
mod part;
mod pattern;
mod policy;
mod refused;
mod repeat;
mod signature;
mod site;
mod sketch;
mod slot;
mod template;
mod tests_of;
mod text;
mod token;
mod tree;
mod trial;
mod unknown;

pub use distil::distil;
pub use narrow::{Change, changes, ended_by, fewest};
pub use policy::Policy;
pub use refused::{Refused, refused};
pub use signature::{SIGNATURE_VERSION, Signature, Slot, SlotKind, signature};
pub use trial::Trial;
pub use unknown::{Group, complaint, groups};
