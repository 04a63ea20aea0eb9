use std::time::Duration;

use heal_model::{Backoff, Retry, Timeout};

/// The tries of one command, counted: how long each may take, and how long to wait before the next.
///
/// It reads no clock and draws no number: both are handed in, so that a schedule can be held against exact figures.
#[derive(Clone, Debug)]
pub struct Schedule {
    retry: Retry,
    timeout: Option<Timeout>,
    made: u32,
}

/// What follows on a failure that is worth another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another try, after so long.
    Again(Duration),
    /// None.
    Stop(Stop),
}

/// Why there is no other try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// As many were made as the policy allows.
    Attempts,
    /// The wait would outlast the time that is left.
    Deadline,
}

impl Schedule {
    /// No try made yet. Without a timeout a try may take as long as it likes.
    #[must_use]
    pub fn new(retry: Retry, timeout: Option<Timeout>) -> Self {
        Self { retry, timeout, made: 0 }
    }

    /// Goes on by another policy, with the tries that were made.
    pub fn follow(&mut self, retry: Retry) {
        self.retry = retry;
    }

    /// Begins a try; gives how long it may take: the first, or one after the first.
    pub fn begin(&mut self) -> Option<Duration> {
        self.made += 1;
        let timeout = self.timeout?;
        Some(if self.made == 1 { timeout.first } else { timeout.retry })
    }

    /// How many tries were begun.
    #[must_use]
    pub fn made(&self) -> u32 {
        self.made
    }

    /// How many tries there may be in all.
    #[must_use]
    pub fn most(&self) -> u32 {
        self.retry.attempts.max(1)
    }

    /// What follows on a try that failed, at least `asked` later where the failure itself asked for a wait.
    ///
    /// `left` is what is left of the time for all tries, `draw` a number from 0 to 1 for the jitter. A wait that is
    /// asked for is kept to, and may be longer than the policy's longest.
    #[must_use]
    pub fn next(&self, asked: Option<Duration>, left: Option<Duration>, draw: f64) -> Next {
        if self.made >= self.most() {
            return Next::Stop(Stop::Attempts);
        }
        let own = delay(&self.retry.backoff, self.made, draw);
        let wait = asked.map_or(own, |asked| asked.max(own));
        if left.is_some_and(|left| wait >= left) { Next::Stop(Stop::Deadline) } else { Next::Again(wait) }
    }
}

/// How long to wait after so many tries: `initial`, then each time `factor` times as long, up to `max`.
fn delay(backoff: &Backoff, made: u32, draw: f64) -> Duration {
    let steps = made.saturating_sub(1).cast_signed();
    let grown = backoff.initial.as_secs_f64() * backoff.factor.max(0.0).powi(steps);
    let whole = Duration::try_from_secs_f64(grown).unwrap_or(backoff.max).min(backoff.max);
    if backoff.jitter { whole.mul_f64(draw.clamp(0.0, 1.0)) } else { whole }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use heal_model::{Backoff, Retry, Timeout};

    use super::{Next, Schedule, Stop};

    fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    /// The waits after each failure, until there are no more tries.
    #[track_caller]
    fn check(attempts: u32, backoff: Backoff, draw: f64, expected: &[u64]) {
        let mut schedule =
            Schedule::new(Retry { attempts, backoff, ..Retry::default() }, Some(Timeout::default()));
        let mut waits = Vec::new();
        loop {
            schedule.begin();
            match schedule.next(None, None, draw) {
                Next::Again(wait) => waits.push(wait),
                Next::Stop(stop) => break assert_eq!(stop, Stop::Attempts),
            }
        }
        let expected: Vec<Duration> = expected.iter().map(|count| ms(*count)).collect();
        assert_eq!(waits, expected);
        assert_eq!(schedule.made(), attempts.max(1));
    }

    #[test]
    fn each_wait_is_twice_the_one_before() {
        check(4, Backoff::default(), 0.5, &[100, 200, 400]);
        check(1, Backoff::default(), 0.5, &[]);
        check(0, Backoff::default(), 0.5, &[]);
        check(4, Backoff { factor: 3.0, max: ms(500), ..Backoff::default() }, 0.5, &[100, 300, 500]);
        check(
            6,
            Backoff { factor: 1e300, ..Backoff::default() },
            0.5,
            &[100, 30_000, 30_000, 30_000, 30_000],
        );
    }

    #[test]
    fn jitter_draws_from_nothing_to_the_whole_wait() {
        let jitter = Backoff { jitter: true, ..Backoff::default() };
        check(3, jitter, 0.0, &[0, 0]);
        check(3, jitter, 0.25, &[25, 50]);
        check(3, jitter, 1.0, &[100, 200]);
    }

    #[test]
    fn the_first_try_has_less_time_than_those_after_it() {
        let mut schedule = Schedule::new(Retry::default(), Some(Timeout::default()));
        let times: Vec<_> = (0..3).map(|_| schedule.begin()).collect();
        assert_eq!(times, [30, 60, 60].map(|seconds| Some(Duration::from_secs(seconds))));
        assert_eq!(Schedule::new(Retry::default(), None).begin(), None);
    }

    #[test]
    fn what_the_failure_asks_for_is_kept_to_and_the_deadline_before_all() {
        let mut schedule = Schedule::new(Retry { attempts: 3, ..Retry::default() }, None);
        schedule.begin();
        let next = |asked, left| schedule.next(asked, left, 0.5);
        assert_eq!(next(Some(ms(7_000)), None), Next::Again(ms(7_000)));
        assert_eq!(next(Some(ms(20)), None), Next::Again(ms(100)));
        assert_eq!(next(Some(ms(7_000)), Some(ms(6_999))), Next::Stop(Stop::Deadline));
        assert_eq!(next(None, Some(ms(100))), Next::Stop(Stop::Deadline));
        assert_eq!(next(None, Some(ms(101))), Next::Again(ms(100)));
    }
}
