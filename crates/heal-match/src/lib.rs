//! Which rules fit what was seen, and why one did not.

mod bank;
mod diagnostics;
mod location;
mod matcher;
mod rules;
mod scan;
mod seen;
mod sieve;
mod state;
mod ways;
mod why;

pub use matcher::Matcher;
pub use seen::{Event, LONGEST_EXCERPT, LONGEST_LINE, MOST_FINDINGS, Seen};
pub use state::Inspector;
pub use why::{Closest, Condition, NearMiss};
