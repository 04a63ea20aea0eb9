use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::process::ExitStatus;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use heal_model::{Stream, Time};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, getpgrp, kill_process, kill_process_group, pidfd_open,
    waitid,
};

use crate::clock::Deadline;
use crate::keys::Keys;
use crate::launch::{Hearer, Launch, Started};
use crate::pty::Window;
use crate::{process_table, stragglers};

/// How long output is waited for once the command itself is gone.
const DRAIN: Duration = Duration::from_millis(500);
/// How often to look where nothing wakes us.
const TICK: Duration = Duration::from_millis(10);

/// What a command is watched for, besides its own end.
#[derive(Clone, Copy)]
pub(crate) struct Care<'a> {
    /// The number of the signal that asks heal to end, once it has come.
    pub(crate) stop: Option<&'a AtomicUsize>,
    /// How long the command has between being asked to end and being ended.
    pub(crate) grace: Duration,
    /// By when it must be gone, whatever its own time.
    pub(crate) end: Option<Deadline>,
}

impl Care<'_> {
    /// When the command is asked to end: when its own time is over, or the time for all nearly is.
    fn limit(self, timeout: Option<Duration>) -> Option<Deadline> {
        let left = self.end.map(Deadline::left);
        let last = left.map(|left| left.saturating_sub(self.grace.min(left / 10)));
        timeout.into_iter().chain(last).min().map(Deadline::within)
    }

    /// How much of a span there is before all must be over.
    fn at_most(self, span: Duration) -> Duration {
        self.end.map_or(span, |end| span.min(end.left()))
    }

    /// The signal's number, or 0.
    fn asked(self) -> usize {
        self.stop.map_or(0, |stop| stop.load(Ordering::Relaxed))
    }
}

/// Why a command was ended, if it did not end by itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ended {
    pub(crate) timed_out: bool,
    pub(crate) interrupted: bool,
}

/// Hands on a child's output until it has ended, and sees to it that it ends.
pub(crate) fn supervise(
    mut started: Started,
    launch: &Launch<'_>,
    care: Care<'_>,
    on_bytes: &mut Hearer<'_>,
) -> io::Result<(ExitStatus, Ended)> {
    let mut watch = Watch::new(&mut started, launch, care);
    let watched = watch.until_gone(on_bytes);
    // A signal that came when the command was just gone ends heal all the same.
    watch.ended.interrupted |= care.asked() != 0;
    watch.sweep();
    // The child is waited for last: until then its pid belongs to nobody else.
    drop(started.guard);
    let status = started.child.wait()?;
    watched.map(|()| (status, watch.ended))
}

struct Watch<'a> {
    pid: Pid,
    /// Its process group, where that is not heal's own.
    group: Option<Pid>,
    /// The mark of the operation that it belongs to.
    operation: Option<&'a str>,
    pipes: Vec<(Stream, File)>,
    /// The size of its terminal, where it has one of its own.
    window: Option<Window>,
    /// What is typed for it.
    keys: Option<Keys>,
    /// Readable once the child is gone; absent where the system has no such thing.
    gone: Option<OwnedFd>,
    care: Care<'a>,
    phase: Phase,
    ended: Ended,
    /// The signal that the command was told of last.
    told: usize,
    /// Who came of it, as of when it was asked to end: some may have left its group.
    family: Vec<(u32, Time)>,
}

#[derive(Clone, Copy)]
enum Phase {
    /// It runs, until its time is over.
    Running(Option<Deadline>),
    /// It was asked to end.
    Asked(Deadline),
    /// It was ended.
    Killed,
    /// It is gone; others may still hold its output open.
    Gone(Deadline),
}

impl<'a> Watch<'a> {
    fn new(started: &mut Started, launch: &Launch<'a>, care: Care<'a>) -> Self {
        let Started { child, terminal, guard, leads } = started;
        let stdout = child.stdout.take().map(|pipe| (Stream::Stdout, File::from(OwnedFd::from(pipe))));
        let stderr = child.stderr.take().map(|pipe| (Stream::Stderr, File::from(OwnedFd::from(pipe))));
        let keys = terminal.as_ref().and_then(Keys::of);
        let window = terminal.as_ref().and_then(|terminal| Window::of(terminal).ok());
        let terminal = terminal.take().map(|terminal| (Stream::Stdout, terminal));
        let pid = Pid::from_child(child);
        Self {
            pid,
            group: leads.then(|| guard.group()),
            window,
            keys,
            operation: launch.env.get(stragglers::OPERATION).map(String::as_str),
            pipes: stdout.into_iter().chain(stderr).chain(terminal).collect(),
            gone: pidfd_open(pid, PidfdFlags::empty()).ok(),
            care,
            phase: Phase::Running(care.limit(launch.timeout)),
            ended: Ended::default(),
            told: 0,
            family: Vec::new(),
        }
    }

    fn until_gone(&mut self, on_bytes: &mut Hearer<'_>) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            self.advance()?;
            if self.window.as_mut().is_some_and(Window::follow) {
                // It has heard of the change from heal's terminal, and may have looked at its own too early.
                let _ = kill_process(self.pid, Signal::WINCH);
            }
            if let Phase::Gone(deadline) = self.phase
                && (self.pipes.is_empty() || deadline.is_over())
            {
                return Ok(());
            }
            let ready = self.wait()?;
            self.pass_keys();
            for index in ready.into_iter().rev() {
                let (stream, pipe) = &mut self.pipes[index];
                match pipe.read(&mut buffer) {
                    Ok(0) => drop(self.pipes.remove(index)),
                    Ok(length) => {
                        if on_bytes(*stream, &buffer[..length]).is_break() {
                            drop(self.pipes.remove(index));
                            // They hold the terminal open.
                            (self.window, self.keys) = (None, None);
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    // A terminal whose other side is closed says so with an error.
                    Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => {
                        drop(self.pipes.remove(index));
                    }
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// Passes on what is typed, where the command reads keys from its own terminal.
    fn pass_keys(&mut self) {
        let Some(keys) = &mut self.keys else { return };
        let pid = self.pid.as_raw_nonzero().get().unsigned_abs();
        keys.follow(|| process_table::family(pid).into_iter().map(|(pid, _)| pid).chain([pid]).collect());
        keys.pass();
    }

    /// Goes on to the next phase when it is time to.
    fn advance(&mut self) -> io::Result<()> {
        if !matches!(self.phase, Phase::Gone(_)) && self.is_gone()? {
            self.phase = Phase::Gone(Deadline::within(self.care.at_most(DRAIN).max(TICK)));
            return Ok(());
        }
        match self.phase {
            Phase::Running(deadline) => {
                let asked = self.care.asked();
                let is_late = deadline.is_some_and(Deadline::is_over);
                if asked == self.told && !is_late {
                    return Ok(());
                }
                self.told = asked;
                self.ended = Ended { timed_out: is_late, interrupted: asked != 0 };
                let raw = i32::try_from(asked).ok().filter(|raw| *raw != 0);
                let signal = raw.and_then(Signal::from_named_raw).unwrap_or(Signal::TERM);
                // The terminal has told the command as well: it ends in its own time.
                let is_key = matches!(signal, Signal::INT | Signal::QUIT);
                if is_key && !is_late && self.group.is_none() && is_in_foreground() {
                    return Ok(());
                }
                self.family = self.descendants();
                self.signal(if is_late { Signal::TERM } else { signal });
                self.phase = Phase::Asked(Deadline::within(self.care.at_most(self.care.grace)));
            }
            Phase::Asked(deadline) if deadline.is_over() => {
                // What it has started since it was asked to end ends with it.
                let family = self.descendants();
                self.family.extend(family);
                self.signal(Signal::KILL);
                self.phase = Phase::Killed;
            }
            Phase::Asked(_) | Phase::Killed | Phase::Gone(_) => {}
        }
        Ok(())
    }

    /// Waits for something to happen; gives the pipes that can be read.
    fn wait(&self) -> io::Result<Vec<usize>> {
        let mut fds: Vec<PollFd<'_>> =
            self.pipes.iter().map(|(_, pipe)| PollFd::new(pipe, PollFlags::IN)).collect();
        let is_gone = matches!(self.phase, Phase::Gone(_));
        if let (Some(gone), false) = (&self.gone, is_gone) {
            fds.push(PollFd::from_borrowed_fd(gone.as_fd(), PollFlags::IN));
        }
        if self.keys.as_ref().is_some_and(Keys::are_wanted) {
            fds.push(PollFd::from_borrowed_fd(rustix::stdio::stdin(), PollFlags::IN));
        }
        let span = Timespec::try_from(self.patience()).unwrap_or(Timespec { tv_sec: 1, tv_nsec: 0 });
        match poll(&mut fds, Some(&span)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready = |index: &usize| !fds[*index].revents().is_empty();
        Ok((0..self.pipes.len()).filter(ready).collect())
    }

    /// How long nothing need be done.
    fn patience(&self) -> Duration {
        let until = match self.phase {
            Phase::Running(None) | Phase::Killed => Duration::from_secs(3600),
            Phase::Running(Some(deadline)) | Phase::Asked(deadline) | Phase::Gone(deadline) => {
                deadline.left()
            }
        };
        let most = match (&self.gone, self.care.stop) {
            (None, _) => TICK,
            (Some(_), Some(_)) => TICK * 10,
            (Some(_), None) => Duration::from_secs(3600),
        };
        until.min(most)
    }

    /// Whether the child has ended; it is not waited for yet.
    fn is_gone(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(rustix::io::retry_on_intr(|| waitid(WaitId::Pid(self.pid), options))?.is_some())
    }

    fn signal(&self, signal: Signal) {
        // That nobody is left to get it is what was wanted.
        if let Some(group) = self.group {
            let _ = kill_process_group(group, signal);
        } else {
            let _ = kill_process(self.pid, signal);
            self.signal_family(signal);
        }
    }

    fn descendants(&self) -> Vec<(u32, Time)> {
        process_table::family(self.pid.as_raw_nonzero().get().unsigned_abs())
    }

    /// Signals those who came of the command, as far as they are still who they were.
    fn signal_family(&self, signal: Signal) {
        for (pid, started) in &self.family {
            let is_same = process_table::same(*pid, *started).is_some();
            if let (true, Some(pid)) = (is_same, i32::try_from(*pid).ok().and_then(Pid::from_raw)) {
                let _ = kill_process(pid, signal);
            }
        }
    }

    /// Ends what the command left behind in its group; after it ran out of time, also what fled from the group.
    fn sweep(&self) {
        if self.group.is_some() {
            self.signal(Signal::KILL);
        }
        self.signal_family(Signal::KILL);
        // One that is being ended can still write: what follows must not meet it.
        self.family.iter().for_each(|(pid, started)| stragglers::until_gone(*pid, *started));
        if self.ended.timed_out || self.ended.interrupted {
            self.operation.into_iter().for_each(stragglers::end);
        }
    }
}

/// Whether the terminal's keys send their signals to heal's process group, and so to a command that stays in it.
fn is_in_foreground() -> bool {
    rustix::termios::tcgetpgrp(rustix::stdio::stdin()).is_ok_and(|group| group == getpgrp())
}
