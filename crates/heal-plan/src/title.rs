use heal_model::{Finding, MemoryWorld, Playbook, Rule, Template};

use crate::scope::Scope;
use crate::template::Escape;

/// A rule's title with the finding's captures filled in; `…` stands for what can't be.
#[must_use]
pub fn title(rule: &Rule, finding: &Finding, playbook: &Playbook) -> String {
    let scope = Scope::new(playbook, Some(finding));
    filled(&rule.title, &scope)
}

fn filled(title: &Template, scope: &Scope<'_>) -> String {
    let nowhere = MemoryWorld::default();
    let fill = |source: &str| scope.fill(&source.into(), Escape::Plain, &nowhere);
    if let Ok(filled) = fill(title.as_str()) {
        return filled;
    }
    let mut text = String::new();
    let mut rest = title.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        let (inside, after) = after.split_once("}}").unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(&fill(&format!("{{{{{inside}}}}}")).unwrap_or_else(|_| "…".to_owned()));
        rest = after;
    }
    text + rest
}
