use schemars::JsonSchema;
use serde::Serialize;

/// How a command that was run under heal ended, at its last try.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Run {
    /// The command.
    pub argv: Vec<String>,
    /// The code it ended with.
    pub exit: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether it ran out of time.
    pub timed_out: bool,
    /// How often it was run.
    pub tries: u32,
    /// Whether it passes since heal changed something.
    pub healed: bool,
    /// How long the last try took.
    pub milliseconds: u64,
}
