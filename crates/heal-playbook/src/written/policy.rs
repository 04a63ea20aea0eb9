use schemars::JsonSchema;
use serde::Deserialize;

use super::{Duration, Pattern, Short};

/// How long a command may take: one duration, or a map of two.
pub(crate) type Timeout = Short<Duration, TimeoutMap>;
/// When a failed command is tried again: a number of attempts, or a map that says more.
pub(crate) type Retry = Short<u32, RetryMap>;

/// How long a command may take. One duration holds for every try.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Timeout", extend("minProperties" = 1))]
pub(crate) struct TimeoutMap {
    /// For the first try; `30s` unless said otherwise.
    pub(crate) first: Option<Duration>,
    /// For each retry; `60s` unless said otherwise.
    pub(crate) retry: Option<Duration>,
}

/// When a failed command is tried again. A number is how many tries there are in all.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Retry", extend("minimum" = 1, "maximum" = 20))]
pub(crate) struct RetryMap {
    /// Tries in all, the first included; 3 unless said otherwise.
    #[schemars(range(min = 1, max = 20))]
    pub(crate) attempts: Option<u32>,
    /// How long to wait between tries.
    pub(crate) backoff: Option<Backoff>,
    /// When to stop trying for a while.
    pub(crate) breaker: Option<Breaker>,
    /// Which failures are worth another try; running out of time alone where nothing is said.
    pub(crate) on: Option<RetryOn>,
}

/// Exponential waiting: `initial`, then each time `factor` times as long, up to `max`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Backoff {
    /// How long to wait before the first retry; `100ms` unless said otherwise.
    pub(crate) initial: Option<Duration>,
    /// By how much each wait grows; 2 unless said otherwise.
    #[schemars(range(min = 1, max = 100))]
    pub(crate) factor: Option<f64>,
    /// The longest wait; `30s` unless said otherwise.
    pub(crate) max: Option<Duration>,
    /// Whether each wait is drawn between nothing and its length.
    pub(crate) jitter: Option<bool>,
}

/// Stops trying after a run of failures, and tries once again after a while.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Breaker {
    /// Consecutive failures that open it; 5 unless said otherwise.
    #[schemars(range(min = 1, max = 1000))]
    pub(crate) failures: Option<u32>,
    /// How long it stays open before one more try; `60s` unless said otherwise.
    pub(crate) cooldown: Option<Duration>,
}

/// Which failures are worth another try.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub(crate) struct RetryOn {
    /// Exit codes.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) exit: Vec<i32>,
    /// Patterns, one of which the output must hold.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub(crate) output: Vec<Pattern>,
    /// Whether running out of time counts.
    pub(crate) timeout: Option<bool>,
}
