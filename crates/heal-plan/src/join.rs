use std::collections::BTreeMap;

use heal_model::{Bytes, Fix, Plan, Refusal, RefusalCode, RelPath, Safety};

use crate::gathered::Gathered;

/// Joins plans of one world into one: those that come first win where two want the same place, and those that
/// may be applied win over those that are for a person.
///
/// A fix that another of the same rule stands for, part for part and command for command, is left out. As long as a
/// required file is missing nothing else is planned.
#[must_use]
pub fn join(plans: Vec<Plan>) -> Plan {
    let (mut fixes, mut before, mut refusals) = (Vec::new(), BTreeMap::new(), Vec::new());
    for plan in plans {
        fixes.extend(plan.fixes);
        refusals.extend(plan.refusals);
        for edit in plan.edits {
            before.entry(edit.path).or_insert(edit.content.before);
        }
    }
    assemble(fixes, before, refusals)
}

/// Makes a plan of fixes in rank and of what their files hold now.
pub(crate) fn assemble(
    fixes: Vec<Fix>,
    before: BTreeMap<RelPath, Option<Bytes>>,
    refusals: Vec<Refusal>,
) -> Plan {
    let is_blocked = refusals.iter().any(|refusal| refusal.code == RefusalCode::Required);
    let mut gathered = Gathered::new(before, refusals);
    let mut fixes = fixes;
    // What heal never applies must not keep what it may apply from its place.
    fixes.sort_by_key(|fix| fix.safety == Safety::Manual);
    for fix in fixes.into_iter().filter(|_| !is_blocked) {
        gathered.take(fix);
    }
    gathered.plan()
}
