use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::ptsname;
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// What is typed at heal's terminal, for a command that reads keys from the one of its own, as pagers do: they look for
/// the terminal that they complain on.
///
/// All others read from heal's terminal itself, and nothing is taken from them.
pub(crate) struct Keys {
    terminal: File,
    /// What the command knows its terminal by.
    name: PathBuf,
    /// How heal's terminal was before it gave single keys; absent while it does not.
    usual: Option<Termios>,
}

impl Keys {
    /// Keys for a terminal; none where nobody types any.
    pub(crate) fn of(terminal: &File) -> Option<Self> {
        tcgetattr(stdin()).ok()?;
        let name = ptsname(terminal, Vec::new()).ok()?;
        Some(Self {
            terminal: terminal.try_clone().ok()?,
            name: PathBuf::from(name.to_str().ok()?),
            usual: None,
        })
    }

    /// Begins when one of these processes wants single keys from its own terminal, and ends when none does.
    pub(crate) fn follow(&mut self, processes: impl FnOnce() -> Vec<u32>) {
        let Ok(modes) = tcgetattr(&self.terminal) else { return };
        let are_single = !modes.local_modes.contains(LocalModes::ICANON);
        match self.usual {
            None if are_single && processes().into_iter().any(|pid| self.is_read_by(pid)) => self.begin(),
            Some(_) if !are_single => self.end(),
            _ => {}
        }
    }

    /// Whether they are passed on.
    pub(crate) fn are_wanted(&self) -> bool {
        self.usual.is_some()
    }

    /// Passes on what was typed.
    pub(crate) fn pass(&mut self) {
        let mut input = [PollFd::from_borrowed_fd(stdin(), PollFlags::IN)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        if !self.are_wanted() || !poll(&mut input, Some(&now)).is_ok_and(|ready| ready > 0) {
            return;
        }
        let mut keys = [0; 1024];
        match rustix::io::read(stdin(), &mut keys) {
            // The terminal is gone.
            Ok(0) | Err(_) => self.end(),
            // Who no longer listens misses nothing.
            Ok(length) => drop(self.terminal.write_all(&keys[..length])),
        }
    }

    /// Whether a process has opened the terminal besides printing to it.
    fn is_read_by(&self, pid: u32) -> bool {
        let open = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        let beside = open.filter(|entry| !["1", "2"].iter().any(|number| entry.file_name() == *number));
        beside.map(|entry| entry.path()).any(|path| fs::read_link(path).is_ok_and(|name| name == self.name))
    }

    /// Takes keys singly and unseen; those that send signals go on doing so.
    fn begin(&mut self) {
        let Ok(usual) = tcgetattr(stdin()) else { return };
        let mut modes = usual.clone();
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        if tcsetattr(stdin(), OptionalActions::Now, &modes).is_ok() {
            self.usual = Some(usual);
        }
    }

    fn end(&mut self) {
        if let Some(usual) = self.usual.take() {
            let _ = tcsetattr(stdin(), OptionalActions::Now, &usual);
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.end();
    }
}
