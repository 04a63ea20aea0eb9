use std::time::Duration;

use heal_model::Breaker;
use serde::{Deserialize, Serialize};

/// A moment of one start of the machine: setting the wall clock does not move it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Moment {
    /// Which start of the machine; nothing where the system does not tell.
    pub(super) boot: Option<String>,
    /// Milliseconds since that start, time asleep included.
    pub(super) at: u64,
}

/// The process that tries whether an open circuit may close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prober {
    pub(super) pid: u32,
    /// When it started, milliseconds since 1970.
    pub(super) started: Option<i64>,
    /// When it began to probe.
    pub(super) since: Moment,
}

/// A breaker's state, as it is kept between processes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Circuit {
    /// The version of the format.
    pub(super) v: u32,
    /// Failures since the last success.
    pub(super) failures: u32,
    /// Since when it is open.
    pub(super) opened: Option<Moment>,
    /// Who tries whether it may close.
    pub(super) prober: Option<Prober>,
}

/// What a circuit says to somebody who wants to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Go ahead.
    Closed,
    /// Go ahead, as the only one.
    Probe,
    /// Not for so long.
    Open(Duration),
    /// Not while the process with this pid tries.
    Probing(u32),
}

impl Moment {
    /// How long ago an earlier moment was; nothing where that was in another start of the machine.
    fn since(&self, earlier: &Self) -> Option<Duration> {
        (self.boot == earlier.boot).then(|| Duration::from_millis(self.at.saturating_sub(earlier.at)))
    }
}

impl Circuit {
    /// Whether `me` may try now; if it may as the only one, that is written down.
    ///
    /// `lives` says whether a prober still is the process that began: one that has died leaves its place.
    pub(super) fn ask(&mut self, policy: Breaker, me: Prober, lives: impl Fn(&Prober) -> bool) -> Says {
        let Some(opened) = &self.opened else { return Says::Closed };
        let age = me.since.since(opened);
        if let Some(age) = age.filter(|age| *age < policy.cooldown) {
            return Says::Open(policy.cooldown - age);
        }
        let is_taken = |other: &Prober| me.since.since(&other.since).is_some() && lives(other);
        match &self.prober {
            Some(other) if is_taken(other) => Says::Probing(other.pid),
            _ => {
                self.prober = Some(me);
                Says::Probe
            }
        }
    }

    /// Takes in how a try ended.
    pub(super) fn note(&mut self, policy: Breaker, passed: bool, now: Moment) {
        self.prober = None;
        if passed {
            (self.failures, self.opened) = (0, None);
            return;
        }
        self.failures = self.failures.saturating_add(1);
        if self.failures >= policy.failures {
            self.opened = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use heal_model::Breaker;

    use super::{Circuit, Moment, Prober, Says};

    fn at(seconds: u64) -> Moment {
        Moment { boot: Some("this".to_owned()), at: seconds * 1000 }
    }

    fn me(seconds: u64) -> Prober {
        Prober { pid: 7, started: None, since: at(seconds) }
    }

    fn opened() -> Circuit {
        let mut circuit = Circuit::default();
        (0..5).for_each(|second| circuit.note(Breaker::default(), false, at(second)));
        circuit
    }

    #[test]
    fn it_opens_after_five_failures_in_a_row() {
        let policy = Breaker::default();
        let mut circuit = Circuit::default();
        for _ in 0..4 {
            circuit.note(policy, false, at(1));
        }
        circuit.note(policy, true, at(1));
        for _ in 0..4 {
            circuit.note(policy, false, at(2));
        }
        assert_eq!(circuit.ask(policy, me(2), |_| true), Says::Closed);
        circuit.note(policy, false, at(3));
        assert_eq!(circuit.ask(policy, me(3), |_| true), Says::Open(Duration::from_secs(60)));
        assert_eq!(circuit.ask(policy, me(62), |_| true), Says::Open(Duration::from_secs(1)));
    }

    #[test]
    fn after_the_cooldown_one_may_try() {
        let policy = Breaker::default();
        let mut circuit = opened();
        assert_eq!(circuit.ask(policy, me(64), |_| true), Says::Probe);
        assert_eq!(circuit.ask(policy, me(64), |_| true), Says::Probing(7));
        assert_eq!(circuit.ask(policy, me(65), |_| false), Says::Probe);
        circuit.note(policy, false, at(66));
        assert_eq!(circuit.ask(policy, me(67), |_| true), Says::Open(Duration::from_secs(59)));
        assert_eq!(circuit.ask(policy, me(126), |_| true), Says::Probe);
        circuit.note(policy, true, at(126));
        assert_eq!(circuit, Circuit::default());
    }

    #[test]
    fn another_start_of_the_machine_is_long_enough_a_wait() {
        let mut circuit = opened();
        let rebooted = Prober { since: Moment { boot: Some("next".to_owned()), at: 0 }, ..me(0) };
        assert_eq!(circuit.ask(Breaker::default(), rebooted, |_| true), Says::Probe);
    }
}
