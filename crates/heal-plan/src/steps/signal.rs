use std::collections::BTreeMap;

use heal_model::{Command, Invocation, RefusalCode, Signal, Step, World};

use crate::draft::Draft;
use crate::refused::Refused;

/// Adds a signal to the process that a pid file names, unless it is gone.
pub(super) fn plan(draft: &mut Draft<'_>, signal: &Signal, step: &Step) -> Result<(), Refused> {
    let pid_file = draft.path(&signal.pid_file)?;
    let text = draft.text(&pid_file)?;
    let digits = text.text().unwrap_or_default().split(|character: char| !character.is_ascii_digit());
    let pid: u32 = digits
        .filter(|digits| !digits.is_empty())
        .find_map(|digits| digits.parse().ok())
        .ok_or_else(|| Refused::new(RefusalCode::NotFound, format!("{pid_file} holds no process id")))?;
    if pid <= 1 {
        return Err(Refused::new(
            RefusalCode::Protected,
            format!("{pid_file} names process {pid}, the system's own"),
        ));
    }
    let Some(process) = draft.world.process(pid) else { return Ok(()) };
    let written = draft.world.stat(&pid_file)?.map(|stat| stat.modified);
    if written.is_some_and(|written| process.started > written) {
        let reason =
            format!("process {pid} started after {pid_file} was written, so it is another: {}", process.name);
        return Err(Refused::new(RefusalCode::NotFound, reason));
    }
    draft.fix.commands.push(Command {
        invocation: Invocation::Signal {
            pid_file,
            pid,
            signal: signal.signal,
            kill_after: signal.kill_after,
        },
        cwd: None,
        env: BTreeMap::new(),
        exit: None,
        timeout: draft.timeout(step.timeout),
        retry: draft.retry(step.retry.as_ref()),
        idempotent: false,
    });
    Ok(())
}
