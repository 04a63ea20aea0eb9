//! Commands of an operation that outlived it: they left its process group, so nothing but their environment tells
//! whose they are.

use std::fs;
use std::os::fd::OwnedFd;
use std::time::Duration;

use heal_model::Time;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::clock::Deadline;
use crate::hash::sha256;
use crate::{Host, process_table};

/// The variable that tells a command which operation it belongs to.
pub(crate) const OPERATION: &str = "HEAL_OPERATION";
/// How many digits tell a project from others.
const DIGITS: usize = 16;
/// How long the killed may take to be gone, all together.
const PATIENCE: Duration = Duration::from_secs(2);

impl Host {
    /// What the commands of an operation bear. An id is a time, so operations of other projects may have the same one.
    pub(crate) fn mark(&self, operation: &str) -> String {
        let folder = self.state_folder().unwrap_or_default();
        let project = sha256(folder.as_os_str().as_encoded_bytes());
        format!("{}/{operation}", &project[..DIGITS])
    }
}

/// Ends every process that bears the mark of an operation, so that none changes a file afterwards.
///
/// Where there is no process table, or a process has taken another environment, nothing tells.
pub(crate) fn end(mark: &str) {
    let mark = format!("{OPERATION}={mark}");
    let deadline = Deadline::within(PATIENCE);
    // One that is just being started is seen in the next round.
    while !deadline.is_over() && end_all(&mark, deadline) {}
}

/// Waits until a process that was told to end is gone.
pub(crate) fn until_gone(pid: u32, started: Time) {
    let held =
        i32::try_from(pid).ok().and_then(Pid::from_raw).map(|pid| pidfd_open(pid, PidfdFlags::empty()));
    let is_same = || process_table::same(pid, started).is_some();
    if let (Some(Ok(held)), true) = (held, is_same()) {
        wait(&held, Deadline::within(PATIENCE));
    }
}

fn wait(held: &OwnedFd, deadline: Deadline) {
    let left = Timespec::try_from(deadline.left()).unwrap_or(Timespec { tv_sec: 0, tv_nsec: 0 });
    let _ = poll(&mut [PollFd::new(held, PollFlags::IN)], Some(&left));
}

/// Ends those that are there now; whether there were any.
fn end_all(mark: &str, deadline: Deadline) -> bool {
    let Ok(entries) = fs::read_dir("/proc") else { return false };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let mut found = false;
    for pid in pids.filter(|pid| bears(*pid, mark)) {
        let held = Pid::from_raw(pid).map(|pid| pidfd_open(pid, PidfdFlags::empty()));
        let Some(Ok(held)) = held else { continue };
        // Now that it is held, its number can't come to mean another.
        if bears(pid, mark) && pidfd_send_signal(&held, Signal::KILL).is_ok() {
            found = true;
            wait(&held, deadline);
        }
    }
    found
}

fn bears(pid: i32, mark: &str) -> bool {
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
}
