use std::collections::BTreeMap;
use std::time::Duration;

use heal_exec::Deadline;
use heal_model::{Capture, Finding, Fix, Plan, PlanId, RuleId};
use heal_plan::select;

use super::event::{Event, What};
use crate::cli::finding::place;
use crate::cli::session::Rules;

/// What makes something the same as at the last look: its rule, and what that caught or what it would do.
type Key = (RuleId, BTreeMap<String, Capture>, String);

/// What held at the last look.
pub(super) struct Seen {
    holds: BTreeMap<Key, (String, Option<String>)>,
    /// What was mended, and what could not be.
    tried: BTreeMap<Key, Tried>,
    /// How long what could not be mended is left alone at first.
    wait: Duration,
    /// What could not be kept.
    unkept: Vec<String>,
}

/// When something is tried again.
enum Tried {
    /// Once it has been gone: it was mended.
    Mended,
    /// Once what would be done is another, or after a while, which doubles each time.
    Failed { plan: PlanId, until: Deadline, wait: Duration },
}

/// The longest that what could not be mended is left alone.
const LONGEST: Duration = Duration::from_secs(10 * 60);

impl Seen {
    /// Nothing yet; what can't be mended is left alone for twice this at first.
    pub(super) fn new(wait: Duration) -> Self {
        Self { holds: BTreeMap::new(), tried: BTreeMap::new(), wait, unkept: Vec::new() }
    }

    /// Lets all be tried again.
    pub(super) fn forget_tries(&mut self) {
        self.tried.clear();
    }

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
        self.tried.retain(|key, _| now.contains_key(key));
        self.holds = now;
        events
    }

    /// Whether other things can't be kept than at the last look.
    pub(super) fn is_news(&mut self, unkept: &[String]) -> bool {
        let is_news = self.unkept != unkept;
        self.unkept = unkept.to_vec();
        is_news
    }

    /// The part of a plan that was not tried yet, or may be tried again.
    pub(super) fn untried(&self, plan: &Plan) -> Plan {
        select(plan, &|_| true, &|fix| match self.tried.get(&key(&plan.fixes[fix])) {
            None => true,
            Some(Tried::Mended) => false,
            Some(Tried::Failed { plan: before, until, .. }) => until.is_over() || id(plan, fix) != *before,
        })
    }

    /// Remembers what was tried, and whether it helped.
    pub(super) fn tried(&mut self, plan: &Plan, has_helped: bool) {
        for (index, fix) in plan.fixes.iter().enumerate() {
            let before = self.tried.get(&key(fix));
            let wait = match before {
                Some(Tried::Failed { wait, .. }) => *wait,
                _ => self.wait,
            };
            let wait = wait.saturating_mul(2).min(LONGEST);
            let tried = match has_helped {
                true => Tried::Mended,
                false => Tried::Failed { plan: id(plan, index), until: Deadline::within(wait), wait },
            };
            self.tried.insert(key(fix), tried);
        }
    }
}

fn event(what: What, key: &Key, (title, place): &(String, Option<String>)) -> Event {
    Event { what, rule: Some(key.0.clone()), title: title.clone(), place: place.clone(), operation: None }
}

/// What one fix of a plan comes to.
fn id(plan: &Plan, fix: usize) -> PlanId {
    select(plan, &|_| true, &|one| one == fix).id
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
