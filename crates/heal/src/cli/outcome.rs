use heal_model::{Doubt, Finding, Fix, Plan, Refusal, RefusalCode};

use super::arguments::{Consent, Match};
use super::carry::{Call, Carried, carry_out};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::observed::words;
use super::session::{Rules, Session};
use super::style::counted;
use crate::report::{self, Report};

/// What was found, beside what could not be looked at.
#[derive(Default)]
pub(super) struct Sight {
    pub(super) findings: Vec<Finding>,
    pub(super) doubts: Vec<Doubt>,
}

impl Sight {
    /// Doubts go to standard error: they are about heal's own work.
    pub(super) fn tell_doubts(&self, console: &mut Console) {
        let style = console.err_style();
        for doubt in &self.doubts {
            let rule = doubt.rule.as_ref().map(|rule| format!("{rule}: ")).unwrap_or_default();
            console.err(&format!("{} {rule}{}\n", style.warn("note:"), doubt.message));
        }
    }
}

/// Previews what `match` planned, asks, applies, and says how it ended.
pub(super) fn finish(
    session: &mut Session<'_>,
    rules: &Rules,
    wanted: &Match,
    sight: &Sight,
    planned: &Plan,
) -> Result<Exit, Failure> {
    let mut report = Report::of("match");
    report.findings = sight.findings.iter().filter_map(|finding| told(rules, finding)).collect();
    report.doubts = sight.doubts.iter().map(|doubt| doubt.message.clone()).collect();
    if session.is_text() {
        tell_untrusted(session, rules, sight.findings.iter());
        sight.tell_doubts(session.console);
    }
    let on_terminal = session.console.is_terminal && session.is_text();
    let asked = wanted.fix || wanted.consent.plan.is_some();
    let may_apply = asked || (on_terminal && !wanted.consent.dry_run);
    let consent = Consent { dry_run: !may_apply || wanted.consent.dry_run, ..wanted.consent.clone() };
    let rerun = wanted.command.as_deref().and_then(words);
    let next = if wanted.fix { Call::NOT_DRY } else { Call::FIX };
    let call = Call { rerun: rerun.as_deref(), ..Call::new(&consent, next) };
    let carried = carry_out(session, rules, planned, &call, &mut report)?;
    let left = |applied: &Plan| remains(rules, &sight.findings, planned, applied);
    Ok(match carried {
        Carried::Out { exit: Exit::Done, applied, .. } if asked && left(&applied) => Exit::Remains,
        Carried::Out { exit, .. } => exit,
        _ if !asked => Exit::Done,
        Carried::Nothing if !left(&Plan::default()) => {
            if planned.refusals.is_empty() {
                session.say("Nothing to do: it is mended already.\n");
            }
            Exit::Done
        }
        Carried::Nothing if is_refused(rules, &sight.findings, planned) => Exit::Refused,
        _ => Exit::Remains,
    })
}

/// Whether something that was found is not mended by what was applied.
///
/// A finding that only tells what to do about lines which a fix has mended is mended with them.
pub(super) fn remains(rules: &Rules, findings: &[Finding], planned: &Plan, applied: &Plan) -> bool {
    let changes =
        |plan: &Plan| -> usize { plan.fixes.iter().map(|fix| fix.parts.len() + fix.commands.len()).sum() };
    let mended: Vec<&Finding> =
        findings.iter().filter(|finding| is_mended(rules, finding, planned, applied)).collect();
    let is_open = |finding: &Finding| {
        !rules.may_act(finding) || !mended.iter().any(|other| *other == finding || other.overlaps(finding))
    };
    planned.refusals.iter().any(Refusal::is_open)
        || changes(planned) > changes(applied)
        || findings.iter().any(is_open)
}

/// Whether a finding's own fix was applied, or had nothing left to do.
fn is_mended(rules: &Rules, finding: &Finding, planned: &Plan, applied: &Plan) -> bool {
    let of = |plan: &Plan| plan.fixes.iter().find(|fix| fix.finding.as_ref() == Some(finding)).map(Fix::acts);
    let has_steps = rules.of(finding).is_some_and(|(rule, _)| !rule.steps.is_empty());
    let mut refused = planned.refusals.iter().filter(|refusal| refusal.rule == finding.rule);
    let is_refused = refused.any(Refusal::is_open);
    of(applied).unwrap_or(false)
        || (of(planned).is_none() && has_steps && !is_refused && rules.may_act(finding))
}

/// Whether what was found was refused: by trust, or since it lies where no rule may reach.
fn is_refused(rules: &Rules, findings: &[Finding], planned: &Plan) -> bool {
    let codes = [RefusalCode::Outside, RefusalCode::Protected, RefusalCode::Untrusted];
    findings.iter().any(|finding| !rules.may_act(finding))
        || planned.refusals.iter().any(|refusal| codes.contains(&refusal.code))
}

/// A finding as it is reported.
pub(super) fn told(rules: &Rules, finding: &Finding) -> Option<report::Finding> {
    let (rule, title) = rules.of(finding)?;
    Some(report::findings(finding, rule, &title, rules.may_act(finding)))
}

/// Says which findings belong to playbooks that may not act yet.
pub(super) fn tell_untrusted<'a>(
    session: &mut Session<'_>,
    rules: &Rules,
    findings: impl Iterator<Item = &'a Finding>,
) {
    let style = session.console.style();
    let untrusted = findings.filter(|finding| !rules.may_act(finding));
    let has_changed = |finding: &&Finding| rules.owner(finding).is_some_and(|owner| rules.has_changed(owner));
    let (changed, new): (Vec<&Finding>, Vec<&Finding>) = untrusted.partition(has_changed);
    let trust = style.code("heal trust");
    let told = [
        (
            changed,
            format!("playbooks that changed since they were trusted; {trust} shows what, and asks again"),
        ),
        (new, format!("playbooks that only name what they see; {trust} allows them to act")),
    ];
    for (findings, of) in told.iter().filter(|(findings, _)| !findings.is_empty()) {
        let what = counted(findings.len(), "finding is", "findings are");
        session.console.out(&format!("{what} of {of}\n"));
    }
}

/// Whether a required file is missing: then a person must act first.
pub(super) fn requires_a_person(plan: &Plan) -> bool {
    plan.refusals.iter().any(|refusal| refusal.code == RefusalCode::Required)
}
