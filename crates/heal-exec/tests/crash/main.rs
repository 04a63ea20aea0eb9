//! What must hold when heal is killed, starved and raced: every file is wholly old or wholly new, recovery makes all
//! of them the one or the other, and no step is taken before the one it rests on is on the disk.
//!
//! `strace` kills and fails the example `victim` at each of its system calls in turn.

#![allow(clippy::disallowed_methods, reason = "these tests look at real files and start processes")]
#![allow(clippy::print_stdout, reason = "a sweep says how many points it tried")]

mod commands;
mod denied;
mod events;
mod many;
mod order;
mod others;
mod races;
mod scene;
mod sidecar;
mod snapshot;
#[path = "../support/mod.rs"]
mod support;
mod sweep;
