//! What recording costs `heal run`: the same command in two projects that differ in `store_new_patterns` alone.
//!
//! `cargo bench -p heal --bench record`. Each project is a repository of a thousand files. The command fails with ten
//! complaints that name ten files, or passes; the runs take turns, and the middle one counts.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark runs commands, takes the time and prints it"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const HEAL: &str = env!("CARGO_BIN_EXE_heal");
/// How often each command is run in each project.
const RUNS: usize = 41;
const FAILS: &str =
    "for n in 0 1 2 3 4 5 6 7 8 9; do echo \"d$n/f$n.c:1:5: error: 'x$n' undeclared\"; done; exit 1";

fn main() {
    let home = tempfile::tempdir().expect("a folder can be made");
    let projects = [("recorded", true), ("not recorded", false)];
    for (name, stores) in projects {
        make(&home.path().join(name), stores);
    }
    println!("{:<22} {:>12} {:>14} {:>12}", "", "recorded", "not recorded", "difference");
    let commands =
        [("fails as before", FAILS, false), ("fails anew", FAILS, true), ("passes", "true", false)];
    for (what, line, is_new) in commands {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..RUNS {
            for ((name, _), times) in projects.iter().zip(&mut times) {
                let project = home.path().join(name);
                if is_new {
                    let text = format!("int a = x{round};\n");
                    fs::write(project.join("d0/f0.c"), text).expect("the file can be written");
                }
                times.push(run(&project, &home.path().join(format!("{name} state")), line));
            }
        }
        let [with, without] = times.map(middle);
        let difference = with - without;
        println!("{what:<22} {with:>9.2} ms {without:>11.2} ms {difference:>9.2} ms");
    }
}

/// A repository of a thousand files.
fn make(project: &Path, stores: bool) {
    let write = |path: &Path, text: &str| {
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    };
    for number in 0..1_000 {
        let path = project.join(format!("d{}/f{number}.c", number % 10));
        write(&path, &format!("int a = x{number};\n").repeat(20));
    }
    let settings = format!("learning: {{store_new_patterns: {stores}}}\n");
    write(&project.join(".heal/config.yaml"), &settings);
    for arguments in ["init -q", "add .", "-c user.name=a -c user.email=a@example.org commit -qm one"] {
        let mut git = Command::new("git");
        let status = git.args(arguments.split(' ')).current_dir(project).status().expect("git can be run");
        assert!(status.success(), "git {arguments}");
    }
}

fn run(project: &Path, state: &Path, line: &str) -> Duration {
    let mut heal = Command::new(HEAL);
    heal.args(["run", "--", "sh", "-c", line]).current_dir(project).env("XDG_STATE_HOME", state);
    heal.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    heal.status().expect("it can be run");
    began.elapsed()
}

/// The middle one, in milliseconds.
fn middle(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}
