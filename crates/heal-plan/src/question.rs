use heal_model::RuleId;

/// What a `choose` step wants to know of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The rule that asks.
    pub rule: RuleId,
    /// Its finding's title.
    pub title: String,
    /// What is asked, filled in; with the rule it is the key of an answer.
    pub question: String,
    /// The ways that are open.
    pub options: Vec<Ask>,
    /// The option that is taken if no person answers.
    pub default: Option<String>,
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What [`Choices::answer`](crate::Choices::answer) takes.
    pub name: String,
    /// What a person reads.
    pub label: String,
}
