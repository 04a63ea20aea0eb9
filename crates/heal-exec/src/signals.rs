use std::time::Duration;

use heal_model::{RelPath, SignalName, World as _};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::Host;
use crate::clock::Deadline;
use crate::redact::name;
use crate::world::modified;

/// Signals the process that a pid file names, if it is still the one that the plan was made for: gives an exit code
/// as `kill` would, and what to say.
///
/// The process is held while it is looked at, so that its pid can't come to mean another in between.
pub(crate) fn send(
    host: &Host,
    pid_file: &RelPath,
    pid: u32,
    signal: SignalName,
    kill_after: Option<Duration>,
) -> (i32, String) {
    match try_send(host, pid_file, pid, signal, kill_after) {
        Ok(said) => (0, said),
        Err(said) => (1, said),
    }
}

fn try_send(
    host: &Host,
    pid_file: &RelPath,
    pid: u32,
    signal: SignalName,
    kill_after: Option<Duration>,
) -> Result<String, String> {
    let entry = host.root.read(pid_file).map_err(|error| error.to_string())?;
    let entry = entry.ok_or_else(|| format!("{pid_file} is gone: nothing was signalled"))?;
    let named = entry.content.text().and_then(|text| text.split_whitespace().next()?.parse::<u32>().ok());
    if named != Some(pid) {
        return Err(format!("{pid_file} no longer names process {pid}: nothing was signalled"));
    }
    let raw = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let gone = || format!("process {pid} is gone: nothing was signalled");
    let held = pidfd_open(raw.ok_or_else(gone)?, PidfdFlags::empty()).map_err(|_| gone())?;
    let process = host.process(pid).ok_or_else(gone)?;
    // The kernel tells a start to the second, so a process may seem to start just after it wrote its file.
    if process.started.0 > modified(&entry.stat).0 + 2000 {
        return Err(format!("process {pid} started after {pid_file} was written: nothing was signalled"));
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
