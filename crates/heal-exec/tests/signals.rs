//! Processes that are signalled, and what they had started.

#![allow(clippy::disallowed_methods, reason = "these tests start real processes")]

mod support;

use std::io::{BufRead as _, BufReader};
use std::process;
use std::time::Duration;

use heal_exec::Warrant;
use heal_model::{
    Command, Fix, Invocation, Origin, Plan, Receipt, ReceiptState, RuleId, SignalName, World as _,
};
use support::{PATIENCE, Project, plan, processes, rel};

/// Applies a plan that sends a signal.
fn send(project: &Project, signal: Invocation) -> Receipt {
    let fix = Fix {
        commands: vec![Command::new(signal)],
        ..Fix::new(RuleId::new("test", "end"), Origin::Named("test.yaml".to_owned()), "end")
    };
    let plan = Plan { fixes: vec![fix], ..plan(&[("a.txt", Some("old"), Some("new"))]) };
    project.host().apply(&plan, &Warrant::none(), PATIENCE).expect("a receipt")
}

/// Signals a shell that has started a `sleep`; gives what is said, and the signal that it ended on.
fn signalled(script: &str, family: bool) -> (String, Option<i32>) {
    let mut child = process::Command::new("sh")
        .args(["-c", script])
        .stdout(process::Stdio::piped())
        .spawn()
        .expect("sh can be run");
    let mut ready = String::new();
    let stdout = child.stdout.take().expect("it is piped");
    BufReader::new(stdout).read_line(&mut ready).expect("it says when it is ready");
    let project = Project::with(&[("a.txt", "old")]);
    let started = project.host().process(child.id()).expect("it runs").started;
    let signal = Invocation::Signal {
        pid_file: None,
        pid: child.id(),
        started,
        signal: SignalName::Term,
        kill_after: Some(Duration::from_millis(if script.starts_with("trap") { 200 } else { 60_000 })),
        family,
    };
    let receipt = send(&project, signal);
    child.wait().expect("it has ended");
    (receipt.commands[0].tail.clone(), receipt.commands[0].signal)
}

#[test]
fn what_a_process_had_started_ends_with_it() {
    let stubborn = "trap '' TERM; sleep 60.21 & echo ready; wait; wait";
    let said = "sh did not end on TERM and was killed; of 1 that it had started 1 had to be killed";
    assert_eq!(signalled(stubborn, true), (said.to_owned(), Some(9)));
    assert_eq!(processes("60.21"), [0; 0], "nothing is left");
    let polite = "sleep 60.22 & echo ready; wait";
    let said = "sh ended on TERM; 1 that it had started ended too";
    assert_eq!(signalled(polite, true), (said.to_owned(), Some(15)));
}

#[test]
fn what_a_process_had_started_and_still_runs_is_named() {
    let (said, _) = signalled("sleep 60.23 & echo ready; wait", false);
    let left = processes("60.23");
    let [pid] = left.as_slice() else { panic!("one still runs: {left:?}, {said}") };
    assert!(said.starts_with("sh ended on TERM; what it had started still runs: "), "{said}");
    assert!(said.ends_with(&format!("({pid})")), "{said}");
    let killed = process::Command::new("kill").arg(pid.to_string()).status();
    assert!(killed.expect("kill can be run").success());
}

#[test]
fn a_process_is_signalled_only_if_it_is_the_one_that_was_meant() {
    let mut child = process::Command::new("sleep").arg("60").spawn().expect("sleep can be run");
    let pid = child.id();
    let project = Project::with(&[("a.txt", "old")]);
    let started = project.host().process(pid).expect("it runs").started;
    let signal = || Invocation::Signal {
        pid_file: Some(rel("run.pid")),
        pid,
        started,
        signal: SignalName::Term,
        kill_after: Some(PATIENCE),
        family: false,
    };
    project.write("run.pid", &format!("{}\n", pid + 1));
    let other = send(&project, signal());
    let said = format!("run.pid no longer names process {pid}: nothing was signalled");
    assert_eq!(other.commands[0].tail, said);
    assert_eq!(other.state, ReceiptState::RolledBack);

    project.write("run.pid", &format!("{pid}\n"));
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    let file = std::fs::File::options().write(true).open(project.root().join("run.pid")).expect("a file");
    file.set_modified(long_ago).expect("a time");
    let recycled = send(&project, signal());
    let said = format!("process {pid} started after run.pid was written: nothing was signalled");
    assert_eq!(recycled.commands[0].tail, said);
    assert_eq!(child.try_wait().expect("it can be asked"), None, "it still runs");

    project.write("run.pid", &format!("{pid}\n"));
    let sent = send(&project, signal());
    assert_eq!(sent.commands[0].tail, "sleep ended on TERM");
    assert_eq!(sent.commands[0].argv, ["kill".to_owned(), "-TERM".to_owned(), pid.to_string()]);
    child.wait().expect("it has ended");
}
