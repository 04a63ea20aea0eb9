use std::collections::BTreeMap;

use heal_match::Inspector;
use heal_model::{
    Action, Defaults, Document, Finding, Origin, Place, Plan, Playbook, Rule, RuleId, Safety, Severity, Step,
    Template, Trigger,
};
use heal_plan::{Choices, Context, plan};
use serde_json::Value;

use super::arguments::{Consent, Test};
use super::carry::{Call, Carried, carry_out};
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use super::style::counted;
use crate::report::Report;
use crate::rule_test::{Difference, Tested, Verdict, What, rule_tests};
use crate::{Extractors, Library};

/// Rewrites the expectations of tests that come to something else: a plan like any other, previewed and undoable.
///
/// To ask for it is consent for these files, although playbooks are protected otherwise.
pub(super) fn update(
    session: &mut Session<'_>,
    library: &Library,
    tested: &[(&str, Tested)],
    wanted: &Test,
    report: &mut Report,
) -> Result<Exit, Failure> {
    let mut steps = Vec::new();
    for (path, one) in tested {
        let Verdict::Wrong(differences) = &one.verdict else { continue };
        let file = session.path(path)?.to_string();
        let rules = library.playbooks.iter().filter(|playbook| playbook.origin.path() == *path);
        let place = rules.flat_map(|playbook| &playbook.rules).position(|rule| rule.id == one.rule);
        let place = place.expect("a rule that was tested is in its playbook");
        let expect = format!("/rules/{place}/tests/{}/expect", one.index);
        steps.extend(differences.iter().filter_map(|difference| correction(&file, &expect, one, difference)));
    }
    let planned = planned(session, steps);
    let rules = session.own_rules(&wanted.playbooks)?;
    let consent = Consent {
        yes: wanted.yes,
        also_unsafe: wanted.yes || wanted.dry_run,
        dry_run: wanted.dry_run,
        ..Consent::default()
    };
    let call = Call::new(&consent, Call::NOT_DRY);
    let carried = carry_out(session, &rules, &planned, &call, report)?;
    let Carried::Out { exit: Exit::Done, .. } = carried else {
        return Ok(if let Carried::Out { exit, .. } = carried { exit } else { Exit::Remains });
    };
    let reading = Extractors::open(&session.host).whole();
    let again = rule_tests(&session.library_of(&wanted.playbooks)?.playbooks, &reading);
    let failing = again.iter().filter(|(_, one)| !one.verdict.passed()).count();
    if failing == 0 {
        return Ok(Exit::Done);
    }
    let what = counted(failing, "test still fails", "tests still fail");
    session.say(&format!("{what}: whether a rule should match is for a person to say\n"));
    Ok(Exit::Remains)
}

/// The step that puts what was found in place of what was expected; nothing for what a test is right to complain of.
fn correction(file: &str, expect: &str, tested: &Tested, difference: &Difference) -> Option<Step> {
    let found = difference.found.as_ref();
    let (key, value) = match &difference.what {
        What::Capture(name) => (format!("captures/{}", pointed(name)), found.map(|text| literal(text))),
        What::File(path) => {
            let left = found.map_or(Value::Null, |text| literal(text));
            (format!("files/{}", pointed(path)), Some(left))
        }
        What::Commands => {
            let argv = |argv: &Vec<String>| argv.iter().map(|argument| literal(argument)).collect::<Value>();
            ("commands".to_owned(), Some(tested.commands.iter().map(argv).collect()))
        }
        What::Guide => ("guide".to_owned(), Some(literal(found.filter(|text| !text.is_empty())?))),
        What::Refused => {
            difference.expected.as_ref()?;
            ("refused".to_owned(), Some(literal(found.filter(|text| !text.is_empty())?)))
        }
    };
    let at = Document { file: Template(file.to_owned()), key: Template(format!("{expect}/{key}")) };
    let action = match value {
        Some(value) => Action::Set(heal_model::Set { at, value }),
        None => Action::Remove(heal_model::Remove { at }),
    };
    Some(Step::new(action))
}

/// A text as the value of a step: braces in it are not to be filled in.
fn literal(text: &str) -> Value {
    Value::from(text.replace("{{", "\\{{"))
}

/// A key as a part of a JSON pointer.
fn pointed(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1").replace("{{", "\\{{")
}

/// The plan of these steps, each of which rewrites a playbook, without the warning that a playbook is protected.
pub(super) fn planned(session: &Session<'_>, steps: Vec<Step>) -> Plan {
    let playbooks = [rewriting(steps)];
    let finding = Finding {
        rule: playbooks[0].rules[0].id.clone(),
        captures: BTreeMap::new(),
        values: BTreeMap::new(),
        span: None,
        location: None,
        excerpt: Vec::new(),
        diagnostic: None,
        count: 1,
        again: Vec::new(),
    };
    let (inspector, choices) = (Inspector::new(&playbooks), Choices::default());
    let context = Context {
        playbooks: &playbooks,
        world: &session.host,
        inspect: &inspector,
        choices: &choices,
        used: &session.used,
    };
    let mut planned = plan(&[finding], &context);
    planned.fixes.iter_mut().for_each(|fix| fix.warnings.clear());
    planned
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
