use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;
use std::{fmt, fs};

use heal_model::{Breaker, RelPath, Time, spoken};
use rustix::time::{ClockId, clock_gettime};

use crate::hash::sha256;
use crate::lock::Lock;
use crate::retry::circuit::{Circuit, Moment, Prober, Says};
use crate::state::{State, StateError, open_folder, private};
use crate::{Host, process_table, seal, sys};

/// The version of a breaker's file.
const VERSION: u32 = 1;
/// How long to wait for a breaker that another process is just looking at.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a breaker says to somebody who wants to try a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Go ahead.
    Closed,
    /// Go ahead, as the only one: whether this try passes decides whether it closes.
    Probe,
    /// Too many tries have failed one after the other.
    Open {
        /// How many.
        failures: u32,
        /// How long it stays open.
        until: Until,
    },
}

/// How long an open breaker stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// For so long.
    Over(Duration),
    /// While the process with this pid tries whether it may close.
    Tried(u32),
}

impl fmt::Display for Until {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Over(left) => write!(out, "it may be tried again in {}", spoken(*left)),
            Self::Tried(pid) => write!(out, "process {pid} tries it just now"),
        }
    }
}

/// The name of a command's breaker: where it runs, and its words.
#[must_use]
pub fn breaker_name(cwd: Option<&RelPath>, argv: &[String]) -> String {
    format!("{}\0{}", cwd.map_or(".", RelPath::as_str), argv.join("\0"))
}

impl Host {
    /// Asks a breaker, by its command's or rule's name, whether there may be a try now.
    ///
    /// A breaker whose file is damaged is closed: it is there to spare work, and not worth failing for.
    ///
    /// # Errors
    /// When heal's folder can't be used.
    pub fn ask_breaker(&self, name: &str, policy: Breaker) -> Result<Gate, StateError> {
        self.with_circuit(name, |circuit| {
            let says = circuit.ask(policy, prober(), lives);
            match says {
                Says::Closed => Gate::Closed,
                Says::Probe => Gate::Probe,
                Says::Open(left) => Gate::Open { failures: circuit.failures, until: Until::Over(left) },
                Says::Probing(pid) => Gate::Open { failures: circuit.failures, until: Until::Tried(pid) },
            }
        })
    }

    /// Whether a breaker's file can't be used, so that it counts as closed.
    #[must_use]
    pub fn is_breaker_damaged(&self, name: &str) -> bool {
        let file = |state: State| state.folder().join("breakers").join(sha256(name.as_bytes()));
        self.state_if_any().map(file).is_some_and(|path| read(&path).is_err())
    }

    /// Tells a breaker how a try ended; gives after how many failures it is open now, if it is.
    ///
    /// # Errors
    /// When heal's folder can't be used.
    pub fn tell_breaker(&self, name: &str, policy: Breaker, passed: bool) -> Result<Option<u32>, StateError> {
        self.with_circuit(name, |circuit| {
            circuit.note(policy, passed, moment());
            circuit.opened.is_some().then_some(circuit.failures)
        })
    }

    /// Reads a breaker's state, changes it, and writes it, as the only process that does.
    fn with_circuit<T>(&self, name: &str, change: impl FnOnce(&mut Circuit) -> T) -> Result<T, StateError> {
        let state = self.state()?;
        let folder = state.folder().join("breakers");
        private(&folder)?;
        let _lock = lock(&state)?;
        let file = sha256(name.as_bytes());
        let path = folder.join(&file);
        let known = read(&path);
        let mut circuit = Circuit { v: VERSION, ..known.clone().unwrap_or_default().unwrap_or_default() };
        let before = circuit.clone();
        let result = change(&mut circuit);
        if known.is_err() || circuit != before {
            let text = seal::seal(&circuit).expect("a circuit is JSON");
            let written =
                open_folder(&folder).and_then(|folder| sys::write_over(&folder, &file, text.as_bytes()));
            let failed = |source| StateError::Folder { path: path.display().to_string(), source };
            written.map_err(failed)?;
        }
        Ok(result)
    }
}

/// A breaker's state that was torn, changed or can't be read.
#[derive(Clone, Copy, Debug)]
struct Damaged;

/// Reads a breaker's state; nothing where it has none yet.
fn read(path: &Path) -> Result<Option<Circuit>, Damaged> {
    match fs::read(path) {
        Ok(text) => seal::open(&String::from_utf8_lossy(&text), VERSION).map(Some).map_err(|_| Damaged),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(_) => Err(Damaged),
    }
}

fn lock(state: &State) -> Result<Lock, StateError> {
    let path = state.folder().join("breakers").join("lock");
    let failed = |source| StateError::Folder { path: path.display().to_string(), source };
    let file = fs::File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    Lock::take(file, PATIENCE).map_err(failed)?.ok_or(StateError::Busy)
}

fn moment() -> Moment {
    let time = clock_gettime(ClockId::Boottime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let milliseconds = u64::try_from(time.tv_nsec / 1_000_000).unwrap_or(0);
    Moment { boot: process_table::boot(), at: seconds.saturating_mul(1000).saturating_add(milliseconds) }
}

fn prober() -> Prober {
    let pid = std::process::id();
    Prober { pid, started: started(pid), since: moment() }
}

fn lives(prober: &Prober) -> bool {
    prober.started.is_some_and(|started| process_table::same(prober.pid, Time(started)).is_some())
}

fn started(pid: u32) -> Option<i64> {
    process_table::process(pid).map(|process| process.started.0)
}
