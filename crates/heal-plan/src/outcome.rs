use std::collections::{BTreeMap, BTreeSet};

use heal_model::{Fix, Overlay, Part, Plan, Refusal, RefusalCode, RelPath, RuleId, World};

use crate::document::Key;
use crate::draft::{Draft, Planned};
use crate::gathered::Gathered;
use crate::question::Question;
use crate::refused::Refused;

/// What planning one finding after the other has come to.
#[derive(Default)]
pub(crate) struct Outcome {
    gathered: Gathered,
    /// Files that some step changed otherwise than by adding to them or setting a value.
    changed: BTreeSet<RelPath>,
    /// Where values are set.
    keys: Vec<(RelPath, Key)>,
    /// Questions that no one has answered.
    pub(crate) asked: Vec<Question>,
}

/// What planning one fix has come to.
pub(crate) struct Tried {
    rule: RuleId,
    title: String,
    file: Option<RelPath>,
    asked: Vec<Question>,
    planned: Result<Planned, Refused>,
}

impl Tried {
    /// Plans a fix whole, or notes why it is refused.
    pub(crate) fn new(
        mut draft: Draft<'_>,
        steps: impl FnOnce(&mut Draft<'_>) -> Result<(), Refused>,
    ) -> Self {
        let (rule, title, file) = (draft.fix.rule.clone(), draft.fix.title.clone(), draft.about.clone());
        let planned = steps(&mut draft);
        let asked = std::mem::take(&mut draft.asked);
        Self { rule, title, file, asked, planned: planned.and_then(|()| draft.finish()) }
    }
}

impl Outcome {
    /// Takes a fix in.
    pub(crate) fn take(&mut self, tried: Tried) {
        self.take_or(tried, |_, _| None);
    }

    /// Takes a fix in; where it wants the same place as one before it, it is planned anew upon what those before it
    /// come to in `world`: lists grow, and lines are added, by one finding after the other.
    pub(crate) fn take_upon(&mut self, tried: Tried, world: &dyn World, again: impl Fn(&dyn World) -> Tried) {
        self.take_or(tried, |outcome, shared| outcome.upon(shared, world, again));
    }

    fn take_or(&mut self, tried: Tried, upon: impl FnOnce(&Self, &[&RelPath]) -> Option<Planned>) {
        let Tried { rule, title, file, mut asked, planned } = tried;
        self.asked.append(&mut asked);
        let planned = match planned {
            Ok(planned) => planned,
            Err(Refused { code, reason }) => {
                self.gathered.refusals.push(Refusal { rule, title, file, code, reason });
                return;
            }
        };
        let Some(fix) = &planned.fix else { return };
        planned.before.iter().for_each(|(path, content)| self.gathered.is_now(path, content));
        let planned = match self.gathered.conflict(fix) {
            None => planned,
            Some(reason) => {
                let shared = self.shared(fix);
                let may = !shared.iter().any(|path| planned.changed.contains(*path));
                match may.then(|| upon(self, &shared)).flatten() {
                    Some(planned) => planned,
                    None => return self.gathered.refuse(fix, reason),
                }
            }
        };
        planned.before.iter().for_each(|(path, content)| self.gathered.is_now(path, content));
        self.changed.extend(planned.changed);
        self.keys.extend(planned.keys);
        planned.fix.into_iter().for_each(|fix| self.gathered.take(fix));
    }

    /// The files that a fix changes and another does too.
    fn shared<'f>(&self, fix: &'f Fix) -> Vec<&'f RelPath> {
        let mut paths: Vec<&RelPath> = fix.parts.iter().map(Part::path).collect();
        paths.dedup();
        paths.retain(|path| self.gathered.changes(path));
        paths
    }

    /// The fix upon those before it, where they and it only add to the files that they share.
    fn upon(
        &self,
        shared: &[&RelPath],
        world: &dyn World,
        again: impl Fn(&dyn World) -> Tried,
    ) -> Option<Planned> {
        if shared.iter().any(|path| self.changed.contains(*path)) {
            return None;
        }
        let edits = self.gathered.edits();
        let mut after = Overlay::new(world);
        edits.iter().for_each(|edit| after.write(edit.path.clone(), edit.content.after.clone()));
        let mut planned = again(&after).planned.ok()?;
        let fix = planned.fix.as_mut()?;
        let is_used = |path: &RelPath| {
            planned.looked.contains(path) || fix.parts.iter().any(|part| part.path() == path)
        };
        let used = edits.into_iter().filter(|edit| is_used(&edit.path));
        fix.upon = used.map(|edit| (edit.path, edit.content.after)).collect();
        let goes_along = self.gathered.carries(fix.safety, fix.upon.keys());
        let adds = shared.iter().all(|path| !planned.changed.contains(*path)) && !self.meets(&planned.keys);
        (goes_along && adds).then_some(planned)
    }

    /// Whether a value is to be set where another is.
    fn meets(&self, keys: &[(RelPath, Key)]) -> bool {
        let meet = |(path, key): &(RelPath, Key)| {
            self.keys.iter().any(|(other, theirs)| other == path && theirs.meets(key))
        };
        keys.iter().any(meet)
    }

    /// Joins all into one plan.
    pub(crate) fn plan(self) -> Plan {
        let mut refusals = self.gathered.refusals.iter();
        if refusals.any(|refusal| refusal.code == RefusalCode::Required) {
            return Gathered::new(BTreeMap::new(), self.gathered.refusals).plan();
        }
        self.gathered.plan()
    }
}
