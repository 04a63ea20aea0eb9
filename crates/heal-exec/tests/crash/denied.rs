//! What the system denies: permission, memory, descriptors; and old contents that are pruned while heal is killed.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use crate::scene::{Scene, can_trace};
use crate::sweep::{check_recovered, ends, sweep_kills};

/// A user without rights of its own.
const NOBODY: u32 = 65534;

/// Gives everything below a folder to somebody.
fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).expect("root may give files away");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder").flatten() {
            give(&entry.path(), user);
        }
    }
}

#[test]
fn what_may_not_be_written_is_refused_before_anything_changes() {
    let as_nobody = format!("exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups --");
    let tried = Scene::new();
    give(tried.folder(), NOBODY);
    if tried.after(&as_nobody, "recover") != 0 {
        println!("skipped: only root can become another user");
        return;
    }
    let cases: [(&str, u32); 6] = [
        ("src/changed.txt", 0o444),
        ("src/changed.txt", 0o000),
        ("src", 0o555),
        ("src", 0o000),
        ("", 0o555),
        ("../state", 0o555),
    ];
    for (path, mode) in cases {
        let scene = Scene::new();
        fs::create_dir_all(scene.folder().join("state")).expect("a folder");
        give(scene.folder(), NOBODY);
        let before = scene.tree();
        let place = scene.root().join(path);
        let usual = fs::metadata(&place).expect("it is there").permissions();
        fs::set_permissions(&place, fs::Permissions::from_mode(mode)).expect("a mode");
        assert_eq!(scene.after(&as_nobody, "apply"), 4, "{path} with mode {mode:o}");
        fs::set_permissions(&place, usual).expect("a mode");
        assert_eq!(scene.tree(), before, "{path} with mode {mode:o}");
        assert_eq!(scene.after(&as_nobody, "apply"), 0, "{path} with its mode again");
    }
    println!("refused {} times", cases.len());
}

#[test]
fn with_little_memory_or_few_descriptors_it_is_all_or_nothing() {
    let ends = ends();
    let memory = [4, 8, 12, 16, 20, 24, 32, 48, 64, 128, 256]
        .map(|mebibytes| format!("ulimit -v {}; exec", mebibytes << 10));
    let descriptors = (4..16).map(|count| format!("ulimit -n {count}; exec"));
    let (mut failed, mut done) = (0, 0);
    for limit in memory.into_iter().chain(descriptors) {
        let scene = Scene::new();
        let code = scene.after(&limit, "apply");
        assert_ne!(code, 101, "{limit}: no panic");
        assert!(code != 0 || scene.tree() == ends.1, "{limit}: it said that all is done");
        *(if code == 0 { &mut done } else { &mut failed }) += 1;
        check_recovered(&scene, &ends, &limit);
    }
    println!("with too little it failed {failed} times, with enough it was done {done} times");
    assert!(failed > 0 && done > 0, "there was too little, and there was enough");
}

#[test]
fn pruning_killed_at_any_point_takes_nothing_that_is_needed() {
    if !can_trace() {
        return;
    }
    let tried = sweep_kills("apply", || {
        let scene = Scene::applied();
        assert_eq!(scene.run("undo"), 0);
        let repos = fs::read_dir(scene.folder().join("state/heal/repos")).expect("the state's folder");
        let blobs = repos.flatten().next().expect("one project").path().join("blobs");
        for number in 0..203 {
            fs::write(blobs.join(format!("0000000{number:03}")), "old").expect("a file");
        }
        scene
    });
    println!("killed an apply that prunes at {tried} points");
    assert!(tried > 50, "the sweep tried something");
}
