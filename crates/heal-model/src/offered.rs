use serde::{Deserialize, Serialize};

use crate::{Applicability, Suggestion};

/// The edits that a tool must offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Offered {
    /// None at all.
    Nothing,
    /// One that it is at least so sure of.
    AtLeast(Applicability),
    /// One that may not be what was meant, and none that it is sure of.
    Unsure,
}

impl Offered {
    /// Whether these are such edits.
    #[must_use]
    pub fn fits(self, suggestions: &[Suggestion]) -> bool {
        match self {
            Offered::Nothing => suggestions.is_empty(),
            Offered::AtLeast(least) => suggestions.iter().any(|one| one.applicability >= least),
            Offered::Unsure => {
                let offers = |wanted| suggestions.iter().any(|one| one.applicability == wanted);
                offers(Applicability::MaybeIncorrect) && !offers(Applicability::MachineApplicable)
            }
        }
    }
}
