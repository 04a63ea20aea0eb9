use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use heal_exec::Host;
use signal_hook::SigId;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// Signals that ask heal to end, caught as long as this lives: what runs is ended first.
pub(super) struct Signals {
    number: Arc<AtomicUsize>,
    hooks: Vec<SigId>,
}

impl Signals {
    /// Catches them, and has the host pass them on to what it runs.
    pub(super) fn caught(host: &mut Host) -> Self {
        let number = Arc::new(AtomicUsize::new(0));
        let hooks = [SIGINT, SIGTERM, SIGHUP].into_iter().filter_map(|signal| {
            let code = usize::try_from(signal).ok()?;
            signal_hook::flag::register_usize(signal, Arc::clone(&number), code).ok()
        });
        let hooks = hooks.collect();
        host.stop_on(Arc::clone(&number));
        Self { number, hooks }
    }

    /// Has the host pass them on again, after somebody else did.
    pub(super) fn pass_on(&self, host: &mut Host) {
        host.stop_on(Arc::clone(&self.number));
    }

    /// The one that came.
    pub(super) fn number(&self) -> Option<u8> {
        u8::try_from(self.number.load(Ordering::SeqCst)).ok().filter(|number| *number != 0)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.hooks.drain(..).for_each(|hook| {
            signal_hook::low_level::unregister(hook);
        });
    }
}
