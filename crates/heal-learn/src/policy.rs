use heal_model::LearningPolicy;

/// How lessons are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How many distinct incidents a rule needs.
    pub min_occurrences: u32,
    /// The playbook that learned rules are written to: the first half of their ids.
    pub playbook: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self { min_occurrences: 2, playbook: "learned".to_owned() }
    }
}

impl From<&LearningPolicy> for Policy {
    fn from(policy: &LearningPolicy) -> Self {
        Self { min_occurrences: policy.min_occurrences_to_save.max(1), ..Self::default() }
    }
}
