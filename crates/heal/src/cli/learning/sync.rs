use heal_learn::Trial;
use heal_model::{Action, Document, Incident, Origin, Rule, Set, Step, Template};
use serde_json::Value;

use super::super::arguments::{Consent, Learn};
use super::super::carry::{Call, Carried, carry_out};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::{Rules, Session};
use super::super::update;
use crate::report::Report;

/// `heal learn --sync`: writes into their playbooks how far learned rules may go by now, and the incidents on record
/// that they would have mended as a person did, as an edit like any other.
pub(super) fn sync(session: &mut Session<'_>, rules: &Rules, wanted: &Learn) -> Result<Exit, Failure> {
    let incidents = session.host.recorded().incidents;
    let mut steps = Vec::new();
    for playbook in &rules.library.playbooks {
        let Origin::Repository(path) = &playbook.origin else { continue };
        for (index, rule) in playbook.rules.iter().enumerate() {
            let standing = rules.standing.get(&rule.id).filter(|standing| standing.written != rule.safety);
            if standing.is_some() {
                steps.push(set(path, format!("/rules/{index}/safety"), rule.safety.to_string().into()));
            }
            let key = format!("rules[{index}].learned.incidents[+]");
            steps.extend(mended(rule, &incidents).map(|id| set(path, key.clone(), id.into())));
        }
    }
    if steps.is_empty() {
        session.say("Every learned rule's playbook says how far it may go, and what it rests on.\n");
        return Ok(Exit::Done);
    }
    let planned = update::planned(session, steps);
    let consent =
        Consent { yes: wanted.yes, dry_run: wanted.dry_run, also_unsafe: true, ..Consent::default() };
    let call = Call::new(&consent, "heal learn --sync --yes");
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

/// The incidents that a learned rule mends as a person did, and that it does not name yet.
fn mended<'a>(rule: &'a Rule, incidents: &'a [Incident]) -> impl Iterator<Item = &'a str> {
    let trial = rule.learned.as_ref().and_then(|learned| Some((Trial::new(rule)?, learned)));
    let is_new = move |incident: &&Incident| {
        let is_new = |(trial, learned): &(Trial<'_>, &heal_model::Provenance)| {
            !learned.incidents.contains(&incident.id) && trial.mends(incident)
        };
        trial.as_ref().is_some_and(is_new)
    };
    incidents.iter().filter(is_new).map(|incident| incident.id.as_str())
}

fn set(path: &str, key: String, value: Value) -> Step {
    let at = Document { file: Template(path.to_owned()), key: Template(key) };
    let action = Action::Set(Set { at, value });
    Step::new(action)
}
