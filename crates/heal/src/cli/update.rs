use std::collections::BTreeMap;

use heal_match::Inspector;
use heal_model::{
    Action, Defaults, Document, Finding, Origin, Place, Playbook, Rule, RuleId, Safety, Severity, Step,
    Template, Trigger,
};
use heal_plan::{Choices, Context, plan};
use serde_json::{Map, Value};

use super::arguments::{Consent, Test};
use super::carry::{Call, Carried, carry_out};
use super::exit::{Exit, Failure};
use super::session::Session;
use crate::Library;
use crate::report::Report;
use crate::rule_test::{Tested, Verdict};

/// Rewrites the expectations of tests that come to something else: a plan like any other, previewed and undoable.
pub(super) fn update(
    session: &mut Session<'_>,
    library: &Library,
    tested: &[(&str, Tested)],
    wanted: &Test,
) -> Result<Exit, Failure> {
    let mut steps = Vec::new();
    for (path, one) in tested.iter().filter(|(_, one)| matches!(one.verdict, Verdict::Wrong(_))) {
        let file = Template(session.path(path)?.to_string());
        let rules = library.playbooks.iter().filter(|playbook| playbook.origin.path() == *path);
        let place = rules.flat_map(|playbook| &playbook.rules).position(|rule| rule.id == one.rule);
        let place = place.expect("a rule that was tested is in its playbook");
        let key = Template(format!("/rules/{place}/tests/{}/expect/files", one.index));
        let action =
            Action::Set(heal_model::Set { at: Document { file, key }, value: expectation(&one.leaves) });
        steps.push(Step {
            action,
            bind: None,
            when: None,
            retry: None,
            timeout: None,
            place: Place::default(),
        });
    }
    let playbooks = [rewriting(steps)];
    let finding = Finding {
        rule: playbooks[0].rules[0].id.clone(),
        captures: BTreeMap::new(),
        span: None,
        location: None,
        excerpt: Vec::new(),
        diagnostic: None,
        count: 1,
        again: Vec::new(),
    };
    let (inspector, choices) = (Inspector::new(&playbooks), Choices::default());
    let context =
        Context { playbooks: &playbooks, world: &session.host, inspect: &inspector, choices: &choices };
    let planned = plan(&[finding], &context);
    let rules = session.own_rules(&wanted.playbooks)?;
    let consent = Consent { yes: wanted.yes, deadline: 30, ..Consent::default() };
    let call = Call { consent: &consent, rerun: None, next: "add --yes" };
    match carry_out(session, &rules, &planned, &call, &mut Report::of("test"))? {
        Carried::Out { exit, .. } => Ok(exit),
        Carried::Nothing | Carried::Declined => Ok(Exit::Remains),
    }
}

/// What a fix leaves, as an expectation; texts are data, so braces in them are not to be filled in.
fn expectation(leaves: &BTreeMap<String, Option<String>>) -> Value {
    let text = |text: &Option<String>| Value::from(text.as_ref().map(|text| text.replace("{{", "\\{{")));
    Value::Object(leaves.iter().map(|(path, left)| (path.clone(), text(left))).collect::<Map<_, _>>())
}

/// A playbook that only this call knows, whose one rule writes the expectations.
fn rewriting(steps: Vec<Step>) -> Playbook {
    let rule = Rule {
        id: RuleId::new("heal", "expectations"),
        title: "expectations differ".into(),
        category: None,
        severity: Severity::Info,
        safety: Safety::Safe,
        explain: None,
        links: Vec::new(),
        also: Vec::new(),
        captures: BTreeMap::new(),
        trigger: Trigger::All(Vec::new()),
        steps,
        verify: None,
        retry: None,
        timeout: None,
        tests: Vec::new(),
        learned: None,
        place: Place::default(),
    };
    Playbook {
        heal: 1,
        name: "heal".to_owned(),
        summary: None,
        origin: Origin::Named("heal test --update".to_owned()),
        defaults: Defaults::default(),
        vars: BTreeMap::new(),
        sources: BTreeMap::new(),
        files: Vec::new(),
        rules: vec![rule],
        learning: None,
        assets: BTreeMap::new(),
    }
}
