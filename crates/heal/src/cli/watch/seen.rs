use std::collections::{BTreeMap, BTreeSet};

use heal_model::{Capture, Finding, Fix, Plan, RuleId};
use heal_plan::select;

use super::event::{Event, What};
use crate::cli::finding::place;
use crate::cli::session::Rules;

/// What makes something the same as at the last look: its rule, and what that caught or what it would do.
type Key = (RuleId, BTreeMap<String, Capture>, String);

/// What held at the last look.
#[derive(Default)]
pub(super) struct Seen {
    holds: BTreeMap<Key, (String, Option<String>)>,
    /// What was mended or could not be: it is tried again once it has been gone.
    tried: BTreeSet<Key>,
    /// What could not be kept.
    unkept: Vec<String>,
}

impl Seen {
    /// Takes in what holds now: findings, and files that a playbook would make or mend; gives what has changed.
    pub(super) fn update(&mut self, rules: &Rules, findings: &[Finding], plan: &Plan) -> Vec<Event> {
        let found = findings.iter().map(|finding| {
            let title = rules.of(finding).map_or_else(|| finding.rule.to_string(), |(_, title)| title);
            (of_finding(finding), (title, place(finding, None)))
        });
        let files = plan.fixes.iter().filter(|fix| fix.finding.is_none() && fix.acts());
        let files = files.map(|fix| (key(fix), (fix.title.clone(), None)));
        let now: BTreeMap<Key, _> = found.chain(files).collect();
        let gone = self.holds.iter().filter(|(key, _)| !now.contains_key(*key));
        let came = now.iter().filter(|(key, _)| !self.holds.contains_key(*key));
        let mut events: Vec<Event> = gone.map(|(key, told)| event(What::Gone, key, told)).collect();
        events.extend(came.map(|(key, told)| event(What::Found, key, told)));
        self.tried.retain(|key| now.contains_key(key));
        self.holds = now;
        events
    }

    /// Whether other things can't be kept than at the last look.
    pub(super) fn is_news(&mut self, unkept: &[String]) -> bool {
        let is_news = self.unkept != unkept;
        self.unkept = unkept.to_vec();
        is_news
    }

    /// The part of a plan that was not tried yet.
    pub(super) fn untried(&self, plan: &Plan) -> Plan {
        select(plan, &|_| true, &|fix| !self.tried.contains(&key(&plan.fixes[fix])))
    }

    /// Remembers what is tried now.
    pub(super) fn tried(&mut self, plan: &Plan) {
        self.tried.extend(plan.fixes.iter().map(key));
    }
}

fn event(what: What, key: &Key, (title, place): &(String, Option<String>)) -> Event {
    Event { what, rule: Some(key.0.clone()), title: title.clone(), place: place.clone(), operation: None }
}

fn key(fix: &Fix) -> Key {
    match &fix.finding {
        Some(finding) => of_finding(finding),
        None => (fix.rule.clone(), BTreeMap::new(), fix.title.clone()),
    }
}

fn of_finding(finding: &Finding) -> Key {
    (finding.rule.clone(), finding.captures.clone(), String::new())
}
