use heal_model::{
    Holder, Process, ProcessOf, ProcessState, ProcessTrigger, RelPath, Running, Template, Time,
};

use super::look::Look;
use super::paths::Paths;
use super::spot::{Captures, Spot};
use super::time::time;

/// How much later than its pid file a process may have started and still be the one that wrote it, and how far off a
/// recorded start may be: clocks of file systems are coarse, and the kernel tells a start to the second.
const TOLERANCE: i64 = 2_000;

/// The process that adopts those whose own parent has ended.
const FIRST: u32 = 1;

impl Look<'_> {
    /// The processes that the trigger means, where they are in the state that it asks for.
    pub(crate) fn process(&mut self, trigger: &ProcessTrigger, given: &Captures) -> Vec<Spot> {
        match &trigger.of {
            ProcessOf::PidFile(file) => {
                let files = match self.paths(file, given) {
                    None => Vec::new(),
                    Some(Paths::One(path)) => vec![path],
                    Some(Paths::Fitting(paths)) => paths,
                };
                files.iter().filter_map(|file| self.named(file, trigger.is)).collect()
            }
            ProcessOf::Holder(holder) => self.holder(holder, trigger.is, given).into_iter().collect(),
            ProcessOf::Running(running) => self.running(running, trigger.is, given),
        }
    }

    /// A pid file, where its process is in this state.
    fn named(&mut self, path: &RelPath, wanted: ProcessState) -> Option<Spot> {
        let content = self.known(self.world.read(path))??;
        let stat = self.known(self.world.stat(path))??;
        let text = String::from_utf8_lossy(&content);
        let digits = text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty());
        let Some(pid) = digits.and_then(|digits| digits.parse::<u32>().ok()).filter(|pid| *pid > 0) else {
            self.doubt(format!("{path} holds no pid"));
            return None;
        };
        let latest = Time(stat.modified.0.saturating_add(TOLERANCE));
        let spot = self.spot(pid, wanted, |process| process.started <= latest)?;
        Some(spot.with("file", path.as_str()))
    }

    /// A recorded process, where it is in this state.
    fn holder(&mut self, holder: &Holder, wanted: ProcessState, given: &Captures) -> Option<Spot> {
        let machine = self.world.machine();
        if let Some(host) = self.filled_of(holder.host.as_ref(), given)?
            && machine.name.as_ref() != Some(&host)
        {
            self.doubt(format!("whether a process of the machine {host} runs can only be told there"));
            return None;
        }
        let text = self.filled(&holder.pid, given)?;
        let Some(pid) = text.trim().parse::<u32>().ok().filter(|pid| *pid > 0) else {
            self.doubt(format!("`{text}` is no pid"));
            return None;
        };
        if let Some(boot) = self.filled_of(holder.boot.as_ref(), given)? {
            let Some(this) = machine.boot else {
                self.doubt(
                    "this machine has no id of its start, so no pid can be told to be of it".to_owned(),
                );
                return None;
            };
            if boot != this {
                return fits(wanted, ProcessState::Dead).then(|| found(pid, None));
            }
        }
        let Some(started) = self.filled_of(holder.started.as_ref(), given)? else {
            return self.spot(pid, wanted, |_| true);
        };
        let Some(started) = time(&started) else {
            self.doubt(format!("`{started}` is not a time that a process started at"));
            return None;
        };
        self.spot(pid, wanted, |process| (process.started.0 - started.0).abs() <= TOLERANCE)
    }

    /// Every process that is like this and in this state; one finding without a pid where none may be, and none is.
    fn running(&mut self, running: &Running, wanted: ProcessState, given: &Captures) -> Vec<Spot> {
        let Some(within) = self.filled_of(running.within.as_ref(), given) else { return Vec::new() };
        let Some(port) = self.filled_of(running.listens.as_ref(), given) else { return Vec::new() };
        let mut processes = self.world.processes();
        if let Some(port) = port {
            let Ok(port) = port.trim().parse() else {
                self.doubt(format!("`{port}` is no port"));
                return Vec::new();
            };
            let listeners = self.world.listeners(port);
            processes.retain(|pid, _| listeners.contains(pid));
        }
        if let Some(within) = within {
            processes.retain(|_, process| lies_in(process, within.trim_end_matches('/')));
        }
        if let Some(pattern) = &running.name {
            let Some(pattern) = self.compiled(pattern) else { return Vec::new() };
            processes.retain(|_, process| self.search(&pattern, process.name.as_bytes()).is_some());
        }
        if matches!(wanted, ProcessState::Dead | ProcessState::Gone) {
            return if processes.is_empty() { vec![Spot::default()] } else { Vec::new() };
        }
        let running = processes.into_iter().filter(|(_, process)| fits(wanted, state(process)));
        running.map(|(pid, process)| found(pid, Some(&process))).collect()
    }

    /// The process with a pid, where it is in this state; `is_it` tells it from another that has the pid now.
    fn spot(&self, pid: u32, wanted: ProcessState, is_it: impl Fn(&Process) -> bool) -> Option<Spot> {
        let process = self.world.process(pid);
        let state = match &process {
            None => ProcessState::Dead,
            Some(process) if !is_it(process) => ProcessState::Recycled,
            Some(process) => state(process),
        };
        let same = process.as_ref().filter(|_| matches!(state, ProcessState::Alive | ProcessState::Orphaned));
        fits(wanted, state).then(|| found(pid, same))
    }

    /// A template that may be there, filled in; nothing where it is there and can't be.
    fn filled_of(&mut self, template: Option<&Template>, given: &Captures) -> Option<Option<String>> {
        template.map_or(Some(None), |template| self.filled(template, given).map(Some))
    }
}

fn state(process: &Process) -> ProcessState {
    if process.parent == FIRST { ProcessState::Orphaned } else { ProcessState::Alive }
}

fn fits(wanted: ProcessState, state: ProcessState) -> bool {
    match wanted {
        ProcessState::Gone => matches!(state, ProcessState::Dead | ProcessState::Recycled),
        ProcessState::Alive => matches!(state, ProcessState::Alive | ProcessState::Orphaned),
        _ => wanted == state,
    }
}

fn lies_in(process: &Process, folder: &str) -> bool {
    let Some(own) = &process.folder else { return false };
    folder == "." || own.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn found(pid: u32, process: Option<&Process>) -> Spot {
    let spot = Spot::default().with("pid", pid.to_string());
    process.map_or(spot.clone(), |process| spot.with("program", &process.name))
}
