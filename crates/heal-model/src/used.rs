use std::collections::BTreeSet;

/// What is known of the command whose output was looked at, for what a fix must do in the same surroundings.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Used {
    /// The command, as it was typed.
    pub command: Option<String>,
    /// The environments of Python that its output names: the folder that holds their `bin` and `lib`.
    pub environments: BTreeSet<String>,
}
