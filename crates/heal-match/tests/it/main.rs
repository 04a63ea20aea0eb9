//! What the crate's public face does, seen from outside.

mod laws;
mod scan;
mod state;
mod support;
mod why;
