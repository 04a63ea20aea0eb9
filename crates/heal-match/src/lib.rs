//! Which rules fit what was seen, and why one did not.
//!
//! A [`Matcher`] looks at three things: a stream of output ([`Matcher::scan`]), diagnostics that were read out of it
//! ([`Matcher::diagnostics`]), and the state of files, documents and processes ([`Matcher::inspect`]). Where a rule
//! wants both what passes by and a state of things, [`Matcher::confirm`] asks for the second.
//!
//! A stream goes through three sieves: `scan::pieces` cuts it into what can be searched as it is and lines that must
//! first be shown as a terminal would; `sieve` picks the lines and patterns that are worth trying; `scan::Run` tries
//! them and follows, for each trigger, how far it has come. Nothing here fails: what can't be known is a doubt.

mod bank;
mod diagnostics;
mod gate;
mod location;
mod matcher;
mod rules;
mod scan;
mod seen;
mod sieve;
mod state;
mod ways;
mod why;

pub use gate::{gate, open_gates};
pub use matcher::Matcher;
pub use seen::{Event, LONGEST_EXCERPT, LONGEST_LINE, MOST_FINDINGS, Seen};
pub use state::Inspector;
pub use why::{Closest, Condition, NearMiss, asks};
