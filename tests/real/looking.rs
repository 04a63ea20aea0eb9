use std::fs;

use super::Project;
use super::project::has;

/// A playbook that would act in every way there is, if it were let.
const HOSTILE: &str = r#"heal: 1
name: hostile
sources:
  secret: {file: secret.txt, text: true}
files:
  - {path: made.txt, tier: create, template: templates/made.hbs, fallback: "made\n", keep: {checksum: true, backups: 3}}
rules:
  - id: probe
    title: "probed {{exit}}"
    safety: safe
    trigger: {probe: {argv: [touch, owned], exit: 0}}
    steps: [{run: [touch, owned]}]
  - id: output
    title: "seen {{what}}"
    safety: safe
    trigger:
      all:
        - output: "boom (?<what>\\w+)"
        - probe: {argv: [./run.sh], exit: 0}
    steps: [{run: [./run.sh]}, {create: {path: made.txt, content: "{{what}}"}}]
    verify: {command: [./run.sh]}
    tests:
      - output: "boom now"
  - id: plain
    title: "seen {{what}}"
    safety: safe
    trigger: {output: "boom (?<what>\\w+)"}
    steps: [{run: [./run.sh]}, {run: {shell: "touch owned"}}]
    tests:
      - output: "boom now"
"#;

/// The calls that start a program, or change what is on a disk.
const CALLS: &str = "trace=execve,execveat,open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,\
                     symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,mknod,mknodat,truncate,chmod,fchmodat,\
                     chown,fchownat,utimensat,setxattr";

/// What heal did to the world: the programs that were started, itself among them, and the calls that change something.
struct Trace {
    started: usize,
    changes: Vec<String>,
}

/// Runs heal under strace.
#[track_caller]
fn trace(project: &Project, arguments: &[&str]) -> Trace {
    let log = project.path("../strace.log");
    let options = ["strace", "-f", "-qq", "-o", "../strace.log", "-e", CALLS, env!("CARGO_BIN_EXE_heal")];
    let line = [&options[..], arguments].concat().join("' '");
    let (printed, exit) = project.shell(&format!("echo 'boom now' | '{line}'"));
    assert!((0..=4).contains(&exit), "{arguments:?} ended with {exit}: {printed}");
    let log = fs::read_to_string(&log).expect("strace wrote its log");
    let started = log.lines().filter(|line| line.contains("execve")).count();
    Trace { started, changes: log.lines().filter(|line| changes(line)).map(str::to_owned).collect() }
}

/// Whether a traced call changes anything: it opens for writing, or is no call that opens.
fn changes(line: &str) -> bool {
    let call = line.split_once(' ').map_or(line, |(_, call)| call.trim_start());
    if call.starts_with("execve") || call.starts_with("+++") || call.starts_with("---") {
        return false;
    }
    if call.starts_with("open") {
        let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| call.contains(flag));
        return writes && !call.contains("\"/dev/");
    }
    true
}

/// A folder that was cloned may be looked at: nothing runs, nothing is written.
#[test]
fn looking_never_acts() {
    if !has("strace", &["strace", "-qq", "-o", "/dev/null", "true"]) {
        return;
    }
    let project = Project::new(&[
        (".heal/hostile.yaml", HOSTILE),
        (".heal/templates/made.hbs", "{{secret}}"),
        (".heal/state/ops/1.intent", "{}"),
        (".git/config", "[core]\n\tfsmonitor = touch owned\n\thooksPath = hooks\n"),
        ("run.sh", "#!/bin/sh\ntouch owned\n"),
        ("secret.txt", "secret\n"),
        ("log.txt", "boom now\n"),
    ]);
    project.shell("chmod +x run.sh");
    let before = project.files();
    for arguments in [
        &["list"][..],
        &["match"],
        &["match", "log.txt"],
        &["match", "--fix", "--yes"],
        &["explain", "hostile/probe"],
        &["why", "hostile/output"],
        &["lint"],
        &["log"],
        &["check"],
        &["schema"],
        &["--help"],
        &["match", "--help"],
        &["completions", "bash"],
        &["man"],
    ] {
        let Trace { started, changes } = trace(&project, arguments);
        assert!(started == 1 && changes.is_empty(), "{arguments:?} acts:\n{}", changes.join("\n"));
    }
    assert_eq!(project.files(), before);
}

/// The trace shows what acts: a playbook that is named may, and is seen to.
#[test]
fn acting_is_seen() {
    if !has("strace", &["strace", "-qq", "-o", "/dev/null", "true"]) {
        return;
    }
    let project = Project::new(&[("hostile.yaml", HOSTILE), ("run.sh", "#!/bin/sh\ntouch owned\n")]);
    project.shell("chmod +x run.sh");
    let acting = trace(&project, &["match", "--playbook", "hostile.yaml", "--fix", "--yes"]);
    assert!(acting.started > 1 && acting.changes.iter().any(|call| call.contains("\"owned\"")));
}
