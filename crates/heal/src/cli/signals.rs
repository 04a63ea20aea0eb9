use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use heal_exec::{Host, is_ignored};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag::{register_conditional_default, register_usize};

/// What asks heal to end.
const ASKING: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// What has come, and whether heal may end on the spot. The handlers stay for the rest of the call: one that is taken
/// away leaves a signal that does nothing at all.
static CAUGHT: LazyLock<Caught> = LazyLock::new(Caught::begin);

struct Caught {
    /// The number of the signal that came last.
    number: Arc<AtomicUsize>,
    /// Whether nothing is under way, so that a signal has its usual effect.
    is_idle: Arc<AtomicBool>,
}

/// Signals that ask heal to end are waited with as long as this lives: what runs is ended first, and files are wholly old
/// or wholly new.
pub(super) struct Signals {
    was_idle: bool,
}

impl Signals {
    /// Catches them, and has the host pass them on to what it runs.
    ///
    /// What heal was started to ignore, as by `nohup`, stays ignored.
    pub(super) fn caught(host: &mut Host) -> Self {
        let was_idle = CAUGHT.is_idle.swap(false, Ordering::SeqCst);
        host.stop_on(Arc::clone(&CAUGHT.number));
        Self { was_idle }
    }

    /// The one that came.
    pub(super) fn number(&self) -> Option<u8> {
        u8::try_from(CAUGHT.number.load(Ordering::SeqCst)).ok().filter(|number| *number != 0)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        CAUGHT.is_idle.store(self.was_idle, Ordering::SeqCst);
    }
}

impl Caught {
    fn begin() -> Self {
        let caught = Self { number: Arc::default(), is_idle: Arc::new(AtomicBool::new(true)) };
        for signal in ASKING.into_iter().filter(|signal| !is_ignored(*signal)) {
            let code = usize::try_from(signal).expect("signals have small numbers");
            // One that can't be caught ends heal at once, as it does anyway.
            drop(register_usize(signal, Arc::clone(&caught.number), code));
            drop(register_conditional_default(signal, Arc::clone(&caught.is_idle)));
        }
        caught
    }
}
