use heal_model::{Action, Lesson, Place, Playbook, Rule, RuleId, Step};

use super::{AmendError, parsed};

/// Sees to it that a new text is the old one and a lesson, and nothing else.
pub(super) fn whole(old: &Playbook, text: &str, new: &str, lesson: &Lesson) -> Result<(), AmendError> {
    lines_survive(text, new)?;
    let (mut playbook, _) = parsed(new).map_err(AmendError::NotLoadable)?;
    let id = RuleId::new(&old.name, lesson.rule.id.rule());
    let written = playbook.rules.pop().map(placeless);
    let meant = placeless(Rule { id: id.clone(), ..lesson.rule.clone() });
    if written != Some(meant) {
        return Err(AmendError::Differs { id });
    }
    let (old, new) = (placeless_all(old.clone()), placeless_all(playbook));
    let differing =
        old.rules.iter().zip(&new.rules).find(|(old, new)| old != new).map(|(old, _)| old.id.clone());
    if old == new { Ok(()) } else { Err(AmendError::Differs { id: differing.unwrap_or(id) }) }
}

/// Each line of the old text must be in the new one, in the same order.
fn lines_survive(text: &str, new: &str) -> Result<(), AmendError> {
    let mut rest = new.lines();
    for (index, line) in text.lines().enumerate() {
        if !rest.any(|kept| kept == line) {
            return Err(AmendError::LosesLine { line: index + 1 });
        }
    }
    Ok(())
}

fn placeless_all(mut playbook: Playbook) -> Playbook {
    playbook.rules = playbook.rules.into_iter().map(placeless).collect();
    playbook.files.iter_mut().for_each(|file| file.place = Place::default());
    playbook
}

/// A rule without where it is written: lines move, and that is no difference.
fn placeless(mut rule: Rule) -> Rule {
    rule.place = Place::default();
    rule.tests.iter_mut().for_each(|test| test.place = Place::default());
    rule.steps.iter_mut().for_each(placeless_step);
    rule
}

fn placeless_step(step: &mut Step) {
    step.place = Place::default();
    if let Action::Choose(choose) = &mut step.action {
        choose.options.iter_mut().flat_map(|option| &mut option.steps).for_each(placeless_step);
    }
}
