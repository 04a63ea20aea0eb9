use heal_match::Matcher;
use heal_model::{Finding, Incident, Observation, Overlay, Plan, Playbook, RuleId, Used, World};
use heal_plan::{Choices, Context, plan};

use crate::{Diagnostics, Reading, find};

/// The rules of a project, asked whether they mend what was mended by hand.
pub(super) struct Known<'a> {
    playbooks: &'a [Playbook],
    matcher: Matcher,
    diagnostics: Diagnostics,
    world: &'a dyn World,
}

impl<'a> Known<'a> {
    /// Makes the rules ready. `world` is the project as it is.
    pub(super) fn new(playbooks: &'a [Playbook], reading: &Reading, world: &'a dyn World) -> Self {
        let diagnostics = Diagnostics::wanted(reading);
        Self { playbooks, matcher: Matcher::new(playbooks), diagnostics, world }
    }

    /// The rule that does to each incident what a person did, in the files as they were then.
    pub(super) fn mends(&self, incidents: &[&Incident]) -> Option<RuleId> {
        let (first, rest) = incidents.split_first()?;
        self.menders(first).into_iter().find(|rule| rest.iter().all(|one| self.menders(one).contains(rule)))
    }

    /// The rules that do to one incident what a person did.
    fn menders(&self, incident: &Incident) -> Vec<RuleId> {
        let Some(ending) = incident.ending.as_ref() else { return Vec::new() };
        let mut world = Overlay::new(self.world);
        for change in &ending.changes {
            world.write(change.path.clone(), change.before.clone());
        }
        let about = Observation { command: incident.command.clone(), exit: incident.exit, stream: None };
        let output = incident.output.as_bytes();
        let findings = find(&self.matcher, output, &about, self.diagnostics.anew(), &world);
        let mut rules: Vec<&RuleId> = findings.iter().map(|finding| &finding.rule).collect();
        rules.dedup();
        let does_so = |rule: &&RuleId| {
            let own: Vec<Finding> = findings.iter().filter(|one| one.rule == **rule).cloned().collect();
            let planned = self.plan(&own, incident, &world);
            let is_same = |edit: &heal_model::Edit| {
                ending.changes.iter().any(|one| one.path == edit.path && one.after == edit.content.after)
            };
            !planned.edits.is_empty() && planned.edits.iter().all(is_same)
        };
        rules.into_iter().filter(does_so).cloned().collect()
    }

    fn plan(&self, findings: &[Finding], incident: &Incident, world: &dyn World) -> Plan {
        let used = Used { command: incident.command.clone(), ..Used::default() };
        plan(
            findings,
            &Context {
                playbooks: self.playbooks,
                world,
                inspect: self.matcher.inspector(),
                choices: &Choices::default(),
                used: &used,
            },
        )
    }
}
