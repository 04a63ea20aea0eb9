//! What the crate's public face does, seen from outside.

mod diagnostics;
mod laws;
mod processes;
mod scan;
mod state;
mod support;
mod values;
mod why;
