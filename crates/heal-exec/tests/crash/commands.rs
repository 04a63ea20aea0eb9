//! heal is killed while a command of a plan runs: the command ends with it, and the files are taken back.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use heal_model::{Receipt, ReceiptState};

use crate::scene::{Scene, can_trace, on_each, points};
use crate::support::{await_end, await_that, processes};
use crate::sweep::{CHANGING, check_recovered, check_whole, ends};

/// System calls by which processes are started, told and waited for.
const STARTING: &str = "pipe2,clone,clone3,vfork,wait4,waitid,kill,pidfd_open,poll";

/// Starts the victim with a command that says when it is there, and kills the victim then.
fn killed(scene: &Scene, script: &str, mark: &str) {
    let began = scene.folder().join("state/began");
    let script = format!("echo {mark} > \"$XDG_STATE_HOME/began\"; {script}");
    let mut victim = scene.start(&script);
    await_that(|| match fs::read_to_string(&began) {
        Ok(text) if text.ends_with('\n') => Ok(()),
        read => Err(format!("the command has not begun: {read:?}; the victim: {:?}", victim.try_wait())),
    });
    victim.kill().expect("it can be killed");
    victim.wait().expect("it has ended");
}

#[track_caller]
fn check_taken_back(scene: &Scene, recovered: &[Receipt]) {
    let [receipt] = recovered else { panic!("one operation was cut short: {recovered:?}") };
    assert_eq!(receipt.state, ReceiptState::Recovered);
    assert_eq!(receipt.notes, ["what its commands did stays: that can't be taken back"]);
    assert_eq!(scene.tree(), ends().0);
}

#[test]
fn a_command_ends_with_heal() {
    let scene = Scene::new();
    killed(&scene, "trap '' TERM HUP; sleep 61.01 & sleep 61.01", "61.01");
    await_end("61.01");
    check_taken_back(&scene, &scene.recover());
}

#[test]
fn a_command_that_fled_ends_before_the_files_are_taken_back() {
    let scene = Scene::new();
    killed(&scene, "setsid sleep 61.02 & sleep 61.02", "61.02");
    check_taken_back(&scene, &scene.recover());
    assert_eq!(processes("61.02"), [0; 0]);
}

#[test]
fn killed_at_any_point_around_a_command_leaves_all_or_nothing_and_no_process() {
    if !can_trace() {
        return;
    }
    let ends = ends();
    // A number that nothing else on the machine waits for.
    let (what, mark) = ("run sleep 0.0610308", "0.0610308");
    let points = points(&Scene::new(), &format!("{CHANGING},{STARTING}"), what);
    let killed = AtomicUsize::new(0);
    on_each(&points, |(point, line)| {
        let scene = Scene::new();
        let context = format!("killed before {line}");
        // How often heal looks at a command depends on the machine, so the last looks need not come about again.
        match scene.inject(point, "signal=KILL", what) {
            0 => assert_eq!(scene.tree(), ends.1, "{context}"),
            _ => drop(killed.fetch_add(1, Ordering::Relaxed)),
        }
        check_whole(&scene, &ends, &context);
        check_recovered(&scene, &ends, &context);
    });
    await_end(mark);
    let killed = killed.into_inner();
    println!("killed a plan with a command at {killed} points");
    assert!(killed > 60, "the sweep tried something");
}
