//! Somebody else makes the change that heal asks about, before it is agreed to.

use std::io::{Read as _, Write as _};
use std::process::Command;

use super::project::Project;
use super::stages::{line, project, start, until};

/// Agrees to a fix after its file was changed in the same way; gives what heal says from then on, and how it ends.
fn agreed(project: &Project, command: &str) -> (String, Option<i32>) {
    let mut script = Command::new("script");
    let mut asked = start(project, script.args(["-qec", &line("", command), "/dev/null"]));
    let mut printed = asked.stdout.take().expect("it was piped");
    until(&mut printed, "[q]uit");
    std::fs::write(project.path("app.ini"), "timeout = 31\n").expect("it can be written");
    asked.stdin.as_ref().expect("it was piped").write_all(b"a\n").expect("a key can be pressed");
    let mut said = String::new();
    printed.read_to_string(&mut said).expect("it is text");
    let code = asked.wait().expect("it ends").code();
    (said.replace('\r', ""), code)
}

/// What heal says, without the answer that was typed and without colours; nothing of it can be taken back by heal.
#[track_caller]
fn check(command: &str, said: &[&str], code: i32) {
    let project = project("61.0741");
    let (all, ended) = agreed(&project, command);
    let plain = String::from_utf8(anstream::adapter::strip_bytes(all.as_bytes()).into_vec()).expect("text");
    let lines: Vec<&str> = plain.lines().map(str::trim).filter(|line| !["", "a"].contains(line)).collect();
    assert_eq!((lines.as_slice(), ended), (said, Some(code)), "{all}");
    assert_eq!(project.files()["app.ini"], "timeout = 31\n", "it is as somebody else has made it");
    assert_eq!(project.heal(&["log"], ""), ("heal has done nothing here yet.\n".to_owned(), 0));
}

const ALREADY: &str = "already healed: the same was done meanwhile, so nothing was left to do";

#[test]
fn what_is_done_already_counts_as_mended() {
    let passes = "passes: sh -c 'grep -q 31 app.ini || { echo known; exit 7; }', after 2 tries";
    check("grep -q 31 app.ini || { echo known; exit 7; }", &[ALREADY, passes], 0);
}

#[test]
fn what_somebody_else_has_done_is_not_taken_back() {
    let fails = "still fails: sh -c 'echo known; exit 7', after 2 tries";
    check("echo known; exit 7", &[ALREADY, "known", fails], 7);
}
