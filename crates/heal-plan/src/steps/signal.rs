use std::collections::BTreeMap;

use heal_model::{
    Command, Holder, Invocation, Process, ProcessOf, ProcessState, ProcessTrigger, RefusalCode, RelPath,
    Signal, SignalTo, Step, Template, Time, Trigger, World,
};

use crate::draft::Draft;
use crate::refused::Refused;
use crate::when::holder;

/// How much later than its pid file a process may seem to have started: the kernel tells a start to the second.
const TOLERANCE: i64 = 2_000;

/// Adds a signal to the process that is meant, unless it is gone.
pub(super) fn plan(draft: &mut Draft<'_>, signal: &Signal, step: &Step) -> Result<(), Refused> {
    let meant = match &signal.to {
        SignalTo::PidFile(file) => of_pid_file(draft, file)?,
        SignalTo::Holder(holder) => of_holder(draft, holder)?,
    };
    let Some((pid_file, pid, process)) = meant else { return Ok(()) };
    draft.fix.commands.push(Command {
        invocation: Invocation::Signal {
            pid_file,
            pid,
            started: process.started,
            signal: signal.signal,
            kill_after: signal.kill_after,
            family: signal.family,
        },
        cwd: None,
        env: BTreeMap::new(),
        exit: None,
        timeout: draft.timeout(step.timeout),
        retry: draft.retry(step.retry.as_ref()),
        idempotent: false,
        breaker_of: None,
    });
    Ok(())
}

type Meant = Option<(Option<RelPath>, u32, Process)>;

/// The process that wrote a pid file, where it runs.
fn of_pid_file(draft: &Draft<'_>, file: &Template) -> Result<Meant, Refused> {
    let pid_file = draft.path(file)?;
    let text = draft.text(&pid_file)?;
    let digits = text.text().unwrap_or_default().split(|character: char| !character.is_ascii_digit());
    let pid: u32 = digits
        .filter(|digits| !digits.is_empty())
        .find_map(|digits| digits.parse().ok())
        .ok_or_else(|| Refused::new(RefusalCode::NotFound, format!("{pid_file} holds no process id")))?;
    let Some(process) = running(draft, pid, pid_file.as_str())? else { return Ok(None) };
    let written = draft.world.stat(&pid_file)?.map(|stat| stat.modified);
    if written.is_some_and(|written| process.started > Time(written.0.saturating_add(TOLERANCE))) {
        let reason =
            format!("process {pid} started after {pid_file} was written, so it is another: {}", process.name);
        return Err(Refused::new(RefusalCode::NotFound, reason));
    }
    Ok(Some((Some(pid_file), pid, process)))
}

/// The process that is recorded, where it runs and is still the same: what a `process` trigger calls alive.
fn of_holder(draft: &Draft<'_>, recorded: &Holder) -> Result<Meant, Refused> {
    let recorded = holder(draft, recorded)?;
    let pid = recorded.pid.as_str().trim();
    let pid: u32 =
        pid.parse().map_err(|_| Refused::new(RefusalCode::NotFound, format!("`{pid}` is no process id")))?;
    let Some(process) = running(draft, pid, "the step")? else { return Ok(None) };
    let alive = ProcessTrigger { of: ProcessOf::Holder(recorded), is: ProcessState::Alive };
    let found = draft.context.inspect.inspect(&draft.fix.rule, &Trigger::Process(alive), &draft.world);
    if found.findings.is_empty() {
        let reason = format!("process {pid} is another than the one that was recorded: {}", process.name);
        return Err(Refused::new(RefusalCode::NotFound, reason));
    }
    Ok(Some((None, pid, process)))
}

fn running(draft: &Draft<'_>, pid: u32, named_by: &str) -> Result<Option<Process>, Refused> {
    if pid <= 1 {
        let reason = format!("{named_by} names process {pid}, the system's own");
        return Err(Refused::new(RefusalCode::Protected, reason));
    }
    Ok(draft.world.process(pid))
}
