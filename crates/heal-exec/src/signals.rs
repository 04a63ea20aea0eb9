use std::time::Duration;

use heal_model::{RelPath, SignalName, Time, World as _};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::Host;
use crate::clock::{Deadline, modified};
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

/// How far apart two readings of one start may lie: the machine's clock is set now and then.
const TOLERANCE: i64 = 2_000;

/// Signals a process, if it is still the one that the plan was made for: gives an exit code
/// as `kill` would, and what to say.
///
/// The process is held while it is looked at, so that its pid can't come to mean another in between.
pub(crate) fn send(
    host: &Host,
    target: Target<'_>,
    signal: SignalName,
    kill_after: Option<Duration>,
) -> (i32, String) {
    match try_send(host, target, signal, kill_after) {
        Ok(said) => (0, said),
        Err(said) => (1, said),
    }
}

fn try_send(
    host: &Host,
    target: Target<'_>,
    signal: SignalName,
    kill_after: Option<Duration>,
) -> Result<String, String> {
    let Target { pid_file, pid, started } = target;
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
    let failed = |error: rustix::io::Errno| format!("process {pid} could not be signalled: {error}");
    pidfd_send_signal(&held, number(signal)).map_err(failed)?;
    let Some(kill_after) = kill_after else {
        return Ok(format!("sent {} to {}", name(signal), process.name));
    };
    if ends_within(&held, kill_after) {
        return Ok(format!("{} ended on {}", process.name, name(signal)));
    }
    pidfd_send_signal(&held, Signal::KILL).map_err(failed)?;
    Ok(format!("{} did not end on {} and was killed", process.name, name(signal)))
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

fn ends_within(held: &rustix::fd::OwnedFd, span: Duration) -> bool {
    let deadline = Deadline::within(span);
    loop {
        let left = Timespec::try_from(deadline.left()).unwrap_or(Timespec { tv_sec: 0, tv_nsec: 0 });
        match poll(&mut [PollFd::new(held, PollFlags::IN)], Some(&left)) {
            Ok(ready) => return ready > 0,
            Err(rustix::io::Errno::INTR) if !deadline.is_over() => {}
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
