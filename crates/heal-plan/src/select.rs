use std::collections::BTreeMap;

use heal_model::{Fix, PartRef, Plan, Safety};

use crate::join::assemble;

/// A plan with some of its fixes, by index, and some of their parts: what a person has agreed to.
///
/// A fix that had parts and keeps none is left out, and its commands with it.
#[must_use]
pub fn select(plan: &Plan, keep: &dyn Fn(PartRef) -> bool, fixes: &dyn Fn(usize) -> bool) -> Plan {
    let chosen = plan.fixes.iter().enumerate().filter(|(index, _)| fixes(*index));
    let chosen =
        chosen.filter_map(|(index, fix)| with_parts(fix, &|part| keep(PartRef { fix: index, part })));
    let before = plan.edits.iter().map(|edit| (edit.path.clone(), edit.content.before.clone()));
    assemble(chosen.collect(), &before.collect::<BTreeMap<_, _>>(), plan.refusals.clone())
}

/// A plan with only the fixes that are this safe or safer.
#[must_use]
pub fn at_least(plan: &Plan, safety: Safety) -> Plan {
    select(plan, &|_| true, &|fix| plan.fixes[fix].safety >= safety)
}

fn with_parts(fix: &Fix, keep: &dyn Fn(usize) -> bool) -> Option<Fix> {
    let mut chosen = fix.clone();
    let mut index = 0..;
    chosen.parts.retain(|_| index.next().is_some_and(keep));
    (fix.parts.is_empty() || !chosen.parts.is_empty()).then_some(chosen)
}
