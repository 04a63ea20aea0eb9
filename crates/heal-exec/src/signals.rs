use std::os::fd::OwnedFd;
use std::time::Duration;

use heal_model::{RelPath, SignalName, Time, World as _};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::Host;
use crate::clock::{Deadline, modified};
use crate::process_table::{self, TOLERANCE};
use crate::redact::name;

/// The process that a signal is meant for.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    /// The file that must still name it.
    pub(crate) pid_file: Option<&'a RelPath>,
    /// Its pid.
    pub(crate) pid: u32,
    /// When it started.
    pub(crate) started: Time,
}

/// How a process is to be signalled.
#[derive(Clone, Copy)]
pub(crate) struct Sending {
    /// Which signal.
    pub(crate) signal: SignalName,
    /// How long it has before it is killed.
    pub(crate) kill_after: Option<Duration>,
    /// Whether those that it has started get it too.
    pub(crate) family: bool,
}

/// What came of a signal.
pub(crate) struct Sent {
    /// The exit code, as `kill` would have it.
    pub(crate) exit: i32,
    /// The number of the signal that the process ended on, where that was waited for.
    pub(crate) ended_on: Option<i32>,
    /// What to say.
    pub(crate) said: String,
}

/// Signals a process, if it is still the one that the plan was made for.
///
/// The process is held while it is looked at, so that its pid can't come to mean another in between.
pub(crate) fn send(host: &Host, target: Target<'_>, sending: Sending) -> Sent {
    try_send(host, target, sending).unwrap_or_else(|said| Sent { exit: 1, ended_on: None, said })
}

fn try_send(host: &Host, target: Target<'_>, sending: Sending) -> Result<Sent, String> {
    let Target { pid_file, pid, started } = target;
    let Sending { signal, kill_after, family } = sending;
    let written = pid_file.map(|file| written(host, file, pid)).transpose()?;
    let raw = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let gone = || format!("process {pid} is gone: nothing was signalled");
    let held = pidfd_open(raw.ok_or_else(gone)?, PidfdFlags::empty()).map_err(|_| gone())?;
    let process = host.process(pid).ok_or_else(gone)?;
    // The kernel tells a start to the second, so a process may seem to start just after it wrote its file.
    if let (Some(file), Some(written)) = (pid_file, written)
        && process.started.0 > written.0.saturating_add(TOLERANCE)
    {
        return Err(format!("process {pid} started after {file} was written: nothing was signalled"));
    }
    if (process.started.0 - started.0).abs() > TOLERANCE {
        return Err(format!("process {pid} is another by now, {}: nothing was signalled", process.name));
    }
    let failed = |error: Errno| format!("process {pid} could not be signalled: {error}");
    // Once it has ended nothing tells what it had started.
    let members = Family::of(pid);
    pidfd_send_signal(&held, number(signal)).map_err(failed)?;
    if family {
        members.signal(number(signal));
    }
    let Some(kill_after) = kill_after else {
        return Ok(Sent {
            exit: 0,
            ended_on: None,
            said: format!("sent {} to {}", name(signal), process.name),
        });
    };
    let deadline = Deadline::within(kill_after);
    let has_ended = ends_by(&held, deadline);
    if !has_ended {
        pidfd_send_signal(&held, Signal::KILL).or_else(unless_gone).map_err(failed)?;
    }
    let ended_on = if has_ended { number(signal) } else { Signal::KILL };
    let said = match has_ended {
        true => format!("{} ended on {}", process.name, name(signal)),
        false => format!("{} did not end on {} and was killed", process.name, name(signal)),
    };
    let rest = if family { members.end(deadline) } else { members.left() };
    Ok(Sent { exit: 0, ended_on: Some(ended_on.as_raw()), said: said + &rest })
}

fn unless_gone(error: Errno) -> Result<(), Errno> {
    if error == Errno::SRCH { Ok(()) } else { Err(error) }
}

/// The processes that came of another, each held so that its pid can't come to mean another.
struct Family(Vec<(u32, String, OwnedFd)>);

impl Family {
    fn of(pid: u32) -> Self {
        let members = process_table::family(pid).into_iter().filter_map(|(pid, started)| {
            let raw = i32::try_from(pid).ok().and_then(Pid::from_raw)?;
            let held = pidfd_open(raw, PidfdFlags::empty()).ok()?;
            let process = process_table::same(pid, started)?;
            Some((pid, process.name, held))
        });
        Self(members.collect())
    }

    fn signal(&self, signal: Signal) {
        // That one is gone by now is what was wanted.
        self.0.iter().for_each(|(_, _, held)| {
            let _ = pidfd_send_signal(held, signal);
        });
    }

    /// Ends those that do not end by themselves; says how many there were.
    fn end(self, deadline: Deadline) -> String {
        let left = self.0.iter().filter(|(_, _, held)| !ends_by(held, deadline)).count();
        self.signal(Signal::KILL);
        match (self.0.len(), left) {
            (0, _) => String::new(),
            (count, 0) => format!("; {count} that it had started ended too"),
            (count, left) => format!("; of {count} that it had started {left} had to be killed"),
        }
    }

    /// Names those that still run.
    fn left(self) -> String {
        let now = Deadline::within(Duration::ZERO);
        let left = self.0.iter().filter(|(_, _, held)| !ends_by(held, now));
        let left: Vec<String> = left.map(|(pid, name, _)| format!("{name} ({pid})")).collect();
        if left.is_empty() {
            String::new()
        } else {
            format!("; what it had started still runs: {}", left.join(", "))
        }
    }
}

/// When the pid file was written, if it still names this process by its first number.
fn written(host: &Host, file: &RelPath, pid: u32) -> Result<Time, String> {
    let entry = host.root.read(file).map_err(|error| error.to_string())?;
    let entry = entry.ok_or_else(|| format!("{file} is gone: nothing was signalled"))?;
    let text = entry.content.text().unwrap_or_default();
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    if numbers.next().and_then(|digits| digits.parse::<u32>().ok()) != Some(pid) {
        return Err(format!("{file} no longer names process {pid}: nothing was signalled"));
    }
    Ok(modified(&entry.stat))
}

fn ends_by(held: &OwnedFd, deadline: Deadline) -> bool {
    loop {
        let left = Timespec::try_from(deadline.left()).unwrap_or(Timespec { tv_sec: 0, tv_nsec: 0 });
        match poll(&mut [PollFd::new(held, PollFlags::IN)], Some(&left)) {
            Ok(ready) => return ready > 0,
            Err(Errno::INTR) if !deadline.is_over() => {}
            Err(_) => return false,
        }
    }
}

fn number(signal: SignalName) -> Signal {
    match signal {
        SignalName::Term => Signal::TERM,
        SignalName::Int => Signal::INT,
        SignalName::Hup => Signal::HUP,
        SignalName::Kill => Signal::KILL,
        SignalName::Usr1 => Signal::USR1,
        SignalName::Usr2 => Signal::USR2,
    }
}
