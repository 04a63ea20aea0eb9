mod argument;
mod create;
mod edit;
mod find;
mod matches;
mod run;

use std::collections::VecDeque;

use heal_model::{Action, Rest, Step};
use serde_json::Value;

use crate::draft::Draft;
use crate::refused::Refused;
use crate::template::Escape;
use crate::when;

/// The binding in which the options that were taken are kept; no person can write a name with an `@`.
const TAKEN: &str = "@taken";

/// Plans steps until one must wait for a command's effects: what is left then stands in the fix's `rest`.
pub(crate) fn plan(draft: &mut Draft<'_>, steps: &[Step], from: usize) -> Result<(), Refused> {
    let mut queue: VecDeque<&Step> = steps.iter().collect();
    let mut done = 0;
    while let Some(step) = queue.pop_front() {
        if done >= from {
            if !draft.fix.commands.is_empty() && waits(step) {
                let left = u32::try_from(1 + queue.len()).unwrap_or(u32::MAX);
                draft.fix.rest = Some(Rest { step: done, left, bindings: draft.scope.bindings.clone() });
                return Ok(());
            }
            plan_one(draft, step)?;
        }
        done += 1;
    }
    Ok(())
}

/// Whether a step can be planned only after the commands before it: it looks at what they may have changed.
fn waits(step: &Step) -> bool {
    let looks = match &step.action {
        Action::Run(run) => run.creates.is_some(),
        Action::Guide(_) => false,
        _ => true,
    };
    looks || step.when.is_some()
}

fn plan_one(draft: &mut Draft<'_>, step: &Step) -> Result<(), Refused> {
    if let Some(condition) = &step.when
        && !when::holds(draft, condition)?
    {
        return Ok(());
    }
    let bound = act(draft, step)?;
    if let Some(name) = &step.bind {
        draft.scope.bindings.insert(name.clone(), bound);
    }
    Ok(())
}

/// Plans one step and says what a later step may know of it.
fn act(draft: &mut Draft<'_>, step: &Step) -> Result<Value, Refused> {
    match &step.action {
        Action::Find(find) => return find::plan(draft, find),
        Action::Edit(edit) => edit::plan(draft, edit)?,
        Action::Create(create) => return create::plan(draft, create),
        Action::Run(run) => run::plan(draft, run, step)?,
        Action::Guide(guide) => {
            let guide = draft.fill(guide, Escape::Plain)?;
            draft.fix.guides.push(guide);
        }
        _ => {
            let reason = "the step is not available in this version";
            return Err(Refused::new(heal_model::RefusalCode::Unsupported, reason));
        }
    }
    Ok(Value::Null)
}
