//! Many heals at once, of which some are killed and some are slow: one effect, no lost update, no ghost.

use std::fs;

use heal_model::ReceiptState;

use crate::scene::{Scene, can_trace, points};
use crate::sweep::{CHANGING, ends};

/// Runs something so often at once; gives the exit codes.
fn at_once(count: usize, run: impl Fn(usize) -> i32 + Sync) -> Vec<i32> {
    std::thread::scope(|scope| {
        let run = &run;
        let runs: Vec<_> = (0..count).map(|number| scope.spawn(move || run(number))).collect();
        runs.into_iter().map(|run| run.join().expect("no panic")).collect()
    })
}

#[track_caller]
fn check_one_effect(scene: &Scene) {
    let (before, after) = ends();
    assert_eq!(scene.tree(), after);
    let standing = scene.host().log().into_iter().filter(|one| one.state == ReceiptState::Applied).count();
    assert_eq!(standing, 1, "one of them did it");
    assert_eq!(scene.run("undo"), 0);
    assert_eq!(scene.tree(), before, "one undo takes all of it back");
}

#[test]
fn of_many_heals_with_one_plan_one_applies_it_and_all_are_done() {
    let scene = Scene::new();
    let codes = at_once(64, |_| scene.run("apply"));
    assert_eq!(codes, [0; 64]);
    check_one_effect(&scene);
}

#[test]
fn of_many_heals_of_which_some_are_killed_the_others_do_it() {
    if !can_trace() {
        return;
    }
    let points = points(&Scene::new(), CHANGING, "apply");
    let mut killed = 0;
    for round in 0..8 {
        let scene = Scene::new();
        // A quarter is killed, each somewhere else.
        let point = |number: usize| &points[(round * 31 + number * 7) % points.len()].0;
        let codes = at_once(16, |number| match number % 4 {
            0 => scene.inject(point(number), "signal=KILL", "apply"),
            _ => scene.run("apply"),
        });
        killed += codes.iter().filter(|code| **code != 0).count();
        let survivors = codes.iter().enumerate().filter(|(number, _)| number % 4 != 0);
        assert!(survivors.clone().all(|(_, code)| *code == 0), "{codes:?}");
        assert_eq!(scene.recover(), [], "who came later took back what was cut short");
        check_one_effect(&scene);
    }
    println!("of 128 heals {killed} were killed");
    assert!(killed > 8, "some were killed");
}

#[test]
fn of_many_heals_with_fixes_of_one_file_each_that_is_done_is_in_it() {
    if !can_trace() {
        return;
    }
    let scene = Scene::new();
    let log = scene.root().join("log.txt");
    fs::write(&log, "").expect("a file");
    let codes = at_once(24, |number| {
        let what = format!("append {number}.");
        // A third is slow between the last comparison and the publishing.
        match number % 3 {
            0 => scene.strace(
                &["-o", "/dev/null", "-e", "trace=renameat", "-e", "inject=renameat:delay_enter=20000"],
                &what,
            ),
            _ => scene.run(&what),
        }
    });
    let mut lines: Vec<String> =
        fs::read_to_string(&log).expect("a file").lines().map(str::to_owned).collect();
    lines.sort();
    let mut done: Vec<String> =
        (0..24).filter(|number| codes[*number] == 0).map(|number| format!("{number}.")).collect();
    done.sort();
    assert_eq!(lines, done, "an edit is in the file if, and only if, heal said that it is: {codes:?}");
    assert!(codes.iter().all(|code| matches!(code, 0 | 4)), "{codes:?}");
    assert!(!done.is_empty());
}
