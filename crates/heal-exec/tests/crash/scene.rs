//! A project that the victim works on, and the ways to run the victim: bare, traced, killed, failed.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use heal_exec::{Homes, Host};
use heal_model::Receipt;
use tempfile::TempDir;

use crate::support::{Tree, recover, tree};

/// A folder with the victim's project and heal's state.
pub(crate) struct Scene {
    folder: TempDir,
}

impl Scene {
    /// The project as the victim's plan expects it.
    pub(crate) fn new() -> Self {
        // In memory where there is such a folder: thousands of syncs are faster there, and as many.
        let place = Path::new("/dev/shm");
        let place = if place.is_dir() { place.to_owned() } else { std::env::temp_dir() };
        Self::within(&place)
    }

    /// The same, at a place of the caller's choice.
    pub(crate) fn within(place: &Path) -> Self {
        let scene = Self { folder: TempDir::new_in(place).expect("a folder for the test") };
        fs::create_dir_all(scene.root().join(".git")).expect("a folder");
        fs::create_dir_all(scene.root().join("src")).expect("a folder");
        fs::write(scene.root().join("src/changed.txt"), "old\r\nline\r\n").expect("a file");
        fs::write(scene.root().join("src/deleted.txt"), "kept in the journal\n").expect("a file");
        scene
    }

    /// The same, after the victim has applied its plan.
    pub(crate) fn applied() -> Self {
        let scene = Self::new();
        assert_eq!(scene.run("apply"), 0, "the victim applies its plan");
        scene
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub(crate) fn tree(&self) -> Tree {
        tree(&self.root())
    }

    pub(crate) fn host(&self) -> Host {
        let state = Some(self.folder.path().join("state/heal"));
        let homes = Homes { config: None, state, home: None };
        Host::find_with(Some(&self.root()), homes).expect("the project is there")
    }

    /// Every operation that recovery dealt with, whole or not.
    pub(crate) fn recover(&self) -> Vec<Receipt> {
        recover(&self.host())
    }

    /// Runs the victim; gives its exit code, or minus the signal that ended it.
    pub(crate) fn run(&self, what: &str) -> i32 {
        self.strace(&[], what)
    }

    /// Runs the victim from a shell, after a line of that.
    pub(crate) fn after(&self, line: &str, what: &str) -> i32 {
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{line} \"$@\"",), "sh"])
            .arg(victim())
            .arg(what)
            .current_dir(self.root());
        command.env("XDG_STATE_HOME", self.folder.path().join("state"));
        code(command.stdin(Stdio::null()).stderr(Stdio::null()).status().expect("it can be run"))
    }

    /// Starts the victim with a command that it is to run.
    pub(crate) fn start(&self, script: &str) -> Child {
        let mut command = Command::new(victim());
        command.args(["run", "sh", "-c", script]).current_dir(self.root());
        command.env("XDG_STATE_HOME", self.folder.path().join("state"));
        command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().expect("it can be run")
    }

    /// Runs the victim under strace, if there are options for it.
    pub(crate) fn strace(&self, options: &[&str], what: &str) -> i32 {
        let mut command = match options {
            [] => Command::new(victim()),
            options => {
                let mut command = Command::new("strace");
                command.args(["-qq"]).args(options).arg("--").arg(victim());
                command
            }
        };
        command.args(what.split(' ')).current_dir(self.root());
        command.env("XDG_STATE_HOME", self.folder.path().join("state"));
        let status = command.stdin(Stdio::null()).stderr(Stdio::null()).status().expect("it can be run");
        code(status)
    }

    /// Runs the victim with one system call going wrong: `how` is strace's `signal=KILL` or `error=EIO`.
    pub(crate) fn inject(&self, point: &Point, how: &str, what: &str) -> i32 {
        let Point { call, number } = point;
        let (trace, inject) = (format!("trace={call}"), format!("inject={call}:{how}:when={number}"));
        self.strace(&["-o", "/dev/null", "-e", &trace, "-e", &inject], what)
    }

    /// Runs the victim and gives its system calls of these names, one a line, paths written out.
    pub(crate) fn trace(&self, calls: &str, more: &[&str], what: &str) -> (i32, String) {
        let log = self.folder.path().join("trace");
        let (path, calls) = (log.display().to_string(), format!("trace={calls}"));
        let mut options = vec!["-y", "-s", "4096", "-o", &path, "-e", &calls];
        options.extend(more);
        let code = self.strace(&options, what);
        (code, fs::read_to_string(log).expect("strace's log"))
    }

    /// The folder that heal's own and the project lie in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| -status.signal().unwrap_or(0))
}

/// One system call of a run: the so-and-so-many-th of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) call: String,
    pub(crate) number: usize,
}

/// Every system call of these names that a run makes, in order.
pub(crate) fn points(scene: &Scene, calls: &str, what: &str) -> Vec<(Point, String)> {
    let (code, log) = scene.trace(calls, &[], what);
    assert_eq!(code, 0, "the victim does its work when nothing goes wrong");
    let mut points: Vec<(Point, String)> = Vec::new();
    for line in log.lines() {
        let Some((call, _)) = line.split_once('(') else { continue };
        let number = points.iter().filter(|(point, _)| point.call == call).count() + 1;
        points.push((Point { call: call.to_owned(), number }, line.to_owned()));
    }
    points
}

/// Whether strace is there and may trace; where tools are required, it must.
pub(crate) fn can_trace() -> bool {
    let traced =
        Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let can = traced.is_ok_and(|status| status.success());
    assert!(
        can || std::env::var_os("HEAL_REQUIRE_TOOLS").is_none(),
        "strace is required, and can't trace here"
    );
    if !can {
        println!("skipped: strace is not installed or may not trace");
    }
    can
}

/// The program that is killed: an example of this crate, which `cargo test -p heal-exec` builds and `--test crash` alone
/// does not.
fn victim() -> PathBuf {
    let test = std::env::current_exe().expect("this test is a file");
    let folder = test.ancestors().nth(2).expect("tests lie in target/PROFILE/deps");
    let victim = folder.join("examples/victim");
    assert!(victim.exists(), "build the victim first: cargo build -p heal-exec --example victim");
    victim
}

/// Does something with each item, on every core.
pub(crate) fn on_each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    work(item);
                }
            });
        }
    });
}
