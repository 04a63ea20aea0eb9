use heal_model::{Action, Playbook, Rule, RuleId, Step};

use crate::bank::{Bank, PatternId};
use crate::scan::{Role, Shown, Watch};
use crate::ways::{Passing, Way, ways};

/// The rules, taken apart into what is searched for.
pub(crate) struct Rules {
    pub(crate) rules: Vec<Entry>,
    pub(crate) watches: Vec<Watch>,
    pub(crate) bank: Bank,
    /// For each pattern of the bank: which watches use it, and as what.
    pub(crate) uses: Vec<Vec<(usize, Role)>>,
}

/// One rule, and the ways its trigger can hold.
pub(crate) struct Entry {
    pub(crate) id: RuleId,
    pub(crate) ways: Result<Vec<Way>, &'static str>,
    shown: Shown,
}

impl Rules {
    pub(crate) fn new(playbooks: &[Playbook]) -> Self {
        let rules = playbooks.iter().flat_map(|playbook| &playbook.rules);
        let rules: Vec<Entry> = rules.map(Entry::new).collect();
        let mut bank = Bank::default();
        let mut watches = Vec::new();
        for (place, rule) in rules.iter().enumerate() {
            for way in rule.ways() {
                if let Some(Passing::Output(output)) = &way.passing
                    && !output.lines.is_empty()
                {
                    watches.push(Watch::new(place, output, rule.shown, &mut bank));
                }
            }
        }
        let mut uses: Vec<Vec<(usize, Role)>> = vec![Vec::new(); bank.len()];
        for (place, watch) in watches.iter().enumerate() {
            for (pattern, role) in watch.uses() {
                uses[pattern].push((place, role));
            }
        }
        Self { rules, watches, bank, uses }
    }

    /// The rule with this id.
    pub(crate) fn get(&self, id: &RuleId) -> Option<&Entry> {
        self.rules.iter().find(|rule| rule.id == *id)
    }

    /// The rule that uses a pattern first.
    pub(crate) fn user(&self, pattern: PatternId) -> Option<&RuleId> {
        let (watch, _) = self.uses[pattern].first()?;
        Some(&self.rules[self.watches[*watch].rule].id)
    }
}

impl Entry {
    fn new(rule: &Rule) -> Self {
        let shown = if takes_a_diff(&rule.steps) { Shown::all() } else { Shown::Matched };
        Self { id: rule.id.clone(), ways: ways(&rule.trigger), shown }
    }

    /// The ways, none where the trigger can't be taken apart.
    pub(crate) fn ways(&self) -> &[Way] {
        self.ways.as_deref().unwrap_or_default()
    }
}

/// Whether some step takes a diff out of the output.
fn takes_a_diff(steps: &[Step]) -> bool {
    steps.iter().any(|step| match &step.action {
        Action::Patch(patch) => patch.diff.is_none(),
        Action::Choose(choose) => choose.options.iter().any(|option| takes_a_diff(&option.steps)),
        _ => false,
    })
}
