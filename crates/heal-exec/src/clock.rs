use std::os::unix::fs::MetadataExt as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use heal_model::Time;

use crate::Host;

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
        self.wait_and(span, &mut |_| {})
    }
}

impl Machine<'_> {
    /// Waits, and says again and again how long is left.
    fn wait_and(&self, span: Duration, on_tick: &mut dyn FnMut(Duration)) -> bool {
        let deadline = Deadline::within(span);
        loop {
            if self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed) != 0) {
                return false;
            }
            let left = deadline.left();
            if left.is_zero() {
                return true;
            }
            on_tick(left);
            std::thread::sleep(left.min(TICK));
        }
    }
}

/// When a file was last changed.
pub(crate) fn modified(stat: &rustix::fs::Stat) -> Time {
    let milliseconds = i64::try_from(stat.st_mtime_nsec / 1_000_000).unwrap_or(0);
    milliseconds_of(stat.st_mtime, milliseconds)
}

/// The same, as the standard library tells it.
pub(crate) fn last_changed(found: &std::fs::Metadata) -> Time {
    milliseconds_of(found.mtime(), found.mtime_nsec() / 1_000_000)
}

fn milliseconds_of(seconds: i64, milliseconds: i64) -> Time {
    Time(seconds.saturating_mul(1000).saturating_add(milliseconds))
}

impl Host {
    /// Lets time pass, and says again and again how long is left; says whether nothing asked heal to end meanwhile.
    pub fn wait(&self, span: Duration, on_tick: &mut dyn FnMut(Duration)) -> bool {
        Machine { stop: self.stop.as_deref() }.wait_and(span, on_tick)
    }
}

/// A moment by which something must be done.
#[derive(Clone, Copy, Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// So long from now; what no clock can tell counts as a century.
    #[must_use]
    pub fn within(span: Duration) -> Self {
        let now = Instant::now();
        let century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        Self(now.checked_add(span).unwrap_or_else(|| now + century))
    }

    /// How long is left.
    #[must_use]
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Whether it has passed.
    #[must_use]
    pub fn is_over(self) -> bool {
        self.left().is_zero()
    }
}
