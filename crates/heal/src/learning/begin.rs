use std::collections::BTreeMap;

use heal_learn::{Group, signature};
use heal_model::{
    Action, Diagnostic, Evidence, Expectation, Incident, Lesson, Place, Rule, RuleId, RuleTest, Safety,
    Severity, Step, Template, TestInput,
};

/// How many of a group's failures become tests.
const MOST_TESTS: usize = 3;
/// How much of an output a test holds, in lines.
const MOST_LINES: usize = 20;

/// A rule for failures of one kind, to be filled in by a person: it names them, and its tests are what they printed.
#[must_use]
pub fn begun(group: &Group, incidents: &[&Incident], playbook: &str, name: &str) -> Lesson {
    let step = Step {
        action: Action::Guide(Template(
            "Say here what mends it, or replace this step by one that does.".to_owned(),
        )),
        bind: None,
        when: None,
        retry: None,
        timeout: None,
        place: Place::default(),
    };
    let rule = Rule {
        id: RuleId::new(playbook, name),
        title: group.rule_title.clone(),
        category: None,
        severity: Severity::default(),
        safety: Safety::Manual,
        explain: None,
        links: Vec::new(),
        also: Vec::new(),
        captures: BTreeMap::new(),
        trigger: group.trigger.clone(),
        steps: vec![step],
        verify: None,
        retry: None,
        timeout: None,
        tests: tests(group, incidents),
        learned: None,
        place: Place::default(),
    };
    Lesson { rule, evidence: Evidence::default(), gates: Vec::new() }
}

/// What failures of the group printed, each message once.
fn tests(group: &Group, incidents: &[&Incident]) -> Vec<RuleTest> {
    let mut messages: Vec<&str> = Vec::new();
    let mut tests = Vec::new();
    for incident in incidents {
        let of_group = |one: &&Diagnostic| signature(one).key == group.key;
        for diagnostic in incident.diagnostics.iter().filter(of_group) {
            if tests.len() < MOST_TESTS && !messages.contains(&diagnostic.message.as_str()) {
                messages.push(&diagnostic.message);
                tests.push(test(incident, diagnostic));
            }
        }
    }
    if tests.is_empty() {
        let first = incidents.iter().find(|incident| group.incidents.first() == Some(&incident.id));
        tests.extend(first.map(|incident| test(incident, &group.example)));
    }
    tests
}

fn test(incident: &Incident, diagnostic: &Diagnostic) -> RuleTest {
    let first = usize::try_from(diagnostic.span.first_line.max(1)).unwrap_or(1);
    let last = usize::try_from(diagnostic.span.last_line).unwrap_or(first).max(first);
    let lines = incident.output.lines().skip(first - 1).take((last + 1 - first).min(MOST_LINES));
    RuleTest {
        name: Some(format!("incident {}", incident.id)),
        input: TestInput {
            output: Some(lines.map(|line| format!("{line}\n")).collect()),
            ..TestInput::default()
        },
        expect: Expectation::default(),
        place: Place::default(),
    }
}
