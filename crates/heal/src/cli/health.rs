use heal_model::{Plan, RuleId};

use super::exit::Exit;
use super::failure::Failure;
use super::session::{Rules, Session};
use super::tally::{reason, short};
use crate::report::Report;

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
    let (_, rule) = rules.named(name)?;
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
