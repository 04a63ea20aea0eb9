mod already;
mod argument;
mod choose;
mod create;
mod edit;
mod find;
mod joint;
mod line;
mod matches;
mod patch;
mod relocate;
mod restore;
mod run;
mod set;
mod signal;
mod snapshot;
mod suggestions;

use std::collections::VecDeque;

use heal_model::{Action, LineChange, Rest, Step};
use serde_json::Value;

use crate::draft::Draft;
use crate::refused::Refused;
use crate::template::Escape;
use crate::when;

/// Plans steps until one must wait for a command's effects: what is left then stands in the fix's `rest`.
///
/// The steps of an option that is taken are done in place of their `choose`; the options are kept among the bindings,
/// so that planning the rest goes the same way.
pub(crate) fn plan(draft: &mut Draft<'_>, steps: &[Step], from: usize) -> Result<(), Refused> {
    let mut taken = choose::taken(draft).into_iter();
    let mut queue: VecDeque<&Step> = steps.iter().collect();
    let mut done = 0;
    while let Some(step) = queue.pop_front() {
        if done >= from && !draft.fix.commands.is_empty() && waits(step) {
            let left = u32::try_from(1 + queue.len()).unwrap_or(u32::MAX);
            draft.fix.rest = Some(Rest { step: done, left, bindings: draft.scope.bindings.clone() });
            return Ok(());
        }
        let chosen = match &step.action {
            Action::Choose(choose) if done < from => choose::again(choose, taken.next().flatten().as_deref()),
            Action::Choose(choose) => {
                let option = if holds(draft, step)? { Some(choose::plan(draft, choose)?) } else { None };
                choose::keep(draft, option.map(|option| option.name.as_str()));
                option
            }
            _ if done < from => None,
            _ => {
                plan_one(draft, step)?;
                None
            }
        };
        if let Some(option) = chosen {
            option.steps.iter().rev().for_each(|step| queue.push_front(step));
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

fn holds(draft: &Draft<'_>, step: &Step) -> Result<bool, Refused> {
    step.when.as_ref().map_or(Ok(true), |condition| when::holds(draft, condition))
}

fn plan_one(draft: &mut Draft<'_>, step: &Step) -> Result<(), Refused> {
    if !holds(draft, step)? {
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
    draft.adds = match &step.action {
        Action::Create(_) | Action::Set(_) => true,
        Action::Line(line) => matches!(line.change, LineChange::Present { .. }),
        _ => false,
    };
    match &step.action {
        Action::Find(find) => return find::plan(draft, find),
        Action::Create(create) => return create::plan(draft, create),
        Action::Edit(edit) => edit::plan(draft, edit)?,
        Action::Line(line) => line::plan(draft, line)?,
        Action::Set(set) => set::set(draft, set)?,
        Action::Remove(remove) => set::remove(draft, remove)?,
        Action::Copy(copy) => relocate::copy(draft, copy)?,
        Action::Move(moved) => relocate::rename(draft, moved)?,
        Action::Delete(delete) => relocate::delete(draft, delete)?,
        Action::Restore(restore) => restore::plan(draft, restore)?,
        Action::Patch(patch) => patch::plan(draft, patch)?,
        Action::Suggestions(suggestions) => suggestions::plan(draft, suggestions)?,
        Action::Snapshot(snapshot) => snapshot::plan(draft, snapshot)?,
        Action::Run(run) => run::plan(draft, run, step)?,
        Action::Signal(signal) => signal::plan(draft, signal, step)?,
        Action::Guide(guide) => {
            let guide = draft.fill(guide, Escape::Plain)?;
            draft.fix.guides.push(guide);
        }
        // The caller has taken the way it opens.
        Action::Choose(_) => {}
    }
    Ok(Value::Null)
}
