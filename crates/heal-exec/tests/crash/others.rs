//! What happens around a crash: a person goes on working, other heals start, trust is being kept.

use std::fs;

use heal_exec::Warrant;
use heal_exec::trust::{Closure, Status, Store};
use heal_model::{Bytes, ReceiptState};

use crate::scene::{Scene, can_trace, on_each, points};
use crate::support::{PATIENCE, plan};
use crate::sweep::{CHANGING, after_publishing};

#[test]
fn what_a_person_writes_after_a_crash_is_left_alone() {
    if !can_trace() {
        return;
    }
    let all_done = after_publishing().pop().expect("there are three");
    let scene = Scene::new();
    scene.inject(&all_done, "signal=KILL", "apply");
    fs::write(scene.root().join("src/changed.txt"), "mine").expect("a file");
    let [receipt] = &scene.recover()[..] else { panic!("one operation was cut short") };
    assert_eq!(receipt.state, ReceiptState::Conflict);
    let said = "src/changed.txt was changed by somebody else meanwhile and left as it is; its content before is kept";
    assert_eq!(receipt.notes, [said]);
    let text = |path: &str| fs::read_to_string(scene.root().join(path)).ok();
    assert_eq!(text("src/changed.txt").as_deref(), Some("mine"));
    assert_eq!(
        text("src/deleted.txt").as_deref(),
        Some("kept in the journal\n"),
        "the others are taken back"
    );
    assert_eq!(text("made/by/heal.txt"), None);
    let kept = scene.host().diff_of(&receipt.id).expect("kept");
    assert_eq!(kept[1].content.before, Some(Bytes::from("old\r\nline\r\n")));
    assert_eq!(scene.recover(), [], "a person was told once");
}

#[test]
fn what_was_not_reached_is_not_counted_as_changed() {
    if !can_trace() {
        return;
    }
    let [one_done, ..] = &after_publishing()[..] else { panic!("there are three") };
    let scene = Scene::new();
    scene.inject(one_done, "signal=KILL", "apply");
    fs::write(scene.root().join("src/changed.txt"), "mine").expect("a file");
    let [receipt] = &scene.recover()[..] else { panic!("one operation was cut short") };
    assert_eq!((receipt.state, receipt.notes.as_slice()), (ReceiptState::Recovered, &[][..]));
    let names: Vec<String> = scene.tree().into_keys().collect();
    assert_eq!(names, [".git", "src", "src/changed.txt", "src/deleted.txt"]);
    assert_eq!(fs::read_to_string(scene.root().join("src/changed.txt")).ok().as_deref(), Some("mine"));
}

#[test]
fn undo_after_a_crash_takes_back_what_was_cut_short_and_nothing_older() {
    if !can_trace() {
        return;
    }
    let all_done = after_publishing().pop().expect("there are three");
    let scene = Scene::new();
    let before = scene.tree();
    let older = plan(&[("older.txt", None, Some("older"))]);
    let older = scene.host().apply(&older, &Warrant::none(), PATIENCE).expect("applied");
    scene.inject(&all_done, "signal=KILL", "apply");
    let [cut] = &scene.host().cut_short()[..] else { panic!("one operation was cut short") };
    let said = format!("operation {} was cut short, and was taken back", cut.id);
    let error = scene.host().undo(None).expect_err("it is taken back, and no other");
    assert_eq!((error.to_string(), error.exit_code(), error.next()), (said, 0, Some(older.id.as_str())));
    assert_eq!(scene.host().cut_short(), []);
    let mut tree = scene.tree();
    assert!(tree.remove("older.txt").is_some());
    assert_eq!(tree, before);
    let error = scene.host().undo(None).expect_err("nor is the older one taken back later");
    let said = format!("operation {} was cut short, and was taken back then", cut.id);
    assert_eq!((error.to_string(), error.exit_code(), error.next()), (said, 4, Some(older.id.as_str())));
}

#[test]
fn trust_killed_at_any_point_is_whole_or_not_there() {
    if !can_trace() {
        return;
    }
    let playbook = ".heal/a.yaml".to_owned();
    let text = Some(Bytes::from("heal: 1\n"));
    let closure = Closure { playbook: playbook.clone(), files: [(playbook, text)].into() };
    let points = points(&Scene::new(), CHANGING, "trust");
    on_each(&points, |(point, line)| {
        let scene = Scene::new();
        assert_ne!(scene.inject(point, "signal=KILL", "trust"), 0);
        let status = |scene: &Scene| Store::open(&scene.host()).expect("a store").status(&closure);
        assert!(matches!(status(&scene), Status::New | Status::Trusted), "killed before {line}");
        assert_eq!(scene.run("trust"), 0, "killed before {line}");
        assert_eq!(status(&scene), Status::Trusted, "killed before {line}");
    });
    println!("killed trust at {} points", points.len());
    assert!(points.len() > 20, "the sweep tried something");
}
