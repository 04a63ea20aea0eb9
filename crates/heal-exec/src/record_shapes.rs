//! The shapes of the model's types that stand in records, for the journal's schema alone.
//!
//! The model imports nothing but serde, so it can't derive a schema; a test holds every record that is written
//! against the schema, so these can't drift from what they describe.

#![expect(dead_code, reason = "read by the schema's derive alone")]

use schemars::JsonSchema;

/// One command, and how it ended.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommandOutcome {
    /// The program and its arguments.
    argv: Vec<String>,
    /// The code it ended with; absent where a signal ended it.
    exit: Option<i32>,
    /// The signal that ended it; where it is itself a signal, the one that the process ended on.
    signal: Option<i32>,
    /// Whether it ran out of time.
    timed_out: bool,
    /// Tries, the first included.
    attempts: u32,
    /// Milliseconds, all tries together.
    milliseconds: u64,
    /// The end of what it printed, at most 2 KiB.
    tail: String,
}

/// One thing that was looked at to find out whether a fix helped.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Check {
    /// Whether it is as it should be.
    passed: bool,
    /// What was looked at, and what it said, in words.
    text: String,
}

/// Whether a fix helped.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Verification {
    /// Whether it did.
    passed: bool,
    /// Each check and what it said.
    checks: Vec<Check>,
    /// The commands that were run for it.
    commands: Vec<CommandOutcome>,
}
