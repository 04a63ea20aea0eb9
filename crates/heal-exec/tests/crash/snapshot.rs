//! A folder that is kept whole is brought back whole, whenever heal is killed once it knows what the commands left.

use std::fs;
use std::os::unix::fs::symlink;

use heal_model::ReceiptState;

use crate::scene::{Point, Scene, can_trace, on_each, points};
use crate::support::Tree;
use crate::sweep::CHANGING;

/// What the command does to the folder before it fails.
const HAVOC: &str = "cd src; rm -r changed.txt bare link; mkdir -p changed.txt new/er; echo x > changed.txt/x; \
    echo y > new/er/y; ln -s y new/er/z; echo more >> deleted.txt; echo link > link; exit 1";

fn scene() -> Scene {
    let scene = Scene::new();
    fs::create_dir(scene.root().join("src/bare")).expect("a folder");
    symlink("deleted.txt", scene.root().join("src/link")).expect("a link");
    scene
}

/// The victim's words: it takes them apart at blanks, so the script is a file.
fn what(scene: &Scene) -> String {
    let script = scene.folder().join("havoc.sh");
    fs::write(&script, HAVOC).expect("a file");
    format!("snapshot sh {}", script.display())
}

fn killed(at: &Point) -> Scene {
    let scene = scene();
    let what = what(&scene);
    // How often heal looks at processes depends on the machine, so the last looks need not come about again.
    scene.inject(at, "signal=KILL", &what);
    scene
}

/// The tree is what it was; or a person is told of what could not be told from what somebody else has done.
#[track_caller]
fn check(scene: &Scene, before: &Tree, context: &str) {
    let is_known = is_known(scene);
    let recovered = scene.recover();
    let conflict = recovered.iter().find(|receipt| receipt.state == ReceiptState::Conflict);
    let is_conflict = conflict.is_some();
    if let Some(conflict) = conflict {
        let told = scene.host().diff_of(&conflict.id).expect("what was there and what is there is kept");
        assert!(!told.is_empty(), "{context}: a person can compare");
        for edit in told {
            let now = fs::read(scene.root().join(edit.path.as_str())).ok();
            assert_eq!(edit.content.after.as_deref(), now.as_deref(), "{context}: {}", edit.path);
        }
    }
    assert!(!(is_conflict && is_known), "{context}: what the command left is known");
    assert!(is_conflict || scene.tree() == *before, "{context}: {:#?}", scene.tree());
    assert_eq!(scene.recover(), [], "{context}: recovery is done at once");
    assert_eq!(scene.host().journal_doubts(), [], "{context}");
}

/// Whether it is written down what the command left.
fn is_known(scene: &Scene) -> bool {
    let repositories = fs::read_dir(scene.folder().join("state/heal/repos")).into_iter().flatten().flatten();
    let mut records = repositories.flat_map(|one| fs::read_dir(one.path().join("ops"))).flatten().flatten();
    records.any(|record| record.path().extension().is_some_and(|kind| kind == "failed"))
}

#[test]
fn killed_at_any_point_the_folder_is_brought_back() {
    if !can_trace() {
        return;
    }
    let before = scene().tree();
    let first = scene();
    let steps = points(&first, CHANGING, &what(&first));
    assert_eq!(first.tree(), before, "a command that fails changes nothing");
    let is_told = |line: &str| line.starts_with("renameat") && line.contains(".failed");
    let told = steps.iter().position(|(_, line)| is_told(line)).expect("what was left is written down");
    on_each(&steps, |(point, line)| check(&killed(point), &before, &format!("killed before {line}")));
    let back = &steps[told + 1..];
    println!("killed at {} points, {} of them on the way back", steps.len(), back.len());
    assert!(back.len() > 20, "the sweep tried something");
    recovery_goes_on(&before, back);
}

/// Cuts short the recovery of what was cut short on its way back.
fn recovery_goes_on(before: &Tree, back: &[(Point, String)]) {
    let crashes = back.iter().filter(|(_, line)| line.contains("/project")).step_by(12);
    let cases = crashes.flat_map(|(crash, _)| {
        points(&killed(crash), CHANGING, "recover").into_iter().map(move |(point, line)| (crash, point, line))
    });
    let cases: Vec<(&Point, Point, String)> = cases.collect();
    on_each(&cases, |(crash, point, line)| {
        let scene = killed(crash);
        let context = format!("recovery from {crash:?} killed before {line}");
        scene.inject(point, "signal=KILL", "recover");
        check(&scene, before, &context);
    });
    println!("killed recovery at {} points", cases.len());
    assert!(cases.len() > 200, "the sweep tried something");
}
