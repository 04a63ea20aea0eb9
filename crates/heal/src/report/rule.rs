use schemars::JsonSchema;
use serde::Serialize;

/// One rule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Rule {
    /// playbook/rule.
    pub id: String,
    /// Its title, not filled in.
    pub title: String,
    /// Its group.
    pub category: Option<String>,
    /// info, low, medium, high or critical.
    pub severity: String,
    /// manual, unsafe or safe.
    pub safety: String,
    /// builtin, user, repository or named.
    pub origin: String,
    /// The playbook it is written in.
    pub path: String,
    /// The line it starts in.
    pub line: u32,
    /// Whether it may act here.
    pub trusted: bool,
    /// Why it is held back to manual, where it is: too many of its fixes failed.
    pub held: Option<String>,
    /// For a learned rule: why it may go so far, and no further.
    pub standing: Option<String>,
    /// What it means, in Markdown.
    pub explain: Option<String>,
    /// Its tests.
    pub tests: usize,
}
