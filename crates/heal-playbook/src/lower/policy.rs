use heal_model::{Backoff, Breaker, Retry, Timeout};

use super::{Lower, exact};
use crate::written::{self, Short};
use crate::yaml::Node;

/// Tries in all where `retry` is a map that does not say.
const ATTEMPTS: u32 = 3;

impl Lower<'_> {
    pub(super) fn timeout(&self, written: &written::Timeout) -> Timeout {
        let default = Timeout::default();
        match written {
            Short::Short(both) => Timeout { first: exact::duration(both), retry: exact::duration(both) },
            Short::Long(map) => Timeout {
                first: map.first.as_ref().map_or(default.first, exact::duration),
                retry: map.retry.as_ref().map_or(default.retry, exact::duration),
            },
        }
    }

    pub(super) fn retry(&mut self, written: &written::Retry, at: &Node) -> Retry {
        let map = match written {
            Short::Short(attempts) => return Retry { attempts: *attempts, ..Retry::default() },
            Short::Long(map) => map,
        };
        let mut retry = Retry { attempts: map.attempts.unwrap_or(ATTEMPTS), ..Retry::default() };
        if let Some(backoff) = &map.backoff {
            let default = Backoff::default();
            retry.backoff = Backoff {
                initial: backoff.initial.as_ref().map_or(default.initial, exact::duration),
                factor: backoff.factor.unwrap_or(default.factor),
                max: backoff.max.as_ref().map_or(default.max, exact::duration),
                jitter: backoff.jitter.unwrap_or(default.jitter),
            };
        }
        retry.breaker = map.breaker.as_ref().map(|breaker| {
            let default = Breaker::default();
            Breaker {
                failures: breaker.failures.unwrap_or(default.failures),
                cooldown: breaker.cooldown.as_ref().map_or(default.cooldown, exact::duration),
            }
        });
        if let Some(on) = &map.on {
            retry.on_exit.clone_from(&on.exit);
            retry.on_output = self.patterns(&on.output, at.at("on").at("output"));
            retry.on_timeout = on.timeout.unwrap_or_default();
        }
        retry
    }
}
