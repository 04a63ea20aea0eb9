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

/// What a traced call of heal did to anything but its own state.
#[track_caller]
fn looks(project: &Project, arguments: &[&str]) {
    let log = project.state().with_extension("strace");
    let (_, exit) = {
        let heal = env!("CARGO_BIN_EXE_heal");
        let traced = ["-f", "-qq", "-o", log.to_str().expect("the path is text"), "-e", CALLS, heal];
        let line = [&traced[..], arguments].concat().join("' '");
        project.shell(&format!("echo 'boom now' | strace '{line}'"))
    };
    assert!((0..=4).contains(&exit), "{arguments:?} ended with {exit}");
    let trace = fs::read_to_string(&log).expect("strace wrote its log");
    let state = project.state().display().to_string();
    let started = trace.lines().filter(|line| line.contains("execve")).count();
    assert_eq!(started, 1, "{arguments:?} started a program:\n{trace}");
    let changes: Vec<&str> = trace.lines().filter(|line| changes(line) && !line.contains(&state)).collect();
    assert!(changes.is_empty(), "{arguments:?} writes:\n{}", changes.join("\n"));
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
        looks(&project, arguments);
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
    let acts = ["match", "--playbook", "hostile.yaml", "--fix", "--yes"];
    let seen = std::panic::catch_unwind(|| looks(&project, &acts));
    assert!(seen.is_err() && project.path("owned").exists());
}
