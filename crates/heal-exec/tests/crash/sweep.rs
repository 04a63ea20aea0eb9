//! Kills the victim before each of its system calls that changes something, and fails each of its system calls.

use heal_model::ReceiptState;

use crate::scene::{Point, Scene, can_trace, on_each, points};
use crate::support::{Tree, recover};

/// System calls that change something, or that something is changed through.
pub(crate) const CHANGING: &str =
    "openat,write,fsync,fchown,fchmod,fsetxattr,renameat,renameat2,linkat,unlinkat,mkdirat,mkdir,flock";
/// System calls that only look.
const LOOKING: &str = "openat2,read,newfstatat,fstat,statx,getdents64,lseek,flistxattr,fgetxattr,readlink";

/// The tree before the plan and after it.
pub(crate) fn ends() -> (Tree, Tree) {
    (Scene::new().tree(), Scene::applied().tree())
}

/// After whatever happened: recovery makes the tree one of its two ends, and the journal can be read and used.
#[track_caller]
pub(crate) fn check_recovered(scene: &Scene, ends: &(Tree, Tree), context: &str) {
    let (before, after) = ends;
    scene.recover();
    let tree = scene.tree();
    assert!(tree == *before || tree == *after, "{context}: neither old nor new: {tree:#?}");
    let host = scene.host();
    assert_eq!(host.journal_doubts(), [], "{context}");
    let unfinished = host.log().iter().filter(|receipt| receipt.state == ReceiptState::Unfinished).count();
    assert_eq!(unfinished, 0, "{context}");
    assert_eq!(recover(&host), [], "{context}: recovery is done at once");
    if tree == *before {
        assert_eq!(scene.run("apply"), 0, "{context}: what was taken back can be applied");
        assert_eq!(scene.tree(), *after, "{context}");
    }
    assert_eq!(scene.run("undo"), 0, "{context}: what is applied can be undone");
    assert_eq!(scene.tree(), *before, "{context}");
}

/// Each file is as before or as after; only heal's own temporary files may stand beside.
#[track_caller]
pub(crate) fn check_whole(scene: &Scene, ends: &(Tree, Tree), context: &str) {
    for (path, found) in scene.tree() {
        let is_whole = ends.0.get(&path) == Some(&found) || ends.1.get(&path) == Some(&found);
        let is_beside = path.rsplit('/').next().is_some_and(|name| name.starts_with(".heal-"));
        assert!(is_whole || is_beside, "{context}: {path} is {found:?}");
    }
}

pub(crate) fn sweep_kills(what: &str, prepare: impl Fn() -> Scene + Sync) -> usize {
    let ends = ends();
    let points = points(&prepare(), CHANGING, what);
    on_each(&points, |(point, line)| {
        let scene = prepare();
        let context = format!("{what} killed before {line}");
        let code = scene.inject(point, "signal=KILL", what);
        assert_ne!(code, 0, "{context}: it was killed");
        check_whole(&scene, &ends, &context);
        check_recovered(&scene, &ends, &context);
    });
    points.len()
}

#[test]
fn killed_at_any_point_leaves_all_or_nothing() {
    if !can_trace() {
        return;
    }
    let apply = sweep_kills("apply", Scene::new);
    let undo = sweep_kills("undo", Scene::applied);
    println!("killed apply at {apply} points and undo at {undo}");
    assert!(apply > 40 && undo > 40, "the sweep tried something");
}

/// The system calls of apply that follow its publishing of each of the three files.
pub(crate) fn after_publishing() -> Vec<Point> {
    let steps = points(&Scene::new(), CHANGING, "apply");
    let is_publish = |line: &str| {
        line.contains("/project") && ["renameat", "unlinkat"].iter().any(|call| line.starts_with(call))
    };
    let next = |at: usize| steps.get(at + 1).map(|(point, _)| point.clone());
    let publishes = steps.iter().enumerate().filter(|(_, (_, line))| is_publish(line));
    let points: Vec<Point> = publishes.filter_map(|(at, _)| next(at)).collect();
    assert_eq!(points.len(), 3, "the plan publishes three files");
    points
}

#[test]
fn recovery_killed_at_any_point_goes_on_next_time() {
    if !can_trace() {
        return;
    }
    let crashes = after_publishing();
    let mut tried = 0;
    for crash in &crashes {
        tried += sweep_kills("recover", || {
            let scene = Scene::new();
            assert_ne!(scene.inject(crash, "signal=KILL", "apply"), 0);
            scene
        });
    }
    println!("killed recovery at {tried} points");
    assert!(tried > 60, "the sweep tried something");
}

#[test]
fn an_error_at_any_call_is_told_and_changes_nothing() {
    if !can_trace() {
        return;
    }
    let (before, after) = ends();
    let ends = (before, after);
    let mut tried = 0;
    for (what, prepare) in [("apply", Scene::new as fn() -> Scene), ("undo", Scene::applied)] {
        let points = points(&prepare(), &format!("{CHANGING},{LOOKING}"), what);
        let errors = ["EIO", "ENOSPC", "EINTR"];
        let cases: Vec<_> = points.iter().flat_map(|point| errors.map(|error| (point, error))).collect();
        tried += cases.len();
        on_each(&cases, |((point, line), error)| {
            let scene = prepare();
            let context = format!("{what} with {error} at {line}");
            let (old, new) = if what == "apply" { (&ends.0, &ends.1) } else { (&ends.1, &ends.0) };
            let code = scene.inject(point, &format!("error={error}"), what);
            assert!(code >= 0, "{context}: ended by signal {}", -code);
            assert_ne!(code, 101, "{context}: panicked");
            let expected = if code == 0 { new } else { old };
            assert_eq!(&scene.tree(), expected, "{context}: exit code {code}");
            scene.recover();
            assert_eq!(&scene.tree(), expected, "{context}: recovered, after exit code {code}");
            assert_eq!(scene.host().journal_doubts(), [], "{context}");
        });
    }
    println!("failed {tried} calls");
    assert!(tried > 300, "the sweep tried something");
}

#[test]
fn an_old_kernel_will_do() {
    if !can_trace() {
        return;
    }
    let ends = ends();
    let without =
        ["-o", "/dev/null", "-e", "trace=openat2,renameat2", "-e", "inject=openat2,renameat2:error=ENOSYS"];
    let scene = Scene::new();
    assert_eq!(scene.strace(&without, "apply"), 0);
    assert_eq!(scene.tree(), ends.1);
    assert_eq!(scene.strace(&without, "undo"), 0);
    assert_eq!(scene.tree(), ends.0);
}
