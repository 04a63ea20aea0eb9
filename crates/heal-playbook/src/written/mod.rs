//! A playbook as it is written: what serde reads, and what the JSON Schema is made from.
//!
//! Doc comments here are the descriptions that an editor shows, so they speak to who writes a playbook.

pub(crate) mod action;
mod exact;
mod pattern;
mod playbook;
mod policy;
mod rule;
mod short;
pub(crate) mod state;
pub(crate) mod step;
mod sure;
mod tier;
pub(crate) mod trigger;
mod words;

pub(crate) use exact::{Duration, Exit, Globs, Gone, Instant, Name, Share, Size, SizeText, Span};
pub(crate) use pattern::{LinePattern, Pattern};
pub(crate) use playbook::{Defaults, Learning, Playbook, Source};
pub(crate) use policy::{Retry, Timeout};
pub(crate) use rule::{CaptureType, Expect, Matches, Rule, RuleTest, TestProbe, TestProcess, Verify};
pub(crate) use short::Short;
pub(crate) use sure::Sure;
pub(crate) use tier::FileTier;
pub(crate) use words::Word;
