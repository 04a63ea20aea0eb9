//! Holds the order of system calls against the rules that make a write survive a power cut: a kill can't show that
//! a sync is missing, the trace can.

use crate::events::{CALLS, Event, events, parent};
use crate::scene::{Scene, can_trace, points};

/// Every rule that a trace breaks, in words.
fn broken(events: &[Event], scene: &Scene) -> Vec<String> {
    let root = scene.root().display().to_string();
    let is_of_tree = |path: &str| path.starts_with(&root);
    let mut broken = Vec::new();
    let synced = |path: &str, from: usize, to: usize| {
        events[from..to].iter().any(|e| matches!(e, Event::Sync { path: p, done: true } if p == path))
    };
    let record = |suffix: &str| {
        let is = |e: &Event| matches!(e, Event::Rename { to, .. } if to.ends_with(suffix));
        events.iter().position(is).unwrap_or_else(|| panic!("no {suffix} is written"))
    };
    let (intent, commit) = (record(".intent"), record(".commit"));
    let ops = match &events[intent] {
        Event::Rename { to, .. } => parent(to).to_owned(),
        other => panic!("{other:?}"),
    };
    for (at, event) in events.iter().enumerate() {
        if let Event::Rename { from, to } = event {
            let written = events[..at].iter().rposition(|e| matches!(e, Event::Write(p) if p == from));
            if !synced(from, written.unwrap_or(0), at) {
                broken.push(format!("{to} was published before its content was on the disk"));
            }
            if to.contains("/blobs/") && !synced(parent(to), at, intent) {
                broken.push(format!("{to} was not on the disk before the intent"));
            }
        }
        let changed = match event {
            Event::Rename { to: path, .. } | Event::Unlink(path) | Event::MakeFolder(path) => path,
            Event::Open { path, flags } => {
                if flags.contains("O_TRUNC") || (flags.contains("O_WRONLY") && !is_exclusive(path, flags)) {
                    broken.push(format!("{path} was opened to be written in place"));
                }
                continue;
            }
            Event::Write(_) | Event::Sync { .. } => continue,
        };
        if is_of_tree(changed) {
            if !synced(&ops, intent, at) {
                broken.push(format!("{changed} changed before the intent was on the disk"));
            }
            let is_gone = events[at + 1..commit].contains(&Event::Unlink(parent(changed).to_owned()));
            if at < commit && !is_gone && !synced(parent(changed), at, commit) {
                broken.push(format!("{changed} was not on the disk before the commit"));
            }
        }
    }
    if !synced(&ops, commit, events.len()) {
        broken.push("the commit was not on the disk at the end".to_owned());
    }
    broken
}

/// Files are written under a name that was free. The lock is never written in.
fn is_exclusive(path: &str, flags: &str) -> bool {
    flags.contains("O_EXCL") || path.ends_with("/lock")
}

#[test]
fn every_step_is_on_the_disk_before_the_next() {
    if !can_trace() {
        return;
    }
    for (what, scene, most) in [("apply", Scene::new(), 12), ("undo", Scene::applied(), 12)] {
        let (code, log) = scene.trace(CALLS, &[], what);
        assert_eq!(code, 0);
        let events = events(&log);
        assert_eq!(broken(&events, &scene), [""; 0], "{what}: {log}");
        let syncs = events.iter().filter(|event| matches!(event, Event::Sync { .. })).count();
        println!("{what} of 3 files in 2 folders, 2 of them made: {syncs} syncs");
        assert!(
            syncs <= most,
            "{what}: {syncs} syncs for three files, of which 2 F + 6 = {most} are allowed"
        );
    }
}

#[test]
fn a_trace_without_a_sync_is_noticed() {
    if !can_trace() {
        return;
    }
    let scene = Scene::new();
    let (_, log) = scene.trace(CALLS, &[], "apply");
    let events = events(&log);
    let syncs = events.iter().enumerate().filter(|(_, event)| matches!(event, Event::Sync { .. }));
    let unnoticed: Vec<usize> = syncs
        .map(|(at, _)| at)
        .filter(|at| {
            let mut events = events.clone();
            events.remove(*at);
            broken(&events, &scene).is_empty()
        })
        .collect();
    assert_eq!(unnoticed, [0; 0], "each sync of the protocol is there for a rule");
}

#[test]
fn nothing_is_synced_again_after_the_disk_has_failed() {
    if !can_trace() {
        return;
    }
    for (what, prepare) in [("apply", Scene::new as fn() -> Scene), ("undo", Scene::applied)] {
        let syncs = points(&prepare(), "fsync", what).len();
        for number in 1..=syncs {
            let scene = prepare();
            let inject = format!("inject=fsync:error=EIO:when={number}");
            let (code, log) = scene.trace(CALLS, &["-e", &inject], what);
            assert_ne!(code, 0, "{what}: sync {number} failed");
            let events = events(&log);
            let failed = events.iter().position(|e| matches!(e, Event::Sync { done: false, .. }));
            let failed = failed.expect("one sync failed");
            let again = events[failed + 1..].iter().any(|event| matches!(event, Event::Sync { .. }));
            assert!(!again, "{what}: synced again after sync {number} failed: {log}");
        }
        println!("{what}: failed each of {syncs} syncs");
    }
}
