//! Playbooks made by hand, and findings as one line of text each.

use std::collections::BTreeMap;
use std::fmt::Write;

use heal_model::{
    Defaults, Engine, Finding, LinePattern, Origin, OutputTrigger, Pattern, PatternKind, Place, Playbook,
    Rule, RuleId, Safety, Severity, Template, Trigger,
};
use heal_pattern::check;

/// A playbook named `t` with these rules.
pub(crate) fn playbook(rules: Vec<(&str, Trigger)>) -> Playbook {
    Playbook {
        heal: 1,
        name: "t".to_owned(),
        summary: None,
        origin: Origin::Builtin("t.yaml".to_owned()),
        defaults: Defaults::default(),
        vars: BTreeMap::new(),
        sources: BTreeMap::new(),
        files: Vec::new(),
        rules: rules.into_iter().map(|(id, trigger)| rule(id, trigger)).collect(),
        learning: None,
        assets: BTreeMap::new(),
    }
}

fn rule(id: &str, trigger: Trigger) -> Rule {
    Rule {
        id: RuleId::new("t", id),
        title: Template::from("t"),
        category: None,
        severity: Severity::default(),
        safety: Safety::default(),
        explain: None,
        links: Vec::new(),
        also: Vec::new(),
        captures: BTreeMap::new(),
        trigger,
        steps: Vec::new(),
        verify: None,
        retry: None,
        timeout: None,
        tests: Vec::new(),
        learned: None,
        place: Place::default(),
    }
}

/// A regular expression.
pub(crate) fn regex(source: &str) -> Pattern {
    let engine = check(source, PatternKind::Regex, false).map_or(Engine::Linear, |checked| checked.engine);
    Pattern { source: source.to_owned(), kind: PatternKind::Regex, unicode: false, engine }
}

/// A trigger on lines; `?` before one makes it optional.
pub(crate) fn lines(sources: &[&str]) -> OutputTrigger {
    let line = |source: &&str| match source.strip_prefix('?') {
        Some(source) => LinePattern { pattern: regex(source), optional: true },
        None => LinePattern { pattern: regex(source), optional: false },
    };
    OutputTrigger {
        lines: sources.iter().map(line).collect(),
        within: None,
        not: None,
        count: None,
        command: None,
        exit: None,
        stream: None,
    }
}

/// A finding as one line: rule, lines and bytes, captures, place, excerpt, count.
pub(crate) fn show(finding: &Finding) -> String {
    let mut out = finding.rule.rule().to_owned();
    if let Some(span) = finding.span {
        write!(out, " {}-{}@{}..{}", span.first_line, span.last_line, span.start, span.end)
            .expect("a String");
    }
    for (name, capture) in &finding.captures {
        write!(out, " {name}={:?}", capture.0).expect("a String");
    }
    if let Some(place) = &finding.location {
        let part = |part: Option<u32>| part.map(|part| format!(":{part}")).unwrap_or_default();
        write!(out, " at {}{}{}", place.path, part(place.line), part(place.column)).expect("a String");
    }
    if !finding.excerpt.is_empty() {
        write!(out, " | {}", finding.excerpt.join(" ⏎ ")).expect("a String");
    }
    if finding.count != 1 {
        write!(out, " ×{}", finding.count).expect("a String");
    }
    out
}
