//! The command that `heal run` wraps ends with heal, however heal ends.

use std::time::Duration;
use std::{fs, thread};

use super::project::Project;

/// The pids of processes with this word in their command line.
pub(super) fn processes(word: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("processes can be listed").flatten();
    let mut pids: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    pids.retain(|pid| {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|argument| argument == word.as_bytes())
    });
    pids
}

/// Kills heal as soon as the command that it wraps has printed something, and waits until nothing of that is left.
#[track_caller]
fn check(span: &str, command: &str) {
    let project = Project::new(&[("command.sh", command)]);
    let line = format!(
        "{} run -- sh command.sh {span} > out & heal=$!\n\
         until test -s out; do sleep 0.01; done\n\
         kill -KILL $heal; wait $heal",
        env!("CARGO_BIN_EXE_heal")
    );
    let (said, exit) = project.shell(&line);
    assert_eq!(exit, 128 + 9, "{said}");
    for _ in 0..30_000 {
        if processes(span).is_empty() {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("it outlived heal: {:?}", processes(span));
}

#[test]
fn a_wrapped_command_ends_when_heal_is_killed() {
    check("61.0711", "trap '' TERM HUP; echo there; exec sleep $1");
}

#[test]
fn what_a_wrapped_command_has_started_ends_as_well() {
    check("61.0712", "sleep $1 & (sleep $1; true) & echo there; wait");
}

#[test]
fn a_wrapped_command_ends_when_nobody_reads_it_any_more() {
    let project = Project::new(&[]);
    let line = format!(
        "{{ {} run --retry 3 -- yes; echo \"ended with $?\" >&2; }} | head -n 1",
        env!("CARGO_BIN_EXE_heal")
    );
    assert_eq!(project.shell(&line), ("y\nended with 141\n".to_owned(), 0));
}
