use heal_model::{Action, Document, Origin, Place, Rule, Safety, Step, Template};
use serde_json::Value;

use super::super::arguments::{Consent, Learn};
use super::super::carry::{Call, Carried, carry_out};
use super::super::exit::{Exit, Failure};
use super::super::explain::known;
use super::super::session::{Rules, Session};
use super::super::style::Style;
use super::super::update;
use crate::report::Report;

/// Where a rule is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// One step further.
    Up,
    /// One step less far.
    Down,
}

/// `heal learn --promote` and `--demote`: how far a learned rule may go, by a person's word.
pub(super) fn judge(session: &mut Session<'_>, rules: &Rules, name: &str, way: Way) -> Result<Exit, Failure> {
    let (_, rule) = known(rules, name)?;
    if rule.learned.is_none() {
        let message = format!("{} was not learned: how far it may go stands in its playbook", rule.id);
        return Err(Failure::new(Exit::Usage, message).help("change its `safety` there"));
    }
    let Some(safety) = moved(rule.safety, way) else {
        session.say(&format!("{} is {} already.\n", rule.id, rule.safety));
        return Ok(Exit::Done);
    };
    session.host.say(rule, safety).map_err(|error| Failure::of(Exit::Refused, &error))?;
    let style = session.console.style();
    if session.is_text() {
        session.console.out(&told(rule, safety, style));
    } else {
        let mut report = Report::of("learn");
        let rule = Rule { safety, ..rule.clone() };
        let (playbook, _) = known(rules, name)?;
        report.rules.push(rules.reported(&rule, playbook, rules.warrant.covers(&playbook.origin)));
        session.console.json(&report);
    }
    Ok(Exit::Done)
}

fn moved(safety: Safety, way: Way) -> Option<Safety> {
    match (safety, way) {
        (Safety::Manual, Way::Up) | (Safety::Safe, Way::Down) => Some(Safety::Unsafe),
        (Safety::Unsafe, Way::Up) => Some(Safety::Safe),
        (Safety::Unsafe, Way::Down) => Some(Safety::Manual),
        (Safety::Safe, Way::Up) | (Safety::Manual, Way::Down) => None,
    }
}

fn told(rule: &Rule, safety: Safety, style: Style) -> String {
    let means = match safety {
        Safety::Manual => "heal shows what it would do, and leaves it to you",
        Safety::Unsafe => "heal asks before it applies it, or takes --unsafe",
        Safety::Safe => "heal applies it with --yes",
    };
    format!("{} is {} now: {means}\n", rule.id, style.safety(safety))
}

/// `heal learn --sync`: writes how far learned rules may go by now into their playbooks, as an edit like any other.
pub(super) fn sync(session: &mut Session<'_>, rules: &Rules, wanted: &Learn) -> Result<Exit, Failure> {
    let mut steps = Vec::new();
    for playbook in &rules.library.playbooks {
        let Origin::Repository(path) = &playbook.origin else { continue };
        for (index, rule) in playbook.rules.iter().enumerate() {
            let is_other =
                rules.standing.get(&rule.id).is_some_and(|standing| standing.written != rule.safety);
            if is_other {
                steps.push(written(path, index, rule.safety));
            }
        }
    }
    if steps.is_empty() {
        session.say("Every learned rule's playbook says how far it may go.\n");
        return Ok(Exit::Done);
    }
    let planned = update::planned(session, steps);
    let consent = Consent {
        yes: wanted.yes,
        dry_run: wanted.dry_run,
        also_unsafe: true,
        deadline: Some(30),
        plan: None,
    };
    let call = Call { consent: &consent, rerun: None, next: "heal learn --sync --yes" };
    match carry_out(session, rules, &planned, &call, &mut Report::of("learn"))? {
        Carried::Out { exit: Exit::Done, .. } => {
            let hint = session.console.style().code("heal trust");
            session.say(&format!("The playbook has changed: {hint} lets it act again.\n"));
            Ok(Exit::Done)
        }
        Carried::Out { exit, .. } => Ok(exit),
        Carried::Nothing | Carried::Declined => Ok(Exit::Done),
    }
}

fn written(path: &str, index: usize, safety: Safety) -> Step {
    let at = Document { file: Template(path.to_owned()), key: Template(format!("/rules/{index}/safety")) };
    let action = Action::Set(heal_model::Set { at, value: Value::from(safety.to_string()) });
    Step { action, bind: None, when: None, retry: None, timeout: None, place: Place::default() }
}
