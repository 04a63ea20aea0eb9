use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Pattern;

/// How long a command may take: first try, then each retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeout {
    /// For the first try; 30 s unless said otherwise.
    pub first: Duration,
    /// For each retry; 60 s unless said otherwise.
    pub retry: Duration,
}

/// When and how often a failed command is tried again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Retry {
    /// Tries in all, the first included.
    pub attempts: u32,
    /// How long to wait between them.
    pub backoff: Backoff,
    /// When to stop trying for a while.
    pub breaker: Option<Breaker>,
    /// Output that marks a failure as worth another try.
    pub on_output: Vec<Pattern>,
    /// Exit codes that do.
    pub on_exit: Vec<i32>,
    /// Whether running out of time does.
    pub on_timeout: bool,
}

/// Exponential waiting: `initial`, then each time `factor` times as long, up to `max`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backoff {
    /// Before the first retry; 100 ms unless said otherwise.
    pub initial: Duration,
    /// By how much each wait grows; 2 unless said otherwise.
    pub factor: f64,
    /// The longest wait.
    pub max: Duration,
    /// Whether each wait is drawn between nothing and its length.
    pub jitter: bool,
}

/// Stops trying after a run of failures, and tries once again after a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    /// Consecutive failures that open it; 5 unless said otherwise.
    pub failures: u32,
    /// How long it stays open before one probe; 60 s unless said otherwise.
    pub cooldown: Duration,
}

impl Default for Timeout {
    fn default() -> Self {
        Self { first: Duration::from_secs(30), retry: Duration::from_secs(60) }
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self { initial: Duration::from_millis(100), factor: 2.0, max: Duration::from_secs(30), jitter: false }
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self { failures: 5, cooldown: Duration::from_secs(60) }
    }
}

impl Default for Retry {
    /// One try, no retry.
    fn default() -> Self {
        Self {
            attempts: 1,
            backoff: Backoff::default(),
            breaker: None,
            on_output: Vec::new(),
            on_exit: Vec::new(),
            on_timeout: false,
        }
    }
}
