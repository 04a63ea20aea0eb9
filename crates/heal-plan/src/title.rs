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

#[cfg(test)]
mod tests {
    use heal_model::{Finding, Origin, Playbook, RuleId};

    use super::filled;
    use crate::scope::Scope;

    #[track_caller]
    fn check(title: &str, expected: &str) {
        let playbook = Playbook {
            heal: 1,
            name: "p".to_owned(),
            summary: None,
            origin: Origin::User("p.yaml".to_owned()),
            defaults: heal_model::Defaults::default(),
            vars: [("kind".to_owned(), "class".into())].into(),
            sources: [].into(),
            files: Vec::new(),
            rules: Vec::new(),
            learning: None,
            assets: [].into(),
        };
        let finding = Finding {
            rule: RuleId::new("p", "r"),
            captures: [("symbol".to_owned(), "{{x}}".into())].into(),
            values: std::collections::BTreeMap::new(),
            span: None,
            location: None,
            excerpt: Vec::new(),
            diagnostic: None,
            count: 1,
            again: Vec::new(),
        };
        assert_eq!(filled(&title.into(), &Scope::new(&playbook, Some(&finding))), expected);
    }

    #[test]
    fn what_is_not_known_is_an_ellipsis() {
        check("{{symbol}} is a {{kind}}", "{{x}} is a class");
        check("{{symbol}} is in {{module}}, {{upper other}}!", "{{x}} is in …, …!");
        check("{{symbol is broken", "…");
        check("plain", "plain");
    }
}
