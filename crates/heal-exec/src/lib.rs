//! Runs, reads, writes, journals, undoes: the one crate that touches the world.
//!
//! A [`Host`] is the machine seen from one project. As a [`World`](heal_model::World) it can be read by every
//! stage; what it does, it does here: [`Host::apply`] is the one way by which a file changes, and each change is
//! journalled first and can be taken back by [`Host::undo`], or by [`Host::recover`] after a power cut.
//!
//! The order of writing is the crate's subject: contents are kept, then what is about to be done is written down,
//! then files are replaced whole, then it is written down that they were. Each step is on the disk before the next
//! begins. `tests/crash` kills and fails every system call in turn and holds the outcome against that.

#![allow(clippy::disallowed_methods, reason = "the one crate that touches the world")]

mod apply;
mod apply_error;
mod backups;
mod clock;
mod commands;
mod contents;
mod editor;
mod environment;
mod git;
mod guard;
mod hash;
mod health;
mod history;
mod homes;
mod host;
mod ids;
pub mod incidents;
mod input;
mod journal;
mod kept_folders;
mod keys;
mod launch;
mod limits;
mod listeners;
mod listing;
mod lock;
mod output;
mod playbooks;
mod probe;
mod process_table;
mod programs;
mod prune;
mod pty;
mod receipts;
mod record;
mod record_shapes;
mod recover;
mod redact;
mod restore;
pub mod retry;
mod root;
mod run;
pub mod scratch;
mod seal;
mod secrets;
mod settled;
mod sidecar;
mod sides;
mod signals;
mod staging;
mod standing;
mod state;
mod stragglers;
mod supervise;
mod sys;
mod target;
mod texts;
mod transaction;
pub mod trust;
mod undo;
mod undo_error;
mod verify;
mod warrant;
mod watch;
mod way_back;
mod world;

pub use apply_error::ApplyError;
pub use clock::Deadline;
pub use contents::Lost;
pub use editor::EditError;
pub use health::{Health, Ledger, Tally};
pub use history::{Checkout, CheckoutError, Commit};
pub use homes::Homes;
pub use host::{Host, HostError, Probes};
pub use input::StandardInput;
pub use journal::Damage;
pub use launch::{Hearer, Input, Launch, unheard};
pub use output::Output;
pub use playbooks::{Base, Found};
pub use process_table::is_ignored;
pub use pty::columns;
pub use receipts::ShowError;
pub use record::{
    Change, Ending, Intent, Owner, Previous, Settled, Verdict, Version, Writer, journal_schema,
};
pub use recover::{Conflict, Recovered};
pub use run::{Outcome, RunError};
pub use sides::Side;
pub use standing::{Word, Words};
pub use state::StateError;
pub use undo_error::UndoError;
pub use verify::Rerun;
pub use warrant::Warrant;
pub use watch::{Watcher, Woken};
pub use way_back::Parted;
