//! The `heal` command.

fn main() {}
