//! Processes, as the kernel's table tells of them: `None` where there is no such table.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use heal_model::{Process, Time};

/// A process that runs, by pid. One that has ended and is not yet waited for has ended.
pub(crate) fn process(pid: u32) -> Option<Process> {
    let row = row(pid)?;
    if matches!(row.state, 'Z' | 'X' | 'x') {
        return None;
    }
    Some(Process { started: started(row.start)?, name: row.name, parent: row.parent, folder: None })
}

/// How far apart two readings of one start may lie, in milliseconds: the kernel tells when the machine started in whole
/// seconds of a clock that is set now and then.
pub(crate) const TOLERANCE: i64 = 2_000;

/// The process that has this pid, if it is the one that started then.
pub(crate) fn same(pid: u32, started: Time) -> Option<Process> {
    process(pid).filter(|process| (process.started.0 - started.0).abs() <= TOLERANCE)
}

/// The same, with where it works in the project that has this root.
pub(crate) fn placed(pid: u32, root: &Path) -> Option<Process> {
    let folder = fs::read_link(format!("/proc/{pid}/cwd")).ok();
    let folder = folder.and_then(|folder| inside(&folder, root));
    Some(Process { folder, ..process(pid)? })
}

/// Every process that runs, by pid.
pub(crate) fn processes(root: &Path) -> BTreeMap<u32, Process> {
    pids().into_iter().filter_map(|pid| Some((pid, placed(pid, root)?))).collect()
}

/// What names this machine.
pub(crate) fn name() -> Option<String> {
    Some(fs::read_to_string("/proc/sys/kernel/hostname").ok()?.trim().to_owned())
}

fn inside(folder: &Path, root: &Path) -> Option<String> {
    let below = folder.strip_prefix(root).ok()?.to_str()?;
    Some(if below.is_empty() { "." } else { below }.to_owned())
}

fn pids() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).collect()
}

/// All that came of a process and still runs, with when each started.
pub(crate) fn family(pid: u32) -> Vec<(u32, Time)> {
    let rows: Vec<(u32, Row)> = pids().into_iter().filter_map(|pid| Some((pid, row(pid)?))).collect();
    let mut members = vec![pid];
    let mut next = 0;
    while let Some(parent) = members.get(next).copied() {
        members.extend(rows.iter().filter(|(_, row)| row.parent == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    members.into_iter().skip(1).filter_map(|pid| Some((pid, process(pid)?.started))).collect()
}

/// Whether this process was started to ignore a signal, as `nohup` and a shell's `&` do.
#[must_use]
pub fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    u32::try_from(signal - 1).is_ok_and(|bit| mask.checked_shr(bit).unwrap_or(0) & 1 == 1)
}

/// What names this start of the machine: a pid and a start time mean nothing in another.
pub(crate) fn boot() -> Option<String> {
    Some(fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned())
}

struct Row {
    name: String,
    state: char,
    parent: u32,
    /// In ticks since the machine started.
    start: u64,
}

/// One line of `/proc/PID/stat`: the name stands in brackets and may itself hold brackets and spaces.
fn row(pid: u32) -> Option<Row> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (head, tail) = line.rsplit_once(')')?;
    let name = head.split_once('(')?.1.to_owned();
    let fields: Vec<&str> = tail.split_whitespace().collect();
    Some(Row {
        name,
        state: fields.first()?.chars().next()?,
        parent: fields.get(1)?.parse().ok()?,
        start: fields.get(19)?.parse().ok()?,
    })
}

fn started(ticks: u64) -> Option<Time> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let boot: i64 = stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    let per_second = rustix::param::clock_ticks_per_second();
    let since_boot = ticks.checked_mul(1000)?.checked_div(per_second)?;
    Some(Time(boot.checked_mul(1000)?.checked_add(i64::try_from(since_boot).ok()?)?))
}

#[cfg(test)]
mod tests {
    use heal_model::Time;

    use super::{process, same};

    #[test]
    fn a_clock_that_is_set_makes_no_other_process() {
        let pid = std::process::id();
        let started = process(pid).expect("this test runs").started;
        for (milliseconds, is_same) in [(0, true), (1_000, true), (-2_000, true), (2_001, false)] {
            assert_eq!(same(pid, Time(started.0 + milliseconds)).is_some(), is_same, "{milliseconds}");
        }
    }
}
