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
    assemble(chosen.collect(), before.collect::<BTreeMap<_, _>>(), plan.refusals.clone())
}

/// A plan in two: what may be applied, and what is shown beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Divided {
    /// The fixes that are safe enough, those that only tell what to do, and all refusals. Its id is what a person
    /// agrees to.
    pub offered: Plan,
    /// The fixes that would change something and are not safe enough.
    pub left_out: Plan,
}

/// Divides a plan into the fixes that are this safe or safer, and the others.
#[must_use]
pub fn divide(plan: &Plan, safety: Safety) -> Divided {
    let is_offered = |fix: usize| plan.fixes[fix].safety >= safety || !plan.fixes[fix].acts();
    let left_out = select(plan, &|_| true, &|fix| !is_offered(fix));
    Divided {
        offered: select(plan, &|_| true, &is_offered),
        left_out: Plan { refusals: Vec::new(), ..left_out },
    }
}

fn with_parts(fix: &Fix, keep: &dyn Fn(usize) -> bool) -> Option<Fix> {
    let mut chosen = fix.clone();
    let mut index = 0..;
    chosen.parts.retain(|_| index.next().is_some_and(keep));
    (fix.parts.is_empty() || !chosen.parts.is_empty()).then_some(chosen)
}
