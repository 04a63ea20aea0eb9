//! Applies a fixed plan of three files in the working directory, with a command or without, or of a file and its sidecar,
//! adds a line to a file, takes what was done back, recovers, or trusts a playbook: what the crash tests kill, starve and trace. It prints nothing; its exit code says how it went.

use std::process::ExitCode;
use std::time::Duration;

use heal_exec::trust::{Closure, Store};
use heal_exec::{Host, Warrant};
use heal_model::{Bytes, Command, Diff, Edit, Fix, Invocation, Origin, Plan, RelPath, RuleId, World as _};

fn main() -> ExitCode {
    let Ok(host) = Host::find(None) else { return ExitCode::from(2) };
    let code = match std::env::args().nth(1).as_deref() {
        Some("apply") => apply(&host, &plan()),
        Some("run") => apply(&host, &Plan { fixes: vec![fix(std::env::args().skip(2))], ..plan() }),
        Some("snapshot") => apply(&host, &snapshot(std::env::args().skip(2))),
        Some("keep") => apply(&host, &keeping()),
        Some("append") => apply(&host, &appending(&host, std::env::args().skip(2))),
        Some("undo") => host.undo(None).map_or_else(|error| error.exit_code(), |_| 0),
        Some("recover") => host.recover().map_or_else(|error| error.exit_code(), |_| 0),
        Some("trust") => match Store::open(&host).and_then(|store| store.allow(&closure())) {
            Ok(_) => 0,
            Err(error) => error.exit_code(),
        },
        _ => 2,
    };
    ExitCode::from(code)
}

fn apply(host: &Host, plan: &Plan) -> u8 {
    let applied = host.apply(plan, &Warrant::none(), Duration::from_secs(100));
    applied.map_or_else(|error| error.exit_code(), |_| 0)
}

/// One file is made in a folder that is made for it, one is changed, one is deleted.
fn plan() -> Plan {
    let edits = vec![
        edit("made/by/heal.txt", None, Some("made\n")),
        edit("src/changed.txt", Some("old\r\nline\r\n"), Some("new\r\nline\r\n")),
        edit("src/deleted.txt", Some("kept in the journal\n"), None),
    ];
    Plan { edits, ..Plan::default() }
}

/// Runs a command.
fn fix(argv: impl Iterator<Item = String>) -> Fix {
    let command = Command::new(Invocation::Program(argv.collect()));
    Fix {
        commands: vec![command],
        ..Fix::new(RuleId::new("victim", "run"), Origin::Named("victim.yaml".to_owned()), "run")
    }
}

/// Keeps a folder whole, and runs a command.
fn snapshot(argv: impl Iterator<Item = String>) -> Plan {
    let folders = vec![RelPath::new("src").expect("it is inside the project")];
    Plan { fixes: vec![Fix { folders, ..fix(argv) }], ..Plan::default() }
}

/// A file is changed, and the sidecar that names its content with it.
fn keeping() -> Plan {
    let [old, new] = [
        "01d09d19c2139a46aebfb577780d123d7396e97201bc7ead210a2ebff8239dee  kept.txt\n",
        "7aa7a5359173d05b63cfd682e3c38487f3cb4f7f1d60659fe59fab1505977d4c  kept.txt\n",
    ];
    let edits = vec![
        edit("kept.txt", Some("old\n"), Some("new\n")),
        edit("kept.txt.sha256", Some(old), Some(new)),
        edit("src/changed.txt", Some("old\r\nline\r\n"), Some("new\r\nline\r\n")),
    ];
    Plan { edits, ..Plan::default() }
}

/// Adds a line to a file as it is now.
fn appending(host: &Host, words: impl Iterator<Item = String>) -> Plan {
    let path = "log.txt";
    let before = host.read(&RelPath::new(path).expect("it is inside the project")).ok().flatten();
    let before = before.and_then(|content| content.text().map(str::to_owned)).unwrap_or_default();
    let after = words.fold(before.clone(), |text, word| format!("{text}{word}\n"));
    Plan { edits: vec![edit(path, Some(&before), Some(&after))], ..Plan::default() }
}

fn closure() -> Closure {
    let playbook = ".heal/a.yaml".to_owned();
    Closure { playbook: playbook.clone(), files: [(playbook, Some(Bytes::from("heal: 1\n")))].into() }
}

fn edit(path: &str, before: Option<&str>, after: Option<&str>) -> Edit {
    let path = RelPath::new(path).expect("it is inside the project");
    let content = Diff { before: before.map(Bytes::from), after: after.map(Bytes::from) };
    Edit { path, content, executable: false, parts: Vec::new() }
}
