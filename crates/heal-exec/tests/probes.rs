//! Probes are tried again as their policy says, and left alone once they have failed too often.

#![allow(clippy::disallowed_methods, reason = "tests make projects")]

mod support;

use std::time::Duration;

use heal_exec::{Host, Probes};
use heal_model::{Backoff, Breaker, Probe, Retry, World as _};
use support::{PATIENCE, Project};

/// Says that it is busy until it has been asked so often, and then that it is well.
const BUSY: &str =
    "echo asked >> asked; test $(wc -l < asked) -ge 3 && echo well && exit; echo busy; exit 75";

fn host(project: &Project) -> Host {
    let mut host = project.host();
    host.allow_probes(Probes::Run);
    host
}

fn probe(script: &str, retry: Option<Retry>) -> Probe {
    let argv = ["sh", "-c", script].map(str::to_owned).to_vec();
    Probe { argv, timeout: PATIENCE, retry }
}

/// A policy for a probe that is busy for a moment.
fn again(attempts: u32) -> Retry {
    let backoff = Backoff { initial: Duration::from_millis(1), ..Backoff::default() };
    Retry { attempts, backoff, on_exit: vec![75], ..Retry::default() }
}

/// What a probe comes to, and how often it was run.
#[track_caller]
fn check(retry: Option<Retry>, expected: &str, runs: usize) {
    let project = Project::with(&[]);
    let probed = host(&project).probe(&probe(BUSY, retry)).expect("it can be run");
    assert_eq!(probed.output, expected);
    assert_eq!(project.text("asked").expect("it ran").lines().count(), runs);
}

#[test]
fn what_its_policy_calls_transient_is_tried_again() {
    check(Some(again(3)), "well\n", 3);
    check(Some(again(2)), "busy\n", 2);
    check(Some(Retry { on_exit: vec![1], ..again(3) }), "busy\n", 1);
    check(None, "busy\n", 1);
}

#[test]
fn one_that_runs_out_of_time_is_tried_again_only_where_its_policy_says_so() {
    for retry in [again(1), again(3)] {
        let project = Project::with(&[]);
        let script = "echo asked >> asked; exec sleep 60.21";
        let hung = Probe { timeout: Duration::from_millis(50), ..probe(script, Some(retry)) };
        let probed = host(&project).probe(&hung).expect("it can be run");
        assert!(probed.timed_out);
        // One that was slow to start may not have come so far.
        let asked = project.text("asked").unwrap_or_default();
        assert!(["", "asked\n"].contains(&asked.as_str()), "{asked}");
    }
}

#[test]
fn one_that_fails_too_often_is_left_alone() {
    let project = Project::with(&[]);
    let breaker = Some(Breaker { failures: 2, cooldown: Duration::from_secs(3600) });
    let busy = probe("echo asked >> asked; exit 75", Some(Retry { breaker, ..again(2) }));
    let probed = host(&project).probe(&busy).expect("it can be run");
    assert_eq!(probed.exit, Some(75));
    let refused = host(&project).probe(&busy).expect_err("its breaker is open");
    let reason = refused.reason.replace(char::is_numeric, "0");
    assert_eq!(reason, "its breaker is open, after 0 failures in a row: it may be tried again in 00 min");
    assert_eq!(project.text("asked").as_deref(), Some("asked\nasked\n"));
}
