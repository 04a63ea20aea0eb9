use std::collections::BTreeMap;

use heal_model::{Command, Invocation, RefusalCode, Run, Step, World};

use crate::draft::{Done, Draft};
use crate::refused::Refused;
use crate::template::Escape;

/// What variables that carry captures to a shell start with.
const CAPTURE: &str = "HEAL_CAP_";

/// Adds a command, unless what it creates is there.
pub(super) fn plan(draft: &mut Draft<'_>, run: &Run, step: &Step) -> Result<(), Refused> {
    if let Some(creates) = &run.creates {
        let path = draft.path(creates)?;
        if draft.world.stat(&path)?.is_some() {
            draft.done.push(Done::Same(format!("{path} is there")));
            return Ok(());
        }
    }
    let mut env: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in &run.env {
        env.insert(name.clone(), draft.fill(value, Escape::Plain)?);
    }
    let invocation = match &run.shell {
        Some(shell) => {
            env.extend(captures(draft, shell)?);
            Invocation::Shell(shell.clone())
        }
        None => {
            let argv = run.argv.iter().map(|argument| draft.argument(argument));
            Invocation::Program(argv.collect::<Result<_, _>>()?)
        }
    };
    if env.values().any(|value| value.contains('\0')) {
        return Err(Refused::new(RefusalCode::Capture, "a variable of the environment holds a NUL"));
    }
    let command = Command {
        invocation,
        cwd: run.cwd.as_ref().map(|cwd| draft.path(cwd)).transpose()?,
        env,
        exit: run.exit.clone(),
        timeout: draft.timeout(step.timeout),
        retry: draft.retry(step.retry.as_ref()),
        idempotent: run.idempotent,
        breaker_of: draft.breaker_of(step.retry.as_ref()),
    };
    draft.fix.commands.push(command);
    Ok(())
}

/// The captures that shell text names, each checked; the text itself is never filled in.
fn captures(draft: &Draft<'_>, shell: &str) -> Result<BTreeMap<String, String>, Refused> {
    let mut env = BTreeMap::new();
    for (name, value) in &draft.scope.captures {
        let variable = format!("{CAPTURE}{name}");
        if shell.contains(&variable) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            draft.check_capture(name, &text)?;
            env.insert(variable, text);
        }
    }
    Ok(env)
}
