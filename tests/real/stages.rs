//! A signal that asks heal to end, at each stage of `heal run`: what runs ends with it, files are wholly old or wholly new,
//! and the exit code says which signal it was. Each signal is sent by what the stage itself does, so nothing is timed.

use std::io::{Read, Write as _};
use std::process::{Child, Command, Stdio};

use super::project::Project;
use super::wrapped::processes;

/// Signals that ask a process to end.
const SIGNALS: [i32; 4] = [1, 2, 3, 15];

/// Rules of which each lets its stage signal heal, as a captured number says; `SPAN` is how long it then waits.
const RULES: &str = r#"heal: 1
name: stages
rules:
  - id: looking
    title: "looks"
    safety: safe
    trigger:
      all:
        - output: "looking (?<signal>\\d+)"
        - probe: {argv: [sh, -c, "kill -{{signal}} $PPID; exec sleep SPAN"]}
    steps: [{edit: {file: app.ini, search: "30", replace: "31"}}]
  - id: applying
    title: "applies"
    safety: safe
    trigger: {output: "applying (?<signal>\\d+)"}
    steps:
      - edit: {file: app.ini, search: "30", replace: "31"}
      - run: [sh, -c, "kill -{{signal}} $PPID; exec sleep SPAN"]
  - id: verifying
    title: "verifies"
    safety: safe
    trigger: {output: "verifying (?<signal>\\d+)"}
    steps: [{edit: {file: app.ini, search: "30", replace: "31"}}]
    verify: {command: [sh, -c, "kill -{{signal}} $PPID; exec sleep SPAN"]}
  - id: known
    title: "is known"
    safety: safe
    trigger: {output: "known"}
    steps: [{edit: {file: app.ini, search: "30", replace: "31"}}]
"#;

/// A project with these rules.
pub(super) fn project(span: &str) -> Project {
    Project::new(&[("rules.yaml", &RULES.replace("SPAN", span)), ("app.ini", "timeout = 30\n")])
}

/// What sees to it that heal ignores no signal, whoever started the tests.
const HEEDING: &str = "env --default-signal";

/// How heal runs a command, in a shell that writes no core.
pub(super) fn line(flags: &str, command: &str) -> String {
    let heal = env!("CARGO_BIN_EXE_heal");
    format!("ulimit -c 0; exec {HEEDING} {heal} run {flags} --playbook rules.yaml -- sh -c '{command}'")
}

/// Lets a command be mended whose stage signals heal: the code heal ends with, what it leaves, and what it says last.
#[track_caller]
fn check(span: &str, command: &str, after: &str, last: &[&str]) {
    for signal in SIGNALS {
        let project = project(span);
        let of_this = |text: &str| text.replace("SIGNAL", &signal.to_string()).replace("SPAN", span);
        let (said, exit) = project.shell(&line("--yes", &of_this(command)));
        assert_eq!(exit, 128 + signal, "{said}");
        assert_eq!(project.files()["app.ini"], after, "{said}");
        assert_eq!(processes(span), [""; 0], "something outlived heal");
        let lines: Vec<&str> = said.lines().collect();
        let lines = &lines[lines.len().saturating_sub(last.len())..];
        let told: Vec<&str> =
            lines.iter().map(|line| line.split("  heal undo").next().unwrap_or(line)).collect();
        assert_eq!(told, last.iter().map(|line| of_this(line)).collect::<Vec<_>>(), "{said}");
    }
}

#[test]
fn while_the_command_runs() {
    check("61.0721", "echo begun; kill -SIGNAL $PPID; exec sleep SPAN", "timeout = 30\n", &["begun"]);
}

#[test]
fn while_it_runs_again_after_a_fix() {
    check(
        "61.0722",
        "grep -q 31 app.ini && { kill -SIGNAL $PPID; exec sleep SPAN; }; echo known; exit 7",
        "timeout = 31\n",
        &["  failed   is known", "  applied app.ini  +1 -1"],
    );
}

#[test]
fn while_something_is_looked_at() {
    check("61.0723", "echo looking SIGNAL; exit 7", "timeout = 30\n", &["looking SIGNAL"]);
}

#[test]
fn while_a_step_is_run() {
    let last = [
        "rolled back 1 file, 1 command",
        "  restored app.ini",
        "  ran sh -c 'kill -SIGNAL $PPID; exec sleep SPAN': was ended by signal SIGNAL",
        "  note: what its commands did stays: that can't be taken back",
    ];
    check("61.0724", "echo applying SIGNAL; exit 7", "timeout = 30\n", &last);
}

#[test]
fn while_a_fix_is_verified() {
    let last = [
        "rolled back 1 file",
        "  restored app.ini",
        "  failed: sh -c 'kill -SIGNAL $PPID; exec sleep SPAN': ended by signal SIGNAL",
    ];
    check("61.0725", "echo verifying SIGNAL; exit 7", "timeout = 30\n", &last);
}

#[test]
fn what_it_was_started_to_ignore_does_not_end_it() {
    let project = project("61.0728");
    let line = line("", "kill -1 $PPID; kill -2 $PPID; echo goes on; exit 7");
    let line = line.replace(HEEDING, "");
    assert_eq!(project.shell(&format!("trap '' HUP INT; {line}")), ("goes on\n".to_owned(), 7));
}

/// Waits until a text is printed.
pub(super) fn until(output: &mut impl Read, text: &str) -> String {
    let (mut said, mut byte) = (Vec::new(), [0]);
    while !String::from_utf8_lossy(&said).contains(text) {
        assert_eq!(output.read(&mut byte).expect("it can be read"), 1, "{}", String::from_utf8_lossy(&said));
        said.push(byte[0]);
    }
    String::from_utf8_lossy(&said).into_owned()
}

/// Starts a program with its input and output in hand.
pub(super) fn start(project: &Project, program: &mut Command) -> Child {
    program.current_dir(project.path("")).env("XDG_STATE_HOME", project.state());
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it can be started")
}

#[test]
fn while_it_waits_for_another_try() {
    for signal in SIGNALS {
        let project = project("61.0726");
        let line = line("--retry 2 --backoff 60s", "exit 7");
        let mut heal = start(&project, Command::new("sh").args(["-c", &format!("exec 2>&1; {line}")]));
        let mut said = heal.stdout.take().expect("it was piped");
        until(&mut said, "trying again:");
        let kill = Command::new("kill").args([format!("-{signal}"), heal.id().to_string()]).status();
        assert!(kill.expect("kill can be run").success());
        assert_eq!(heal.wait().expect("it ends").code(), Some(128 + signal));
    }
}

#[test]
fn while_it_asks() {
    for (key, signal) in [(b"\x03", 2), (b"\x1c", 3)] {
        let project = project("61.0727");
        let mut script = Command::new("script");
        let mut asked = start(&project, script.args(["-qec", &line("", "echo known; exit 7"), "/dev/null"]));
        let mut said = asked.stdout.take().expect("it was piped");
        until(&mut said, "Apply?");
        asked.stdin.as_ref().expect("it was piped").write_all(key).expect("a key can be pressed");
        assert_eq!(asked.wait().expect("it ends").code(), Some(128 + signal));
        assert_eq!(project.files()["app.ini"], "timeout = 30\n");
    }
}
