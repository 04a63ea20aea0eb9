use std::collections::{BTreeMap, BTreeSet};

use heal_model::{Inspect, Playbook, Rule, RuleId, Used, World};

/// What planning may know: the playbooks, the world, and what people have chosen.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// In rank: where two rules have one id, the first counts.
    pub playbooks: &'a [Playbook],
    /// The world as it is.
    pub world: &'a dyn World,
    /// Decides conditions.
    pub inspect: &'a dyn Inspect,
    /// What people have answered.
    pub choices: &'a Choices,
    /// What is known of the command whose output was looked at.
    pub used: &'a Used,
}

/// Answers that a person gave to `choose` steps: the name of an option, by rule and question.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Choices(BTreeMap<(RuleId, String), String>);

/// Where the rules of some findings are found, made once a call.
pub(crate) struct Index<'a>(BTreeMap<&'a RuleId, Ranked<'a>>);

/// A rule, its playbook and its rank among all.
#[derive(Clone, Copy)]
pub(crate) struct Ranked<'a> {
    /// 0 is the first.
    pub(crate) rank: usize,
    /// Where the rule is written.
    pub(crate) playbook: &'a Playbook,
    /// The rule.
    pub(crate) rule: &'a Rule,
}

impl Choices {
    /// Notes an answer; a later one to the same question replaces it.
    pub fn answer(&mut self, rule: RuleId, question: String, option: String) {
        self.0.insert((rule, question), option);
    }

    /// The option chosen for a question.
    #[must_use]
    pub fn get(&self, rule: &RuleId, question: &str) -> Option<&str> {
        self.0.get(&(rule.clone(), question.to_owned())).map(String::as_str)
    }
}

impl<'a> Index<'a> {
    /// Looks through all playbooks once, for the rules with these ids.
    pub(crate) fn new(playbooks: &'a [Playbook], ids: impl Iterator<Item = &'a RuleId>) -> Self {
        let ids: BTreeSet<&RuleId> = ids.collect();
        let rules =
            playbooks.iter().flat_map(|playbook| playbook.rules.iter().map(move |rule| (playbook, rule)));
        let mut index = BTreeMap::new();
        for (rank, (playbook, rule)) in rules.enumerate().filter(|(_, (_, rule))| ids.contains(&rule.id)) {
            index.entry(&rule.id).or_insert(Ranked { rank, playbook, rule });
        }
        Self(index)
    }

    /// A rule by its id.
    pub(crate) fn get(&self, id: &RuleId) -> Option<Ranked<'a>> {
        self.0.get(id).copied()
    }
}
