use heal_model::{Rule, Safety};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::{Rules, Session};
use super::super::style::Style;
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
    let (_, rule) = rules.named(name)?;
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
        let (playbook, _) = rules.named(name)?;
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
