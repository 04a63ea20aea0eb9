//! Which processes are found, and what has become of them.

use heal_model::{Holder, ProcessOf, ProcessState, ProcessTrigger, Running, Template, Trigger};

use crate::state::check;
use crate::support::regex;

#[test]
fn processes() {
    let process =
        |file, is| Trigger::Process(ProcessTrigger { of: ProcessOf::PidFile(Template::from(file)), is });
    check(process("run.pid", ProcessState::Alive), "file=\"run.pid\" pid=\"7\" program=\"x\" at run.pid");
    check(process("run.pid", ProcessState::Dead), "");
    check(process("old.pid", ProcessState::Recycled), "file=\"old.pid\" pid=\"8\" at old.pid");
    check(process("old.pid", ProcessState::Alive), "");
    check(process("gone.pid", ProcessState::Dead), "file=\"gone.pid\" pid=\"9\" at gone.pid");
    check(process("nope.pid", ProcessState::Dead), "");
    check(process("empty.txt", ProcessState::Dead), "? empty.txt holds no pid");
}

#[test]
fn a_recorded_process_is_told_from_another_of_its_pid() {
    let holder = |is, [started, boot, host]: [Option<&str>; 3]| {
        let holder = Holder {
            pid: Template::from("7"),
            started: started.map(Template::from),
            boot: boot.map(Template::from),
            host: host.map(Template::from),
        };
        Trigger::Process(ProcessTrigger { of: ProcessOf::Holder(holder), is })
    };
    check(holder(ProcessState::Alive, [None; 3]), "pid=\"7\" program=\"x\"");
    let recorded = [Some("1970-01-01T00:00:01Z"), Some("boot-1"), Some("here")];
    check(holder(ProcessState::Alive, recorded), "pid=\"7\" program=\"x\"");
    check(holder(ProcessState::Gone, recorded), "");
    check(holder(ProcessState::Orphaned, recorded), "");
    check(holder(ProcessState::Recycled, [Some("1970-01-01T00:01:00Z"), None, None]), "pid=\"7\"");
    check(holder(ProcessState::Gone, [Some("1970-01-01T00:01:00Z"), None, None]), "pid=\"7\"");
    check(holder(ProcessState::Dead, [None, Some("boot-0"), None]), "pid=\"7\"");
    check(holder(ProcessState::Alive, [None, Some("boot-0"), None]), "");
    check(
        holder(ProcessState::Dead, [None, None, Some("there")]),
        "? whether a process of the machine there runs can only be told there",
    );
    check(
        holder(ProcessState::Dead, [Some("noon"), None, None]),
        "? `noon` is not a time that a process started at",
    );
}

#[test]
fn running_processes_are_found_by_what_they_are_like() {
    let like = |is, running| Trigger::Process(ProcessTrigger { of: ProcessOf::Running(running), is });
    let name = |name| Running { name: Some(regex(name)), ..Running::default() };
    check(like(ProcessState::Alive, name("^wor")), "pid=\"21\" program=\"worker\"");
    check(like(ProcessState::Orphaned, name("^wor")), "pid=\"21\" program=\"worker\"");
    check(like(ProcessState::Orphaned, name("^x")), "");
    check(like(ProcessState::Dead, name("^git")), "r");
    let within = |folder: &str| Running { within: Some(Template::from(folder)), ..name("worker") };
    check(like(ProcessState::Alive, within(".")), "pid=\"21\" program=\"worker\"");
    check(like(ProcessState::Alive, within("src")), "pid=\"21\" program=\"worker\"");
    check(like(ProcessState::Alive, within("sr")), "");
    let port = |port: &str| Running { listens: Some(Template::from(port)), ..Running::default() };
    check(like(ProcessState::Alive, port("8080")), "pid=\"21\" program=\"worker\"");
    check(like(ProcessState::Alive, port("8081")), "");
    check(like(ProcessState::Alive, port("http")), "? `http` is no port");
}
