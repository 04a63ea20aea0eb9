//! heal as a library: the stages, in order.
//!
//! ```text
//! observe ─▶ find ─▶ plan ─▶ preview ─▶ consent ─▶ apply ─▶ verify ─▶ receipt
//! ```
//!
//! Each stage is a crate of its own and is named here once. A [`Library`] holds the playbooks that count in a
//! project; what a program does with them is [`matching`], [`planning`] and [`acting`], one after the other.

mod builtin;
mod diagnostics;
mod environments;
mod extractors;
mod find;
pub mod learning;
mod library;
mod rank;
pub mod report;
pub mod rule_test;
mod starts;

#[cfg(feature = "cli")]
pub mod cli;

pub use heal_diagnose as diagnosing;
pub use heal_exec as acting;
pub use heal_match as matching;
pub use heal_model as model;
pub use heal_plan as planning;
pub use heal_playbook as playbooks;

pub use builtin::{builtin, builtin_for, is_builtin, origin_of_builtin};
pub use diagnostics::{Diagnostics, look_at_diagnostics, looks_at_diagnostics};
pub use extractors::{ExtractorFile, Extractors, ExtractorsFaulty, Reading};
pub use find::find;
pub use library::{Faulty, FaultyBecause, Library, Member, NoRule};
pub use rank::Shared;
pub use starts::{Start, starts};
