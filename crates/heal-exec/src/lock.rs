use std::fs::{File, TryLockError};
use std::io;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The kernel's lock on a file: held by one process, and let go when that process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Takes the lock, waiting for it at most so long; `None` when another process holds it all the while.
    pub(crate) fn take(file: File, within: Duration) -> io::Result<Option<Self>> {
        let end = Instant::now() + within;
        let mut wait = Duration::from_millis(1);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self(file))),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {
                    let left = end.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Ok(None);
                    }
                    sleep(wait.min(left));
                    wait = (wait * 2).min(Duration::from_millis(100));
                }
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing lets go of the lock too, but only once every copy of the descriptor is closed, and a child that
        // is just being started holds one.
        let _ = self.0.unlock();
    }
}
