//! When a failed command is tried again, and when no longer: the rules are pure, and told the time.

mod breakers;
mod circuit;
mod persist;
mod schedule;
mod transient;

pub use breakers::{Gate, Until, breaker_name};
pub use persist::fraction;
pub(crate) use persist::{Tried, persist};
pub use schedule::{Next, Schedule, Stop};
pub use transient::{is_transient, retry_after};
