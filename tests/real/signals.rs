//! A signal that asks heal to end, at each step of its work: files are wholly old or wholly new, and undo takes back all.

#![allow(clippy::print_stdout, reason = "a sweep says how many points it tried")]

use super::many::{FILES, INPUT, fix};
use super::project::Project;

/// A command that fails until its setting is renamed.
const COMMAND: &str = "grep -q ^timeout_seconds app.ini || { echo unknown setting timeout; exit 7; }";

/// System calls that change something.
const CHANGING: &str = "write,fsync,renameat,renameat2,unlinkat,mkdirat,flock";

/// Heals under strace with these options; gives what strace says, and the exit code.
fn traced(project: &Project, heal: &str, options: &str) -> (String, i32) {
    let log = project.state().with_extension("log");
    let line = format!(
        "ulimit -c 0; printf '{INPUT}' | strace -qq -o {} -e trace={CHANGING} {options} {} {heal}",
        log.display(),
        env!("CARGO_BIN_EXE_heal"),
    );
    let (said, exit) = project.shell(&line.replace('\n', "\\n"));
    (std::fs::read_to_string(log).unwrap_or(said), exit)
}

#[test]
fn asked_to_end_at_any_point_heal_leaves_all_or_nothing() {
    sweep(&fix().join(" "), &[0]);
}

#[test]
fn asked_to_end_at_any_point_of_a_run_it_does_too() {
    let heal = format!("run --yes --playbook rules.yaml -- sh -c '{COMMAND}'");
    sweep(&heal, &[0, 7]);
}

/// Asks a call to end at each change it makes; it then ends so, or as if it had not been asked.
#[track_caller]
fn sweep(heal: &str, ends: &[i32]) {
    let project = Project::new(&FILES);
    let before = project.files();
    let (log, exit) = traced(&project, heal, "");
    if exit != 0 {
        assert!(std::env::var_os("HEAL_REQUIRE_TOOLS").is_none(), "strace is required, and can't trace here");
        return println!("skipped: strace is not installed or may not trace");
    }
    let calls: Vec<&str> =
        log.lines().filter_map(|line| line.split_once('(')).map(|(call, _)| call).collect();
    assert!(calls.len() > 15, "{log}");
    for (at, call) in calls.iter().enumerate() {
        let number = calls[..=at].iter().filter(|one| one == &call).count();
        let (name, signal) = [("INT", 2), ("TERM", 15), ("HUP", 1), ("QUIT", 3)][at % 4];
        let project = Project::new(&FILES);
        let context = format!("{name} at {call} number {number}");
        let (_, exit) = traced(&project, heal, &format!("-e inject={call}:signal={name}:when={number}"));
        assert!(exit == 128 + signal || ends.contains(&exit), "{context}: ended with {exit}");
        let ini = project.files().remove("app.ini");
        let whole = ["timeout = 30\n", "timeout_seconds = 30\n"];
        assert!(ini.as_deref().is_some_and(|ini| whole.contains(&ini)), "{context}: {ini:?}");
        let (said, exit) = project.heal(&["undo"], "");
        assert!([0, 1, 4].contains(&exit), "{context}: {said}");
        let mut after = project.files();
        after.remove("told.txt");
        assert_eq!(after, before, "{context}: {said}");
    }
    println!("asked to end at {} points", calls.len());
}
