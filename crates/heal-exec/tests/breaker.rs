//! Breakers are shared by all processes of a project, however they race.

#![allow(clippy::disallowed_methods, reason = "tests make projects")]

mod support;

use std::fs;
use std::path::Path;
use std::time::Duration;

use heal_exec::Warrant;
use heal_exec::retry::{Gate, Until};
use heal_model::{Breaker, Command, Fix, Invocation, Origin, Plan, Retry, RuleId};
use support::{PATIENCE, Project};

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
    assert!(matches!(gate, Gate::Open { failures: 40, until: Until::Over(_) }), "{gate:?}");
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
    let others = gates
        .iter()
        .filter(|gate| **gate == Gate::Open { failures: 1, until: Until::Tried(std::process::id()) });
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
    assert!(host.is_breaker_damaged("make"), "that can be told");
    tell();
    assert!(!host.is_breaker_damaged("make"));
    assert_eq!(host.ask_breaker("make", policy).expect("the same"), Gate::Closed);
    tell();
    let gate = host.ask_breaker("make", policy).expect("the same");
    assert!(matches!(gate, Gate::Open { failures: 2, until: Until::Over(_) }), "{gate:?}");
}

#[test]
fn a_breaker_is_damaged_in_whatever_way_its_file_is() {
    let spoil: [fn(&Path); 3] = [
        |path| fs::write(path, &fs::read(path).expect("it is there")[..20]).expect("torn"),
        |path| fs::write(path, [0xff; 40]).expect("no text"),
        |path| {
            fs::remove_file(path).expect("removed");
            fs::create_dir(path).expect("a folder in its place");
        },
    ];
    for spoil in spoil {
        let project = Project::with(&[]);
        let policy = Breaker { failures: 1, cooldown: NEVER };
        let host = project.host();
        assert!(!host.is_breaker_damaged("make"), "it has none yet");
        host.tell_breaker("make", policy, false).expect("the state's folder can be used");
        assert!(!host.is_breaker_damaged("make"), "it is whole");
        let files = project.kept("breakers").into_iter().filter(|path| !path.ends_with("lock"));
        files.for_each(|path| spoil(&path));
        assert!(host.is_breaker_damaged("make"), "that can be told");
        let gate = host.ask_breaker("make", policy);
        assert!(gate.is_err() || (matches!(gate, Ok(Gate::Closed)) && !host.is_breaker_damaged("make")));
    }
}

#[test]
fn a_receipt_tells_of_a_damaged_breaker() {
    let project = Project::with(&[]);
    let breaker = Some(Breaker { failures: 2, cooldown: NEVER });
    let command = Command {
        retry: Retry { breaker, ..Retry::default() },
        ..Command::new(Invocation::Program(vec!["true".to_owned()]))
    };
    let apply = || {
        let origin = Origin::Named("shop.yaml".to_owned());
        let rule = RuleId::new("shop", "restart");
        let fix = Fix { commands: vec![command.clone()], ..Fix::new(rule, origin, "restart") };
        let plan = Plan { fixes: vec![fix], ..Plan::default() };
        let applied = project.host().apply(&plan, &Warrant::none(), PATIENCE);
        applied.expect("it can be applied").notes
    };
    assert_eq!(apply(), [""; 0]);
    let name = heal_exec::retry::breaker_name(None, &["true".to_owned()]);
    let policy = Breaker { failures: 2, cooldown: NEVER };
    project.host().tell_breaker(&name, policy, false).expect("the state's folder can be used");
    let files = project.kept("breakers").into_iter().filter(|path| !path.ends_with("lock"));
    files.for_each(|path| fs::write(path, "{\"failures\"").expect("it can be written"));
    assert_eq!(apply(), ["what the breaker of true knew is damaged: it is closed"]);
    assert_eq!(apply(), [""; 0], "it counts anew");
}

#[test]
fn a_rule_s_breaker_counts_its_commands_as_one() {
    let project = Project::with(&[]);
    let rule = RuleId::new("shop", "restart");
    let command = |program: &str| Command {
        retry: Retry { breaker: Some(Breaker { failures: 2, cooldown: NEVER }), ..Retry::default() },
        breaker_of: Some(rule.clone()),
        ..Command::new(Invocation::Program(vec![program.to_owned()]))
    };
    let apply = |last: &str| {
        let origin = Origin::Named("shop.yaml".to_owned());
        let fix = Fix {
            commands: vec![command("true"), command(last)],
            ..Fix::new(rule.clone(), origin, "restart")
        };
        let plan = Plan { fixes: vec![fix], ..Plan::default() };
        let applied = project.host().apply(&plan, &Warrant::none(), PATIENCE);
        let commands = applied.expect("it can be applied").commands;
        commands.last().expect("one ran").tail.replace(char::is_numeric, "0")
    };
    assert_eq!(["false", "true", "false", "false"].map(&apply), [""; 4], "all pass at the second call");
    assert_eq!(
        apply("true"),
        "its breaker is open, after 0 failures in a row: it may be tried again in 00 min"
    );
}
