//! What it costs to let heal run a command, and to let it watch: `cargo bench -p heal --bench run`.
//!
//! Each case runs beside the same command bare, under `timeout` and under `script`, in turn, because a shared machine's
//! absolute times mean little and their differences a lot. What is not installed is left out.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark starts processes, makes files and prints what it measured"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const HEAL: &str = env!("CARGO_BIN_EXE_heal");
/// How often each way of running `true` is timed; the middle counts.
const RUNS: usize = 41;
/// How much a command prints that prints much.
const OUTPUT: &str = "yes 'compiling a crate of forty and some bytes' | head -c 1000000000";
/// How long the watching process is looked at.
const IDLE: Duration = Duration::from_secs(15);

fn main() {
    let home = tempfile::tempdir().expect("a temporary folder can be made");
    let ways = ways();
    println!("{:<28} {:>12} {:>12}", "command", "true", "1 GB printed");
    let truth = middles(&ways, home.path(), "true", RUNS);
    let output = middles(&ways, home.path(), OUTPUT, 3);
    for (way, (truth, output)) in ways.iter().zip(truth.iter().zip(&output)) {
        println!("{:<28} {:>9.2} ms {:>9.0} ms", way.0, ms(*truth), ms(*output));
    }
    watch(home.path());
}

/// A way of running a command: what it is called, and the words before the command.
type Way = (&'static str, Vec<&'static str>);

fn ways() -> Vec<Way> {
    let ways = [
        ("bare", vec!["sh", "-c"]),
        ("timeout 600", vec!["timeout", "600", "sh", "-c"]),
        ("script", vec!["script", "-qfc"]),
        ("heal run", vec![HEAL, "run", "--", "sh", "-c"]),
        ("heal run --retry 3", vec![HEAL, "run", "--retry", "3", "--", "sh", "-c"]),
    ];
    let is_there = |(_, words): &Way| Command::new(words[0]).arg("--version").output().is_ok();
    ways.into_iter().filter(is_there).collect()
}

/// The middle time of each way, run in turn.
fn middles(ways: &[Way], home: &Path, line: &str, runs: usize) -> Vec<Duration> {
    let mut times = vec![Vec::new(); ways.len()];
    for _ in 0..runs {
        for ((name, words), times) in ways.iter().zip(&mut times) {
            let mut command = Command::new(words[0]);
            command.args(&words[1..]).arg(line);
            if *name == "script" {
                command.arg("/dev/null");
            }
            command.current_dir(home).env("XDG_STATE_HOME", home.join("state"));
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let began = Instant::now();
            command.status().expect("it can be run");
            times.push(began.elapsed());
        }
    }
    times.iter_mut().for_each(|times| times.sort_unstable());
    times.iter().map(|times| times[times.len() / 2]).collect()
}

/// What watching a thousand files costs while nothing happens, with a look every five seconds.
fn watch(home: &Path) {
    let project = home.join("watched");
    for number in 0..1_000 {
        let folder = project.join(format!("d{}", number % 50));
        fs::create_dir_all(&folder).expect("the folder can be made");
        fs::write(folder.join(format!("f{number}.txt")), "fine\n").expect("the file can be written");
    }
    fs::create_dir_all(project.join(".git")).expect("the folder can be made");
    let rules = "heal: 1\nname: watched\nrules:\n  - id: broken\n    title: broken\n    \
        trigger: {file: {path: \"**/*.txt\", contains: BROKEN}}\n";
    fs::write(project.join("rules.yaml"), rules).expect("the playbook can be written");
    let mut heal = Command::new(HEAL);
    heal.args(["watch", "rules.yaml"]).current_dir(&project).env("XDG_STATE_HOME", home.join("state"));
    let mut heal = heal.stdout(Stdio::null()).spawn().expect("heal can be run");
    sleep(Duration::from_secs(2));
    let before = used(heal.id());
    sleep(IDLE);
    let after = used(heal.id());
    let memory = resident(heal.id());
    heal.kill().expect("it can be ended");
    heal.wait().expect("it has ended");
    let share = 100.0 * after.saturating_sub(before).as_secs_f64() / IDLE.as_secs_f64();
    println!("\nwatch, 1,000 files, nothing happens: {share:.2} % of one core, {memory} MiB");
}

/// How much time of the processor a process has used.
fn used(pid: u32) -> Duration {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = line.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// How many MiB of memory a process holds.
fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0).div_ceil(1024)
}

fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}
