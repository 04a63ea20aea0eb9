use std::collections::BTreeMap;

use heal_exec::Tally;
use heal_model::{Plan, Playbook, RuleId, Safety};

use super::exit::Exit;
use super::failure::Failure;
use super::session::{Rules, Session};
use super::style::{Style, counted};
use crate::report::Report;

/// Leaves rules that fail too often to a person: heal shows what they would do, and does not do it.
pub(super) fn hold_back(playbooks: &mut [Playbook], held: &BTreeMap<RuleId, Tally>) {
    let rules = playbooks.iter_mut().flat_map(|playbook| &mut playbook.rules);
    rules.filter(|rule| held.contains_key(&rule.id)).for_each(|rule| rule.safety = Safety::Manual);
}

/// Why a rule is held back, and how it is set free.
pub(super) fn reason(rule: &RuleId, tally: Tally, style: Style) -> String {
    format!("{}; {} sets it free", short(tally), style.code(&format!("heal trust --rule {rule}")))
}

/// Why a rule is held back, in a few words.
pub(super) fn short(tally: Tally) -> String {
    let parts = [(tally.rolled_back, "did not help"), (tally.undone, "undone")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let parts: Vec<String> = parts.collect();
    format!("{} of its {} fixes here failed ({})", tally.failed(), tally.applied, parts.join(", "))
}

/// What has become of a rule's fixes here; nothing where there were none.
pub(super) fn standing(tally: Tally) -> Option<String> {
    let Tally { applied, verified, rolled_back, undone } = tally;
    let parts = [(verified, "seen to help"), (rolled_back, "did not help"), (undone, "undone")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let parts: Vec<String> =
        std::iter::once(format!("applied {}", counted(applied as usize, "time", "times")))
            .chain(parts)
            .collect();
    (applied > 0).then(|| parts.join(", "))
}

/// Says which rules of a plan are held back, and why.
pub(super) fn tell_held(session: &mut Session<'_>, rules: &Rules, planned: &Plan, report: &mut Report) {
    let style = session.console.style();
    let asks = |rule: &RuleId| planned.fixes.iter().any(|fix| fix.rule == *rule && fix.acts());
    for (rule, tally) in rules.held().iter().filter(|(rule, _)| asks(rule)) {
        session.say(&format!("{} {rule}: {}\n", style.warn("held back:"), reason(rule, *tally, style)));
        report.doubts.push(format!("{rule} is held back: {}", short(*tally)));
    }
}

/// `heal trust --rule`: a rule that was held back may act again as its playbook says.
pub(super) fn set_free(session: &mut Session<'_>, name: &str) -> Result<Exit, Failure> {
    let rules = session.rules(&[])?;
    let (_, rule) = super::explain::known(&rules, name)?;
    let id = rule.id.clone();
    if !rules.held().contains_key(&id) {
        session.say(&format!("{id} is not held back here.\n"));
        return Ok(Exit::Done);
    }
    session.host.set_free(&id).map_err(|error| Failure::of(Exit::Refused, &error))?;
    let style = session.console.style();
    let safety = style.safety(rule.safety);
    session.say(&format!("{} {id}: {safety} again, and counted anew\n", style.good("set free")));
    Ok(Exit::Done)
}
