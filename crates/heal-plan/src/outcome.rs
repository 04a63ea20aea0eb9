use std::collections::BTreeMap;

use heal_model::{Bytes, Fix, Plan, Refusal, RelPath};

use crate::draft::Draft;
use crate::join::assemble;
use crate::question::Question;
use crate::refused::Refused;

/// What planning one finding after the other has come to.
#[derive(Default)]
pub(crate) struct Outcome {
    fixes: Vec<Fix>,
    before: BTreeMap<RelPath, Option<Bytes>>,
    /// What is not done.
    pub(crate) refusals: Vec<Refusal>,
    /// Questions that no one has answered.
    pub(crate) asked: Vec<Question>,
}

impl Outcome {
    /// Plans a fix whole, or notes why it is refused.
    pub(crate) fn take(
        &mut self,
        mut draft: Draft<'_>,
        steps: impl FnOnce(&mut Draft<'_>) -> Result<(), Refused>,
    ) {
        let (rule, title, file) = (draft.fix.rule.clone(), draft.fix.title.clone(), draft.about.clone());
        let planned = steps(&mut draft);
        self.asked.append(&mut draft.asked);
        match planned.and_then(|()| draft.finish()) {
            Ok(planned) => {
                self.before.extend(planned.before);
                self.fixes.extend(planned.fix);
            }
            Err(Refused { code, reason }) => {
                self.refusals.push(Refusal { rule, title, file, code, reason });
            }
        }
    }

    /// Joins all into one plan.
    pub(crate) fn plan(self) -> Plan {
        assemble(self.fixes, &self.before, self.refusals)
    }
}
