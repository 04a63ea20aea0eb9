//! A file and its sidecar change together: whenever heal is killed, the sidecar names what the file holds.

use std::fs;

use heal_model::ReceiptState;
use sha2::{Digest as _, Sha256};

use crate::scene::{Point, Scene, can_trace, on_each, points};
use crate::support::{Tree, tree};
use crate::sweep::CHANGING;

fn sum(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn kept() -> Scene {
    let scene = Scene::new();
    fs::write(scene.root().join("kept.txt"), "old\n").expect("a file");
    fs::write(scene.root().join("kept.txt.sha256"), format!("{}  kept.txt\n", sum("old\n"))).expect("a file");
    scene
}

fn changed() -> Scene {
    let scene = kept();
    assert_eq!(scene.run("keep"), 0);
    scene
}

/// The sidecar names the file's content, as a reader finds both at this moment.
#[track_caller]
fn check_named(scene: &Scene, context: &str) {
    let read = |name: &str| fs::read_to_string(scene.root().join(name)).expect("it is there");
    let (content, sidecar) = (read("kept.txt"), read("kept.txt.sha256"));
    assert!(["old\n", "new\n"].contains(&content.as_str()), "{context}: {content:?}");
    let hashes: Vec<&str> = sidecar.lines().filter_map(|line| line.split("  ").next()).collect();
    assert!(hashes.contains(&sum(&content).as_str()), "{context}: {content:?} is none of {sidecar:?}");
}

/// Kills at each system call; then once more at each one of the recovery of some of those.
fn sweep(what: &str, prepare: fn() -> Scene, ends: &[Tree; 2]) -> usize {
    let points = points(&prepare(), CHANGING, what);
    on_each(&points, |(point, line)| {
        let scene = prepare();
        let context = format!("{what} killed before {line}");
        assert_ne!(scene.inject(point, "signal=KILL", what), 0, "{context}");
        check_named(&scene, &context);
        scene.recover();
        check_end(&scene, ends, &context);
    });
    points.len() + sweep_recovery(what, prepare, ends, &points)
}

#[track_caller]
fn check_end(scene: &Scene, ends: &[Tree; 2], context: &str) {
    assert!(ends.contains(&tree(&scene.root())), "{context}: {:#?}", scene.tree());
    let is_open = |state: ReceiptState| matches!(state, ReceiptState::Unfinished | ReceiptState::Conflict);
    assert!(!scene.host().log().iter().any(|one| is_open(one.state)), "{context}");
}

fn sweep_recovery(what: &str, prepare: fn() -> Scene, ends: &[Tree; 2], first: &[(Point, String)]) -> usize {
    // After each call that let a content be seen, the way back is another.
    let seen =
        first.windows(2).filter(|pair| pair[0].1.starts_with("renameat") && pair[0].1.contains("/project"));
    let crashes: Vec<Point> = seen.map(|pair| pair[1].0.clone()).collect();
    assert_eq!(crashes.len(), 4, "a sidecar twice, two files");
    let crashed = |crash: &Point| {
        let scene = prepare();
        assert_ne!(scene.inject(crash, "signal=KILL", what), 0);
        scene
    };
    let cases = crashes.iter().flat_map(|crash| {
        points(&crashed(crash), CHANGING, "recover")
            .into_iter()
            .map(move |(point, line)| (crash, point, line))
    });
    let cases: Vec<(&Point, Point, String)> = cases.collect();
    on_each(&cases, |(crash, point, line)| {
        let scene = crashed(crash);
        let context = format!("recovery of {what} at {crash:?} killed before {line}");
        assert_ne!(scene.inject(point, "signal=KILL", "recover"), 0, "{context}");
        check_named(&scene, &context);
        scene.recover();
        check_end(&scene, ends, &context);
    });
    cases.len()
}

#[test]
fn killed_at_any_point_the_sidecar_names_what_the_file_holds() {
    if !can_trace() {
        return;
    }
    let ends = [kept().tree(), changed().tree()];
    let (apply, undo) = (sweep("keep", kept, &ends), sweep("undo", changed, &ends));
    println!("killed a change of a file with a sidecar at {apply} points, taking it back at {undo}");
    assert!(apply > 100 && undo > 100, "the sweep tried something");
}

#[test]
fn a_call_that_fails_leaves_the_file_and_its_sidecar_as_they_were() {
    if !can_trace() {
        return;
    }
    let ends = [kept().tree(), changed().tree()];
    for (what, prepare, from) in [("keep", kept as fn() -> Scene, 0), ("undo", changed, 1)] {
        let points = points(&prepare(), CHANGING, what);
        on_each(&points, |(point, line)| {
            let scene = prepare();
            let context = format!("{what} with EIO at {line}");
            let code = scene.inject(point, "error=EIO", what);
            assert!(code >= 0 && code != 101, "{context}: {code}");
            let end = if code == 0 { 1 - from } else { from };
            assert_eq!(scene.tree(), ends[end], "{context}: {code}");
        });
        println!("failed {} calls of {what}", points.len());
    }
}
