use std::collections::BTreeSet;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::Ordering;
use std::time::Duration;

use heal_model::{Scope, Unreadable};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
use rustix::io::Errno;

use crate::Host;
use crate::clock::Deadline;

/// How long files must be at rest before they are looked at: an editor's save is several events.
const REST: Duration = Duration::from_millis(50);
/// How long files that never rest are waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is seen to whether heal was asked to end; a signal also wakes it.
const SLICE: Duration = Duration::from_secs(1);

/// Notices when files of a project change: those that git would not ignore.
///
/// It is the kernel's inotify, by way of the system calls that heal makes anyway: no thread, no dependency, and
/// nothing to do while nothing happens.
#[derive(Debug)]
pub struct Watcher {
    events: OwnedFd,
    /// Whether every folder is watched; the kernel has a limit.
    pub is_whole: bool,
}

/// Why a watcher woke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// Files changed.
    Files,
    /// The time is over.
    Time,
    /// heal was asked to end.
    Asked,
}

impl Host {
    /// Begins to watch the project.
    ///
    /// # Errors
    /// When the system can't watch.
    pub fn watcher(&self) -> io::Result<Watcher> {
        let events = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let mut watcher = Watcher { events, is_whole: true };
        watcher.cover(self);
        Ok(watcher)
    }

    /// Waits until files change, for at most so long; afterwards files are looked at anew.
    ///
    /// # Errors
    /// When the system can't watch.
    pub fn watch(&self, watcher: &mut Watcher, span: Duration) -> io::Result<Woken> {
        let deadline = Deadline::within(span);
        loop {
            if self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed) != 0) {
                return Ok(Woken::Asked);
            }
            if watcher.has_events(deadline.left().min(SLICE))? {
                watcher.settle()?;
                self.forget();
                watcher.cover(self);
                return Ok(Woken::Files);
            }
            if deadline.is_over() {
                self.forget();
                return Ok(Woken::Time);
            }
        }
    }
}

impl Watcher {
    /// Watches every folder that holds a file, and the root; those that are watched already are not watched twice.
    fn cover(&mut self, host: &Host) {
        let flags = WatchFlags::CLOSE_WRITE
            | WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::MOVE
            | WatchFlags::ONLYDIR
            | WatchFlags::DONT_FOLLOW;
        self.is_whole = true;
        for folder in folders(host).unwrap_or_default() {
            let added = inotify::add_watch(&self.events, host.root().join(&folder), flags);
            // A folder that has just gone need not be watched.
            self.is_whole &= added.is_ok() || matches!(added, Err(Errno::NOENT | Errno::NOTDIR));
        }
    }

    /// Waits for events; whether there are any.
    fn has_events(&self, span: Duration) -> io::Result<bool> {
        let span = Timespec::try_from(span).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 });
        match poll(&mut [PollFd::new(&self.events, PollFlags::IN)], Some(&span)) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes events until there have been none for a moment.
    fn settle(&self) -> io::Result<()> {
        let deadline = Deadline::within(PATIENCE);
        let mut buffer = [0; 4096];
        while !deadline.is_over() && self.has_events(REST)? {
            match rustix::io::read(&self.events, &mut buffer) {
                Ok(_) | Err(Errno::AGAIN | Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Every folder that holds a file, and all above them; the root is the empty one.
fn folders(host: &Host) -> Result<BTreeSet<String>, Unreadable> {
    let mut folders = BTreeSet::from([String::new()]);
    for path in host.listing(Scope::Unignored)?.iter() {
        let mut above = path.parent();
        while let Some(folder) = above {
            above = folder.parent();
            if !folders.insert(folder.as_str().to_owned()) {
                break;
            }
        }
    }
    Ok(folders)
}
