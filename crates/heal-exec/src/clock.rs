use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How often a wait looks whether it is to end early.
const TICK: Duration = Duration::from_millis(50);

/// Something that lets time pass: the machine, or in a test a list of waits.
pub(crate) trait Clock {
    /// Waits; says whether that was not cut short.
    fn wait(&self, span: Duration) -> bool;
}

/// The machine's clock. A wait ends as soon as `stop` is a signal's number.
pub(crate) struct Machine<'a> {
    pub(crate) stop: Option<&'a AtomicUsize>,
}

impl Clock for Machine<'_> {
    fn wait(&self, span: Duration) -> bool {
        let deadline = Deadline::within(span);
        loop {
            if self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed) != 0) {
                return false;
            }
            if deadline.is_over() {
                return true;
            }
            std::thread::sleep(deadline.left().min(TICK));
        }
    }
}

/// A moment by which something must be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// So long from now; what no clock can tell counts as a century.
    pub(crate) fn within(span: Duration) -> Self {
        let now = Instant::now();
        let century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        Self(now.checked_add(span).unwrap_or_else(|| now + century))
    }

    /// How long is left.
    pub(crate) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Whether it has passed.
    pub(crate) fn is_over(self) -> bool {
        self.left().is_zero()
    }
}
