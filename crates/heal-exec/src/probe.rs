use heal_model::{Probe, Probed, Retry, Timeout};

use crate::Host;
use crate::clock::{Deadline, Machine};
use crate::environment::nothing_added;
use crate::launch::{Input, Launch, unheard};
use crate::retry::{Gate, Schedule, Tried, breaker_name, is_transient, persist, retry_after};
use crate::run::{Outcome, RunError};
use crate::world::now;

/// How much of the end of what a probe printed is asked how long to wait.
const TAIL: usize = 2 * 1024;
/// How much of what it printed is kept.
const MOST: usize = 1 << 20;

impl Host {
    /// Runs a probe to find something out; what it printed is cut at 1 MiB.
    ///
    /// What its policy calls transient is tried again; where it has none, a probe that runs out of time is tried once
    /// more. Later tries have twice the time. Its breaker counts what is transient, as any other end is an answer.
    pub(crate) fn probed(&self, probe: &Probe) -> Result<Probed, RunError> {
        let timeout = Timeout { first: probe.timeout, retry: probe.timeout.saturating_mul(2) };
        let once_more = || Retry { attempts: 2, ..Retry::default() };
        let policy = probe.retry.clone().unwrap_or_else(once_more);
        let mut schedule = Schedule::new(policy.clone(), Some(timeout));
        let clock = Machine { stop: self.stop.as_deref() };
        let outcome = persist(&mut schedule, &clock, &|| self.end.map(Deadline::left), |timeout| {
            let env = nothing_added();
            let launch = Launch { argv: &probe.argv, cwd: None, env, timeout, input: Input::Nothing };
            self.probe_once(&launch, &policy)
        })?;
        let mut output = outcome.output.bytes();
        output.truncate(MOST);
        Ok(Probed {
            exit: outcome.exit,
            output: String::from_utf8_lossy(&output).into_owned(),
            timed_out: outcome.timed_out,
        })
    }

    /// Runs it once, if its breaker lets it; says whether that is an answer.
    fn probe_once(&self, launch: &Launch<'_>, policy: &Retry) -> (Result<Outcome, RunError>, Tried) {
        let name = breaker_name(launch.cwd, launch.argv);
        // A breaker that can't be asked spares no work, and is no reason to do none.
        let gate = policy.breaker.map_or(Ok(Gate::Closed), |breaker| self.ask_breaker(&name, breaker));
        if let Ok(Gate::Open { failures, until }) = gate {
            return (Err(RunError::Open { failures, until }), Tried::Settled);
        }
        let tried = self.run(launch, &mut unheard);
        let Ok(outcome) = &tried else { return (tried, Tried::Settled) };
        let is_transient = !outcome.interrupted && is_transient(outcome, policy);
        if let (Some(breaker), false) = (policy.breaker, outcome.interrupted) {
            let _ = self.tell_breaker(&name, breaker, !is_transient);
        }
        let asked = retry_after(&outcome.output.end(TAIL), now());
        (tried, if is_transient { Tried::Transient(asked) } else { Tried::Settled })
    }
}
