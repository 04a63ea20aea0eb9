use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use heal_model::{Rule, RuleId, Safety, Time};
use serde::{Deserialize, Serialize};

use crate::hash::sha256;
use crate::state::{StateError, open_folder};
use crate::world::now;
use crate::{Host, seal, sys};

/// The file that holds what was said of learned rules.
const FILE: &str = "standing";
const VERSION: u32 = 1;
/// How long is waited for another heal at work in the project.
const PATIENCE: Duration = Duration::from_secs(10);

/// What persons have said of learned rules in one project: how far each may go.
///
/// It is bound to what a rule finds and does, so that a rule that has changed under its name starts anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    said: BTreeMap<RuleId, Word>,
}

/// What a person has said of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// How far it may go.
    pub safety: Safety,
    /// When that was said.
    pub at: Time,
    /// A hash of what the rule finds and does.
    rule: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    v: u32,
    rules: BTreeMap<RuleId, Word>,
}

impl Host {
    /// What was said of learned rules here. What can't be read counts as nothing said.
    #[must_use]
    pub fn words(&self) -> Words {
        let path = self.state_folder().map(|folder| folder.join(FILE));
        let text = path.ok().and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        let written: Result<Written, _> = seal::open(&text, VERSION);
        Words { said: written.map(|written| written.rules).unwrap_or_default() }
    }

    /// Writes down how far a rule may go, by a person's word. What it has done so far no longer counts.
    ///
    /// # Errors
    /// When that can't be written down.
    pub fn say(&self, rule: &Rule, safety: Safety) -> Result<(), StateError> {
        self.set_free(&rule.id)?;
        let state = self.state()?;
        let _lock = state.lock(PATIENCE)?;
        let mut rules = self.words().said;
        rules.insert(rule.id.clone(), Word { safety, at: now(), rule: essence(rule) });
        let text = seal::seal(&Written { v: VERSION, rules }).expect("rules are text");
        let folder = self.state_folder()?;
        let written = open_folder(&folder).and_then(|open| {
            sys::write_over(&open, FILE, text.as_bytes())?;
            sys::sync(&open)
        });
        let path = folder.join(FILE).display().to_string();
        written.map_err(|source| StateError::Folder { path, source })
    }
}

impl Words {
    /// What was said of a rule as it is now.
    #[must_use]
    pub fn of(&self, rule: &Rule) -> Option<&Word> {
        self.said.get(&rule.id).filter(|word| word.rule == essence(rule))
    }
}

/// A hash of what a rule finds and does, wherever it is written.
pub(crate) fn essence(rule: &Rule) -> String {
    let steps: Vec<_> = rule.steps.iter().map(|step| (&step.action, &step.bind, &step.when)).collect();
    let whole = (&rule.captures, &rule.trigger, steps, &rule.verify);
    sha256(serde_json::to_string(&whole).expect("a rule has text keys alone").as_bytes())
}
