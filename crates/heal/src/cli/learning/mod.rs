//! What was recorded, what it teaches, and writing that down.

mod incidents;
mod learn;
mod narrowing;
mod playbook;
mod recording;
mod rejecting;
mod review;
mod shown;
mod sources;
mod standing;
mod sync;
mod unknown;

pub(super) use incidents::{forget, log};
pub(super) use learn::learn;
pub(super) use recording::{Recording, note};
pub(super) use unknown::new;
