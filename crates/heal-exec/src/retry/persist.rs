use std::time::Duration;

use crate::clock::Clock;
use crate::retry::schedule::{Next, Schedule};

/// What a try came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// It passed, or failed in a way that will not pass by itself.
    Settled,
    /// It failed in a way that may pass by itself, and asks for so long a wait where it says.
    Transient(Option<Duration>),
}

/// Tries until something is settled, or the schedule is at its end; gives what the last try came to.
pub(crate) fn persist<T>(
    schedule: &mut Schedule,
    clock: &dyn Clock,
    left: &dyn Fn() -> Option<Duration>,
    mut attempt: impl FnMut(Option<Duration>) -> (T, Tried),
) -> T {
    loop {
        let (value, tried) = attempt(schedule.begin());
        let Tried::Transient(asked) = tried else { return value };
        match schedule.next(asked, left(), fraction()) {
            Next::Again(wait) if clock.wait(wait) => {}
            Next::Again(_) | Next::Stop(_) => return value,
        }
    }
}

/// A number from 0 to 1 that nobody knows beforehand.
#[must_use]
pub fn fraction() -> f64 {
    let drawn = crate::ids::tag() >> 40;
    drawn as f64 / f64::from(1 << 24)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::time::Duration;

    use heal_model::{Retry, Timeout};

    use super::{Tried, persist};
    use crate::clock::Clock;
    use crate::retry::Schedule;

    /// A clock that lets no time pass, and remembers what it was asked for; it is stopped at the last of its waits.
    struct Told {
        waits: RefCell<Vec<Duration>>,
        most: usize,
    }

    impl Clock for Told {
        fn wait(&self, span: Duration) -> bool {
            self.waits.borrow_mut().push(span);
            self.waits.borrow().len() < self.most
        }
    }

    /// Tries that come to these ends, in milliseconds: how long each might take, how long was waited.
    #[track_caller]
    fn check(most: usize, tries: &[Tried], times: &[u64], waits: &[u64]) {
        let clock = Told { waits: RefCell::default(), most };
        let policy = Retry { attempts: 4, ..Retry::default() };
        let mut schedule = Schedule::new(policy, Some(Timeout::default()));
        let mut given = Vec::new();
        let last = persist(&mut schedule, &clock, &|| None, |timeout| {
            given.push(timeout.expect("the policy has one"));
            (given.len(), tries[given.len() - 1])
        });
        let milliseconds =
            |spans: &[Duration]| -> Vec<u128> { spans.iter().map(Duration::as_millis).collect() };
        assert_eq!(milliseconds(&given), times.iter().map(|time| u128::from(*time)).collect::<Vec<_>>());
        let waited = milliseconds(&clock.waits.borrow());
        assert_eq!(waited, waits.iter().map(|wait| u128::from(*wait)).collect::<Vec<_>>());
        assert_eq!(last, times.len());
    }

    #[test]
    fn what_may_pass_by_itself_is_tried_again() {
        let may = Tried::Transient(None);
        check(9, &[Tried::Settled], &[30_000], &[]);
        check(9, &[may, may, Tried::Settled], &[30_000, 60_000, 60_000], &[100, 200]);
        check(9, &[may; 4], &[30_000, 60_000, 60_000, 60_000], &[100, 200, 400]);
        let asks = Tried::Transient(Some(Duration::from_secs(7)));
        check(9, &[asks, may, Tried::Settled], &[30_000, 60_000, 60_000], &[7_000, 200]);
    }

    #[test]
    fn a_wait_that_is_cut_short_is_the_end() {
        check(2, &[Tried::Transient(None); 4], &[30_000, 60_000], &[100, 200]);
    }
}
