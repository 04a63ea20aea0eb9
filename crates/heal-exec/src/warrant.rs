use std::collections::BTreeSet;

use heal_model::{Origin, Plan};

use crate::apply_error::ApplyError;

/// Which playbooks may act: the one gate between what is found and what is done.
///
/// What is built in, the user's own and what was named on the command line may act. A repository's playbook may if
/// the warrant covers it, and only [`trust::Store`](crate::trust::Store) makes a warrant that covers any.
#[derive(Clone, Debug, Default)]
pub struct Warrant {
    repository: BTreeSet<String>,
}

impl Warrant {
    /// A warrant that covers no playbook of the repository.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    pub(crate) fn for_repository(playbooks: impl Iterator<Item = String>) -> Self {
        Self { repository: playbooks.collect() }
    }

    /// Whether playbooks of this origin may act.
    #[must_use]
    pub fn covers(&self, origin: &Origin) -> bool {
        match origin {
            Origin::Builtin(_) | Origin::User(_) | Origin::Named(_) => true,
            Origin::Repository(path) => self.repository.contains(path),
        }
    }

    /// Refuses a plan with a fix of a playbook that may not act.
    pub(crate) fn check(&self, plan: &Plan) -> Result<(), ApplyError> {
        let acts = plan.fixes.iter().filter(|fix| fix.acts() || fix.verify.is_some() || fix.rest.is_some());
        let mut refused = acts.filter(|fix| !self.covers(&fix.origin));
        match refused.next() {
            None => Ok(()),
            Some(fix) => {
                Err(ApplyError::Untrusted { rule: fix.rule.clone(), playbook: fix.origin.path().to_owned() })
            }
        }
    }
}
