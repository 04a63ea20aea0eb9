use std::time::Duration;

use heal_exec::retry::{Next, Schedule, Stop, fraction, is_transient, retry_after};
use heal_exec::{Deadline, Outcome};
use heal_model::{Backoff, Finding, Retry, Rule, Safety, Time};

use super::arguments::Run;
use super::retry_on::RetryOn;
use crate::cli::session::Rules;
use crate::cli::span::Span;

/// How much of the end of an output is asked how long to wait.
const TAIL: usize = 64 * 1024;

/// When the command is tried again, and how long it may take in all.
pub(super) struct Again<'a> {
    wanted: &'a Run,
    schedule: Schedule,
    deadline: Option<Deadline>,
    /// All tries of this call, however often something was mended in between.
    pub(super) tries: u32,
}

/// What follows on a failure.
pub(super) enum Follows {
    /// Another try after a wait.
    Again {
        /// How long.
        wait: Duration,
        /// Which try that will be.
        number: u32,
        /// Of how many.
        most: u32,
    },
    /// None: the time does not last for it.
    NoTime,
    /// None: its breaker has opened.
    LeftAlone {
        /// After so many failures.
        failures: u32,
        /// For so long.
        cooldown: Duration,
    },
    /// None.
    Nothing,
}

impl<'a> Again<'a> {
    /// Tries that have until `deadline`.
    pub(super) fn new(wanted: &'a Run, deadline: Option<Deadline>) -> Self {
        Self { wanted, schedule: schedule(wanted), deadline, tries: 0 }
    }

    /// Counts tries from the start: something was mended.
    pub(super) fn anew(&mut self) {
        self.schedule = schedule(self.wanted);
    }

    /// Begins a try; gives how long it may take.
    pub(super) fn begin(&mut self) -> Option<Duration> {
        self.tries += 1;
        self.schedule.begin()
    }

    /// How long is left of the time for all.
    pub(super) fn left(&self) -> Option<Duration> {
        self.deadline.map(Deadline::left)
    }

    /// Whether there is no time for another try.
    pub(super) fn is_late(&self) -> bool {
        self.deadline.is_some_and(Deadline::is_over)
    }

    /// What follows on a try that failed.
    pub(super) fn after(
        &mut self,
        rules: &Rules,
        outcome: &Outcome,
        findings: &[Finding],
        now: Time,
    ) -> Follows {
        let known = transient(rules, findings);
        let Some(retry) = self.policy(outcome, known) else { return Follows::Nothing };
        let asked = retry_after(&outcome.output.end(TAIL), now);
        self.schedule.follow(retry);
        match self.schedule.next(asked, self.left(), fraction()) {
            Next::Again(wait) => {
                Follows::Again { wait, number: self.schedule.made() + 1, most: self.schedule.most() }
            }
            Next::Stop(Stop::Deadline) => Follows::NoTime,
            Next::Stop(Stop::Attempts) => Follows::Nothing,
        }
    }

    /// The policy for a failure: what was typed, else what the rule says that knows it.
    fn policy(&self, outcome: &Outcome, known: Option<&Rule>) -> Option<Retry> {
        let of_rule = known.and_then(|rule| rule.retry.as_ref());
        let Some(attempts) = self.wanted.retry else {
            let may = self.wanted.consent.yes && known.is_some_and(|rule| rule.safety == Safety::Safe);
            return of_rule.filter(|_| may).cloned();
        };
        if !self.is_meant(outcome, known.is_some()) {
            return None;
        }
        let of_rule = of_rule.map_or_else(Backoff::default, |retry| retry.backoff);
        let mut backoff = match self.wanted.backoff {
            Some(spans) => {
                let Span(initial) = spans.first;
                let max = spans.second.map_or(Backoff::default().max, |Span(max)| max).max(initial);
                Backoff { initial, max, ..Backoff::default() }
            }
            None => of_rule,
        };
        backoff.jitter |= self.wanted.jitter;
        Some(Retry { attempts, backoff, ..Retry::default() })
    }

    /// Whether a failure is one that the person means.
    fn is_meant(&self, outcome: &Outcome, is_known: bool) -> bool {
        let meant = |kind: &RetryOn| match kind {
            RetryOn::Any => true,
            RetryOn::Known => is_known,
            RetryOn::Timeout => outcome.timed_out,
            RetryOn::Exit(codes) => outcome.exit.is_some_and(|exit| codes.contains(&exit)),
            RetryOn::Output(pattern) => {
                let on = Retry { on_output: vec![pattern.clone()], ..Retry::default() };
                !outcome.timed_out && is_transient(outcome, &on)
            }
        };
        self.wanted.retry_on.is_empty() || self.wanted.retry_on.iter().any(meant)
    }
}

/// The rule that calls a failure transient: it has nothing to mend, and says how to try again.
pub(super) fn transient<'r>(rules: &'r Rules, findings: &[Finding]) -> Option<&'r Rule> {
    let known = findings.iter().filter(|finding| rules.may_act(finding));
    known.filter_map(|finding| Some(rules.of(finding)?.0)).find(|rule| is_waiting(rule))
}

/// Whether a rule says nothing but to try again.
pub(super) fn is_waiting(rule: &Rule) -> bool {
    rule.steps.is_empty() && rule.retry.as_ref().is_some_and(|retry| retry.attempts > 1)
}

fn schedule(wanted: &Run) -> Schedule {
    let attempts = wanted.retry.unwrap_or(1);
    Schedule::new(Retry { attempts, ..Retry::default() }, wanted.timeout())
}
