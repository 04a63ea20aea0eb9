//! Others at work at the same time: another heal, an editor, somebody who swaps a folder for a link, a full disk.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use heal_exec::{ApplyError, Warrant};

use crate::scene::{Scene, can_trace, points};
use crate::support::{PATIENCE, Project, await_that, plan};

#[test]
fn of_two_applies_one_wins_and_no_update_is_lost() {
    let edits = |mine: &str| plan(&[("count.txt", Some("0"), Some(mine))]);
    for _ in 0..20 {
        let project = Project::with(&[("count.txt", "0")]);
        let apply = |mine: &str| {
            project.host().apply(&edits(mine), &Warrant::none(), PATIENCE).map(|_| mine.to_owned())
        };
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(|| apply("1"));
            let two = scope.spawn(|| apply("2"));
            (one.join().expect("no panic"), two.join().expect("no panic"))
        });
        let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
        assert_eq!(project.text("count.txt"), Some(won.expect("one of them wins")));
        assert!(matches!(lost, Err(ApplyError::Stale { .. })), "the other is told: {lost:?}");
    }
}

#[test]
fn many_heals_lose_nothing() {
    let project = Project::with(&[("log.txt", "")]);
    let wins: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let project = &project;
                scope.spawn(move || {
                    (0..10).filter(|turn| append(project, &format!("{thread}.{turn}\n"))).count()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
    });
    let lines = project.text("log.txt").expect("it is there").lines().count();
    assert_eq!(lines, wins, "each apply that said it was done is in the file");
    assert!(wins >= 10);
}

fn append(project: &Project, line: &str) -> bool {
    let before = project.text("log.txt").expect("it is there");
    let after = format!("{before}{line}");
    let plan = plan(&[("log.txt", Some(&before), Some(&after))]);
    project.host().apply(&plan, &Warrant::none(), PATIENCE).is_ok()
}

#[test]
fn no_link_is_followed() {
    let outside = tempfile::TempDir::new().expect("a folder");
    fs::write(outside.path().join("theirs.txt"), "theirs").expect("a file");
    let project = Project::with(&[("a.txt", "a")]);
    let root = project.root();
    symlink(outside.path(), root.join("folder")).expect("a link");
    symlink(outside.path().join("theirs.txt"), root.join("file.txt")).expect("a link");
    symlink(outside.path().join("nothing.txt"), root.join("dangling.txt")).expect("a link");
    symlink("a.txt", root.join("inside.txt")).expect("a link");
    let before = project.tree();
    for (path, content) in [
        ("folder/theirs.txt", Some("theirs")),
        ("folder/new.txt", None),
        ("file.txt", Some("theirs")),
        ("file.txt", None),
        ("dangling.txt", None),
        ("inside.txt", Some("a")),
    ] {
        let error = project.apply(&[(path, content, Some("mine"))]).expect_err("a link");
        let said = "it is, or lies behind, a symbolic link, and heal does not follow links";
        assert_eq!(error.to_string(), format!("cannot change {path}: {said}"));
        assert_eq!(error.exit_code(), 4);
        assert_eq!(project.tree(), before);
    }
    let theirs = fs::read_to_string(outside.path().join("theirs.txt")).expect("it is there");
    assert_eq!(theirs, "theirs");
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 1);
}

/// Runs `meanwhile` while the victim hangs in the first call that lets a file of the project be seen.
fn while_publishing(call: &str, meanwhile: impl FnOnce(&Scene)) -> (Scene, i32) {
    let points = points(&Scene::new(), call, "apply");
    let publishing = points.iter().find(|(_, line)| line.contains("/project"));
    let number = publishing.expect("the plan publishes a file").0.number;
    let scene = Scene::new();
    let inject = format!("inject={call}:delay_enter=2000000:when={number}");
    let trace = format!("trace={call}");
    let code = std::thread::scope(|scope| {
        let run = scope.spawn(|| scene.strace(&["-o", "/dev/null", "-e", &trace, "-e", &inject], "apply"));
        meanwhile(&scene);
        run.join().expect("no panic")
    });
    (scene, code)
}

/// Waits until heal's temporary files stand beside: then the plan was compared, and nothing is published.
fn await_staged(scene: &Scene) {
    let folder = scene.root().join("src");
    await_that(|| {
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let is_staged = names.any(|name| name.starts_with(".heal-"));
        if is_staged { Ok(()) } else { Err("the victim did not come to write".to_owned()) }
    });
}

#[test]
fn a_file_that_appears_meanwhile_is_not_written_over() {
    if !can_trace() {
        return;
    }
    // The first publish makes a file; it hangs in the call itself, after the last comparison.
    let (scene, code) = while_publishing("renameat2", |scene| {
        await_staged(scene);
        fs::write(scene.root().join("made/by/heal.txt"), "theirs").expect("a file");
    });
    assert_eq!(code, 4);
    let text = |path: &str| fs::read_to_string(scene.root().join(path)).ok();
    assert_eq!(text("made/by/heal.txt").as_deref(), Some("theirs"));
    assert_eq!(text("src/changed.txt").as_deref(), Some("old\r\nline\r\n"));
    assert_eq!(text("src/deleted.txt").as_deref(), Some("kept in the journal\n"));
}

#[test]
fn a_folder_swapped_for_a_link_meanwhile_leads_nowhere() {
    if !can_trace() {
        return;
    }
    let outside = tempfile::TempDir::new().expect("a folder");
    fs::write(outside.path().join("changed.txt"), "old\r\nline\r\n").expect("a file");
    fs::write(outside.path().join("deleted.txt"), "kept in the journal\n").expect("a file");
    let (scene, code) = while_publishing("renameat2", |scene| {
        await_staged(scene);
        let root = scene.root();
        fs::rename(root.join("src"), root.join("moved")).expect("moved");
        symlink(outside.path(), root.join("src")).expect("a link");
    });
    assert_eq!(code, 4, "refused: the files are no longer where they were");
    for folder in [outside.path().to_owned(), scene.root().join("moved")] {
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 2, "{}", folder.display());
        let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
        assert_eq!(text("changed.txt").as_deref(), Some("old\r\nline\r\n"), "{}", folder.display());
        assert_eq!(text("deleted.txt").as_deref(), Some("kept in the journal\n"), "{}", folder.display());
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let mount = tempfile::TempDir::new().expect("a folder");
    let Some(_mounted) = Mounted::at(mount.path()) else {
        println!("skipped: a small file system can't be mounted here");
        return;
    };
    let (mut refused, mut done) = (0, 0);
    for free in (0..=64).step_by(4) {
        let scene = Scene::within(mount.path());
        let filler = scene.folder().join("filler");
        let before = scene.tree();
        fill(&filler, mount.path(), free * 1024);
        match scene.run("apply") {
            0 => done += 1,
            _ => {
                refused += 1;
                assert_eq!(scene.tree(), before, "{free} KiB free");
            }
        }
        fs::remove_file(filler).expect("there is room again");
        scene.recover();
        let after = scene.tree();
        assert!(after == before || after == Scene::applied().tree(), "{free} KiB free: {after:#?}");
    }
    println!("a disk with 0 to 64 KiB free: refused {refused} times, done {done} times");
    assert!(refused > 0 && done > 0, "the disk was too full, and was not");
}

struct Mounted<'a>(&'a Path);

impl<'a> Mounted<'a> {
    fn at(path: &'a Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=1m", "none"]).arg(path).stderr(std::process::Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(path))
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

/// Fills a file system up to so many bytes.
fn fill(filler: &Path, mount: &Path, free: u64) {
    use std::io::Write as _;
    let mut file = fs::File::create(filler).expect("a file");
    while file.write_all(&[0; 4096]).is_ok() {}
    drop(file);
    let full = fs::metadata(filler).expect("it is there").len();
    let file = fs::File::options().write(true).open(filler).expect("it is there");
    file.set_len(full.saturating_sub(free)).expect("it gets smaller");
    assert!(mount.is_dir());
}
