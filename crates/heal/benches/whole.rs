//! Whole processes, as a person meets them: `cargo bench -p heal --bench whole`.
//!
//! Each case runs beside what it is compared with, in turn (A B A B …), because a shared machine's absolute
//! times mean little and their ratios a lot. A comparison whose program is not installed is left out and said so.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark starts processes, makes files and prints what it measured"
)]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const HEAL: &str = env!("CARGO_BIN_EXE_heal");
const RUNS: usize = 21;

fn main() {
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let bench = Bench { home: home.path().to_owned() };
    println!("{:<44} {:>10} {:>10} {:>7}   compared with", "case", "heal", "other", "ratio");
    bench.match_log();
    bench.list_log();
    bench.lint();
    bench.check_tree();
    bench.memory();
}

struct Bench {
    home: PathBuf,
}

impl Bench {
    fn match_log(&self) {
        let project = self.folder("log");
        let log = project.join("pytest.log");
        fs::write(&log, pytest_log(10 * 1024)).expect("the log can be written");
        let matching = self.heal(&project, &["match", "--exit", "1", "pytest.log"]);
        let version = self.heal(&project, &["--version"]);
        row("match, 10 KB pytest log, built-in playbooks", &matching, &version, "heal --version");
        row(
            "match, 10 KB pytest log, built-in playbooks",
            &matching,
            &Program::new("true", &[], &project),
            "true",
        );
    }

    /// Reading diagnostics, beside a search that finds as many lines and reads nothing in them.
    fn list_log(&self) {
        let project = self.folder("list");
        let log: String = (0..100_000)
            .map(|line| {
                format!("  Compiling part {line} of many\nsrc/a{line}.c:{line}:5: error: no 'x' here\n")
            })
            .collect();
        fs::write(project.join("make.log"), log).expect("the log can be written");
        let listing = self.heal(&project, &["match", "--list", "--format", "jsonl", "make.log"]);
        let search = Program::new("grep", &["-cE", "^[^:]+:[0-9]+:[0-9]+: error: .*$", "make.log"], &project);
        row("match --list, 100,000 errors of gcc", &listing, &search, "grep -cE");
    }

    fn lint(&self) {
        let project = self.folder("rules");
        fs::write(project.join("rules.yaml"), playbook(500)).expect("the playbook can be written");
        let lint = self.heal(&project, &["lint", "rules.yaml"]);
        let version = self.heal(&project, &["--version"]);
        row("lint, 500 rules", &lint, &version, "heal --version");
    }

    fn check_tree(&self) {
        let project = self.folder("tree");
        fs::create_dir_all(project.join(".git")).expect("the folder can be made");
        for folder in 0..100 {
            let folder = project.join(format!("context/part{folder:02}"));
            fs::create_dir_all(&folder).expect("the folder can be made");
            for file in 0..100 {
                fs::write(folder.join(format!("note{file:02}.md")), "# note\n")
                    .expect("the file can be written");
            }
        }
        let tiers = "heal: 1\nname: tree\nfiles:\n  - {path: 'context/**', tier: require, recover: [restore it]}\n\
                     \x20 - {path: '**/note42.md', tier: optional}\n";
        fs::write(project.join("tree.yaml"), tiers).expect("the playbook can be written");
        let check = self.heal(&project, &["check", "tree.yaml"]);
        let listing = Program::new("rg", &["--files"], &project);
        row("check, nothing to do, 10,000 files", &check, &listing, "rg --files");
    }

    fn memory(&self) {
        let project = self.folder("memory");
        for mebibytes in [64, 512] {
            let peak = self.peak_of_match(&project, mebibytes);
            println!("{:<44} {:>7} KiB", format!("match, peak memory, {mebibytes} MiB on stdin"), peak);
        }
        let long = self.peak_of_long_line(&project, 512);
        println!("{:<44} {:>7} KiB", "match, peak memory, one line of 512 MiB", long);
    }

    fn peak_of_match(&self, project: &Path, mebibytes: usize) -> u64 {
        let block = pytest_log(1024 * 1024);
        self.peak(project, |input| {
            for _ in 0..mebibytes {
                input.write_all(block.as_bytes()).expect("heal reads to the end");
            }
        })
    }

    fn peak_of_long_line(&self, project: &Path, mebibytes: usize) -> u64 {
        let block = vec![b'x'; 1024 * 1024];
        self.peak(project, |input| {
            for _ in 0..mebibytes {
                input.write_all(&block).expect("heal reads to the end");
            }
        })
    }

    /// The most memory, in KiB, that one `heal match` held while it was fed; read before its input ends.
    fn peak(&self, project: &Path, feed: impl FnOnce(&mut dyn Write)) -> u64 {
        let mut command = self.heal(project, &["match"]).command();
        let mut child = command.stdin(Stdio::piped()).spawn().expect("heal starts");
        let mut input = child.stdin.take().expect("its input is a pipe");
        feed(&mut input);
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        drop(input);
        child.wait().expect("heal ends");
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("VmHWM: 0 kB");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0)
    }

    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.home.join(name);
        fs::create_dir_all(&folder).expect("the folder can be made");
        folder
    }

    fn heal(&self, project: &Path, arguments: &[&str]) -> Program {
        let mut program = Program::new(HEAL, arguments, project);
        program.home = Some(self.home.join("home"));
        program
    }
}

struct Program {
    name: String,
    arguments: Vec<String>,
    folder: PathBuf,
    home: Option<PathBuf>,
}

impl Program {
    fn new(name: &str, arguments: &[&str], folder: &Path) -> Self {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { name: name.to_owned(), arguments, folder: folder.to_owned(), home: None }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.name);
        command.args(&self.arguments).current_dir(&self.folder).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some(home) = &self.home {
            command.env("HOME", home).env("XDG_STATE_HOME", home.join("state"));
            command.env("XDG_CONFIG_HOME", home.join("config"));
        }
        command
    }

    /// How long one run takes; `None` where the program is not there.
    fn run(&self) -> Option<Duration> {
        let empty = File::open("/dev/null").expect("there is a /dev/null");
        let start = Instant::now();
        self.command().stdin(empty).status().ok()?;
        Some(start.elapsed())
    }
}

fn row(case: &str, heal: &Program, other: &Program, name: &str) {
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        times.0.extend(heal.run());
        times.1.extend(other.run());
    }
    let (ours, theirs) = (median(times.0), median(times.1));
    let ratio = ours.zip(theirs).map(|(ours, theirs)| ours.as_secs_f64() / theirs.as_secs_f64());
    let ratio = ratio.map_or("not here".to_owned(), |ratio| format!("{ratio:.2}"));
    println!("{case:<44} {:>10} {:>10} {ratio:>7}   {name}", shown(ours), shown(theirs));
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort();
    times.get(times.len() / 2).copied()
}

fn shown(time: Option<Duration>) -> String {
    time.map_or("–".to_owned(), |time| format!("{:.2} ms", time.as_secs_f64() * 1000.0))
}

/// At least so many bytes of what a failing pytest prints.
fn pytest_log(bytes: usize) -> String {
    let mut log =
        "============================= test session starts ==============================\n".to_owned();
    let mut test = 0;
    while log.len() < bytes {
        test += 1;
        log.push_str(&format!(
            "tests/test_core.py::test_case_{test} PASSED                            [ {:>2}%]\n\
             INFO     core.engine:engine.py:{test} worker {test} took {} ms\n",
            test % 100,
            test * 7 % 1000
        ));
    }
    log.push_str(
        "E   ImportError: cannot import name 'AutonomyLevel' from 'core.autonomy' (core/autonomy.py)\n",
    );
    log
}

/// A playbook of so many rules.
fn playbook(rules: usize) -> String {
    let mut text = "heal: 1\nname: many\nrules:\n".to_owned();
    for rule in 0..rules {
        text.push_str(&format!(
            "  - id: rule-{rule}\n    title: '{{{{name}}}} is not known to part {rule}'\n    severity: high\n\
             \x20   trigger:\n      output: \"Error{rule}: cannot find '(?<name>\\\\w+)' in part {rule}\"\n\
             \x20   steps:\n      - guide: 'Look for {{{{name}}}} in part {rule}.'\n\
             \x20   tests:\n      - output: \"Error{rule}: cannot find 'x' in part {rule}\"\n"
        ));
    }
    text
}
