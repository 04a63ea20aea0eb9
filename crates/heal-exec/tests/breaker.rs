//! Breakers are shared by all processes of a project, however they race.

#![allow(clippy::disallowed_methods, reason = "tests make projects")]

mod support;

use std::fs;
use std::time::Duration;

use heal_exec::retry::Gate;
use heal_model::Breaker;
use support::Project;

const NEVER: Duration = Duration::from_secs(3600);

/// What eight that race come to, each with a host of its own.
fn eight<T: Send>(project: &Project, race: impl Fn(&heal_exec::Host) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let race = &race;
        let racers: Vec<_> = (0..8).map(|_| scope.spawn(move || race(&project.host()))).collect();
        racers.into_iter().map(|racer| racer.join().expect("no racer panics")).collect()
    })
}

#[test]
fn no_failure_is_lost() {
    let project = Project::with(&[]);
    let policy = Breaker { failures: 40, cooldown: NEVER };
    eight(&project, |host| {
        for _ in 0..5 {
            host.tell_breaker("make", policy, false).expect("the state's folder can be used");
        }
    });
    let gate = project.host().ask_breaker("make", policy).expect("the state's folder can be used");
    assert!(matches!(gate, Gate::Open { failures: 40, left: Some(_) }), "{gate:?}");
    assert_eq!(project.host().ask_breaker("ninja", policy).expect("the same"), Gate::Closed);
}

#[test]
fn one_alone_tries_whether_it_may_close() {
    let project = Project::with(&[]);
    let policy = Breaker { failures: 1, cooldown: Duration::ZERO };
    let host = project.host();
    host.tell_breaker("make", policy, false).expect("the state's folder can be used");
    let gates = eight(&project, |host| host.ask_breaker("make", policy).expect("it can be asked"));
    assert_eq!(gates.iter().filter(|gate| **gate == Gate::Probe).count(), 1, "{gates:?}");
    let others = gates.iter().filter(|gate| **gate == Gate::Open { failures: 1, left: None });
    assert_eq!(others.count(), 7, "{gates:?}");
    host.tell_breaker("make", policy, true).expect("the same");
    assert_eq!(host.ask_breaker("make", policy).expect("the same"), Gate::Closed);
}

#[test]
fn a_damaged_breaker_is_closed_and_counts_anew() {
    let project = Project::with(&[]);
    let policy = Breaker { failures: 2, cooldown: NEVER };
    let host = project.host();
    let tell = || host.tell_breaker("make", policy, false).expect("the state's folder can be used");
    tell();
    let files = project.kept("breakers").into_iter().filter(|path| !path.ends_with("lock"));
    files.for_each(|path| fs::write(path, "{\"failures\": 99}").expect("it can be written"));
    tell();
    assert_eq!(host.ask_breaker("make", policy).expect("the same"), Gate::Closed);
    tell();
    let gate = host.ask_breaker("make", policy).expect("the same");
    assert!(matches!(gate, Gate::Open { failures: 2, left: Some(_) }), "{gate:?}");
}
