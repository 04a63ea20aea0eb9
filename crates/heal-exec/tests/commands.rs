//! Commands that hang, flee, flood and fail: they end in time, leave nothing behind, and what they printed is kept.

#![allow(clippy::disallowed_methods, reason = "these tests look at real processes and the clock")]

mod support;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use heal_exec::{Deadline, Host, Input, Launch, Outcome, RunError, unheard};
use heal_model::Stream;
use support::{Project, processes};

/// Long enough for a shell to begin, also where many begin at once.
const SHORT: Duration = Duration::from_secs(2);
const LONG: Duration = Duration::from_secs(60);
/// Less than what is run would take if nobody ended it.
const IN_TIME: Duration = Duration::from_secs(45);

fn run(host: &Host, script: &str, timeout: Duration) -> Outcome {
    let argv = ["sh", "-c", script].map(str::to_owned);
    let env = BTreeMap::new();
    let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: Some(timeout), input: Input::Nothing };
    host.run(&launch, &mut unheard).expect("sh can be run")
}

/// Runs a script for a short time; it must be ended, in time, and leave no process that bears `mark`.
#[track_caller]
fn check_ended(script: &str, mark: &str, expected: (Option<i32>, Option<i32>), output: &str) {
    let outcome = run(&Project::with(&[]).host(), script, SHORT);
    assert_eq!((outcome.exit, outcome.signal), expected);
    assert!(outcome.timed_out && !outcome.passed());
    assert!(outcome.took < IN_TIME, "took {:?}", outcome.took);
    assert_eq!(String::from_utf8_lossy(&outcome.output.bytes()), output);
    assert_eq!(processes(mark), [0; 0], "nothing is left behind");
}

#[test]
fn a_command_that_hangs_is_ended() {
    check_ended("echo begun; sleep 60.01", "60.01", (None, Some(15)), "begun\n");
}

#[test]
fn a_command_that_ignores_the_request_is_killed() {
    check_ended(
        "trap '' TERM; echo begun; while :; do sleep 60.02; done",
        "60.02",
        (None, Some(9)),
        "begun\n",
    );
}

#[test]
fn a_command_that_ends_well_on_request_has_run_out_of_time_all_the_same() {
    check_ended("trap 'exit 0' TERM; sleep 60.03 & wait", "60.03", (Some(0), None), "");
}

#[test]
fn a_command_that_closes_its_output_is_ended() {
    check_ended("exec >&- 2>&-; sleep 60.04", "60.04", (None, Some(15)), "");
}

#[test]
fn a_grandchild_that_leaves_the_group_is_found() {
    check_ended("setsid sleep 60.05 & sleep 60.05", "60.05", (None, Some(15)), "");
}

#[test]
fn a_stopped_command_is_ended() {
    check_ended("echo begun; kill -STOP $$; echo never 60.06", "60.06", (None, Some(9)), "begun\n");
}

#[test]
fn a_grandchild_that_holds_the_output_is_not_waited_for() {
    let outcome = run(&Project::with(&[]).host(), "sleep 60.07 & echo done", LONG);
    assert_eq!((outcome.exit, outcome.timed_out), (Some(0), false));
    assert!(outcome.took < IN_TIME, "took {:?}", outcome.took);
    assert_eq!(outcome.output.bytes(), b"done\n");
    assert_eq!(processes("60.07"), [0; 0], "nothing is left behind");
}

#[test]
fn output_without_end_is_kept_within_bounds() {
    let outcome = run(&Project::with(&[]).host(), "yes 0123456789 60.08", Duration::from_millis(700));
    assert!(outcome.timed_out);
    assert!(outcome.output.dropped > 0, "it was more than is kept");
    assert!(outcome.output.bytes().len() < (5 << 20) + 100);
    assert_eq!(processes("60.08"), [0; 0], "nothing is left behind");
}

#[test]
fn a_grandchild_that_fled_long_before_is_found_by_its_operation() {
    let project = Project::with(&[]);
    let script = "setsid sh -c 'sleep 60.10 &' & wait; echo fled; sleep 60.10";
    let argv = ["sh", "-c", script].map(str::to_owned);
    let env = BTreeMap::from([("HEAL_OPERATION".to_owned(), "60.10".to_owned())]);
    let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: Some(SHORT), input: Input::Nothing };
    let outcome = project.host().run(&launch, &mut unheard).expect("sh can be run");
    assert_eq!((outcome.timed_out, outcome.output.bytes().as_slice()), (true, b"fled\n".as_slice()));
    assert_eq!(processes("60.10"), [0; 0], "nothing is left behind");
}

#[test]
fn an_end_by_signal_is_told() {
    let outcome = run(&Project::with(&[]).host(), "kill -9 $$", LONG);
    assert_eq!((outcome.exit, outcome.signal, outcome.timed_out), (None, Some(9), false));
}

#[test]
fn nothing_can_be_asked() {
    let outcome = run(&Project::with(&[]).host(), "cat; echo \"prompt $GIT_TERMINAL_PROMPT\"; exit 7", LONG);
    assert_eq!((outcome.exit, outcome.output.bytes().as_slice()), (Some(7), b"prompt 0\n".as_slice()));
}

#[test]
fn streams_are_told_apart_as_they_come() {
    let project = Project::with(&[("sub/x", "")]);
    let argv = ["sh", "-c", "pwd; echo err >&2"].map(str::to_owned);
    let cwd = support::rel("sub");
    let env = BTreeMap::from([("X".to_owned(), "1".to_owned())]);
    let launch =
        Launch { argv: &argv, cwd: Some(&cwd), env: &env, timeout: Some(LONG), input: Input::Nothing };
    let mut seen: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    let outcome = project.host().run(&launch, &mut |stream, bytes| {
        let name = if stream == Stream::Stdout { "out" } else { "err" };
        seen.entry(name).or_default().extend_from_slice(bytes);
        ControlFlow::Continue(())
    });
    assert!(outcome.expect("sh can be run").passed());
    let sub = project.host().root().join("sub");
    assert_eq!(seen["out"], format!("{}\n", sub.display()).into_bytes());
    assert_eq!(seen["err"], b"err\n");
}

#[test]
fn when_heal_is_asked_to_end_so_is_the_command() {
    let project = Project::with(&[]);
    let mut host = project.host();
    let signal = Arc::new(AtomicUsize::new(0));
    host.stop_on(Arc::clone(&signal));
    host.give_grace(LONG);
    let argv =
        ["sh", "-c", "trap 'echo got it; exit 3' TERM; echo ready; sleep 60.09 & wait"].map(str::to_owned);
    let env = BTreeMap::new();
    let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: Some(LONG), input: Input::Nothing };
    let ended = host.run(&launch, &mut |_, _| {
        // Not the interrupt: where that is ignored already, as in the background, no shell can trap it.
        signal.store(15, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    let outcome = ended.expect("sh can be run");
    assert_eq!((outcome.exit, outcome.interrupted, outcome.timed_out), (Some(3), true, false));
    assert_eq!(outcome.output.bytes(), b"ready\ngot it\n");
    assert!(outcome.took < IN_TIME, "took {:?}", outcome.took);
}

/// Runs a script whose own time, and whose grace, are longer than the time for all; gives how it ended.
#[track_caller]
fn ended_by_then(script: &str, mark: &str) -> (Option<i32>, Option<i32>, bool) {
    let project = Project::with(&[]);
    let mut host = project.host();
    host.give_grace(LONG);
    host.end_by(Deadline::within(SHORT));
    let outcome = run(&host, script, LONG);
    assert!(outcome.took < IN_TIME, "took {:?}", outcome.took);
    assert_eq!(processes(mark), [0; 0], "nothing is left behind");
    (outcome.exit, outcome.signal, outcome.timed_out)
}

#[test]
fn the_time_for_all_holds_whatever_a_command_does() {
    let stubborn = "trap '' TERM; while :; do sleep 60.11; done";
    assert_eq!(ended_by_then(stubborn, "60.11"), (None, Some(9), true));
    let polite = "trap 'exit 3' TERM; sleep 60.12 & wait";
    assert_eq!(ended_by_then(polite, "60.12"), (Some(3), None, true));
}

#[test]
fn nothing_is_begun_when_the_time_for_all_is_over() {
    let project = Project::with(&[]);
    let mut host = project.host();
    host.end_by(Deadline::within(Duration::ZERO));
    let argv = ["touch", "made"].map(str::to_owned);
    let env = BTreeMap::new();
    let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: None, input: Input::Nothing };
    let error = host.run(&launch, &mut unheard).expect_err("it is too late");
    assert_eq!((error.to_string().as_str(), error.code()), ("no time is left to run touch", 124));
    assert_eq!(project.text("made"), None);
}

#[test]
fn a_command_that_nobody_hears_any_more_meets_a_closed_stream() {
    let env = BTreeMap::new();
    let argv = ["yes".to_owned()];
    for input in [Input::Nothing, Input::Inherited, Input::Terminal] {
        let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: Some(LONG), input };
        let outcome = Project::with(&[]).host().run(&launch, &mut |_, _| ControlFlow::Break(()));
        let outcome = outcome.expect("yes can be run");
        // SIGPIPE; a terminal that is closed sends SIGHUP, or fails the write.
        let ends = [(None, Some(13)), (None, Some(1)), (Some(1), None)];
        assert!(ends.contains(&(outcome.exit, outcome.signal)), "{input:?}: {outcome:?}");
        assert!(!outcome.timed_out, "{input:?}");
    }
}

#[test]
fn a_program_is_looked_for_in_path_alone() {
    let project = Project::with(&[("only-here", "#!/bin/sh\n")]);
    let argv = ["only-here".to_owned()];
    let env = BTreeMap::new();
    let launch = Launch { argv: &argv, cwd: None, env: &env, timeout: None, input: Input::Nothing };
    let error = project.host().run(&launch, &mut unheard).expect_err("it is not on PATH");
    assert!(matches!(&error, RunError::Missing { program } if program == "only-here"), "{error}");
    assert_eq!(error.code(), 127);
    let argv = ["./only-here".to_owned()];
    let error = project.host().run(&Launch { argv: &argv, ..launch }, &mut unheard).expect_err("it may not");
    let said = "./only-here may not be executed; if it is a program: chmod +x ./only-here";
    assert_eq!((error.to_string().as_str(), error.code()), (said, 126));
}
