use heal_model::{Finding, Fix, Overlay, Plan, Refusal, Rule, Safety, Template, Verify, World};

use crate::context::{Context, Index, Ranked};
use crate::draft::Draft;
use crate::outcome::{Outcome, Tried};
use crate::question::Question;
use crate::refused::Refused;
use crate::title::title;
use crate::{steps, when};

/// Plans what to do about each finding; where fixes want the same place, the rule that is first in rank has it.
///
/// Never fails: a finding that nothing can be done about is in the plan's refusals, with the reason. A finding whose
/// fix would change nothing is in neither.
#[must_use]
pub fn plan(findings: &[Finding], context: &Context<'_>) -> Plan {
    all(findings, context).plan()
}

/// What people would have to be asked for these findings to be planned as they wish.
///
/// Those that have a default are among them; a plan takes it unless an answer is given.
#[must_use]
pub fn questions(findings: &[Finding], context: &Context<'_>) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for question in all(findings, context).asked {
        let is_same = |other: &Question| other.rule == question.rule && other.question == question.question;
        if !questions.iter().any(is_same) {
            questions.push(question);
        }
    }
    questions
}

/// Plans the steps that a fix has left for after its commands, in the world as it is now.
#[must_use]
pub fn rest(fix: &Fix, context: &Context<'_>) -> Plan {
    let mut outcome = Outcome::default();
    let index = Index::new(context.playbooks, std::iter::once(&fix.rule));
    if let (Some(rest), Some(finding)) = (&fix.rest, &fix.finding)
        && let Some(found) = index.get(&fix.rule)
    {
        let mut draft = Draft::new(context, found.playbook, Some(found.rule), Some(finding));
        draft.fix.title.clone_from(&fix.title);
        draft.scope.bindings.clone_from(&rest.bindings);
        outcome.take(Tried::new(draft, |draft| steps_of(draft, found.rule, rest.step)));
    }
    let mut plan = outcome.plan();
    // The command before has done it: that is no news.
    plan.refusals.retain(Refusal::is_open);
    plan
}

fn all(findings: &[Finding], context: &Context<'_>) -> Outcome {
    // All fixes of one plan see the same files.
    let world = Overlay::new(context.world);
    let context = &Context { world: &world, ..*context };
    let index = Index::new(context.playbooks, findings.iter().map(|finding| &finding.rule));
    let mut known: Vec<_> =
        findings.iter().filter_map(|finding| Some((index.get(&finding.rule)?, finding))).collect();
    // What heal never applies must not keep what it may apply from its place.
    known.sort_by_key(|(found, _)| (found.rule.safety == Safety::Manual, found.rank));
    let mut outcome = Outcome::default();
    for (found, finding) in known {
        let again = |world: &dyn World| whole(found, finding, &Context { world, ..*context });
        outcome.take_upon(whole(found, finding, context), context.world, again);
    }
    outcome
}

/// Plans a finding's whole fix in one world.
fn whole(found: Ranked<'_>, finding: &Finding, context: &Context<'_>) -> Tried {
    let mut draft = Draft::new(context, found.playbook, Some(found.rule), Some(finding));
    draft.fix.title = title(found.rule, finding, found.playbook);
    Tried::new(draft, |draft| steps_of(draft, found.rule, 0))
}

fn steps_of(draft: &mut Draft<'_>, rule: &Rule, from: usize) -> Result<(), Refused> {
    steps::plan(draft, &rule.steps, from)?;
    let verify = rule.verify.as_ref().map(|verify| filled(draft, verify)).transpose();
    // What the steps that are left will bind is not known yet; their own plan has the verification.
    draft.fix.verify = if draft.fix.rest.is_some() { verify.unwrap_or_default() } else { verify? };
    Ok(())
}

/// How it is known that a fix helped, with nothing left to fill in.
fn filled(draft: &Draft<'_>, verify: &Verify) -> Result<Verify, Refused> {
    let command = |command: &Vec<Template>| {
        command.iter().map(|argument| draft.argument(argument).map(Template)).collect::<Result<Vec<_>, _>>()
    };
    let conditions = verify.conditions.iter().map(|condition| when::filled(draft, condition));
    Ok(Verify {
        command: verify.command.as_ref().map(command).transpose()?,
        conditions: conditions.collect::<Result<_, _>>()?,
        ..verify.clone()
    })
}
