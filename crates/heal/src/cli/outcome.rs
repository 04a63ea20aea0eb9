use heal_model::{Doubt, Finding, Plan, RefusalCode, Safety};

use super::act;
use super::arguments::{Consent, Format, Match};
use super::consent::{self, Agreed, acts};
use super::console::Console;
use super::diff;
use super::exit::{Exit, Failure};
use super::observed::words;
use super::receipt;
use super::session::{Rules, Session};
use super::style::counted;
use crate::report::{self, Annotation, Report, Weight, github, sarif};

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
        let repeated = repeated(&sight.findings);
        session.console.out(&repeated);
        tell_untrusted(session, rules, &sight.findings);
        sight.tell_doubts(session.console);
    }
    let on_terminal = session.console.is_terminal && session.is_text();
    let may_apply = wanted.fix || wanted.consent.plan.is_some() || (on_terminal && !wanted.consent.dry_run);
    let consent = Consent { dry_run: !may_apply, ..wanted.consent.clone() };
    let rerun = wanted.command.as_deref().and_then(words);
    let exit = carry_out(session, rules, planned, &consent, rerun.as_deref(), &mut report)?;
    let asked = wanted.fix || wanted.consent.plan.is_some();
    Ok(match exit {
        Carried::Nothing | Carried::Declined if !asked => Exit::Done,
        Carried::Nothing if sight.findings.iter().any(|finding| !rules.may_act(finding)) => Exit::Refused,
        Carried::Nothing | Carried::Declined => Exit::Remains,
        Carried::Out(Exit::Done) if report.receipts.is_empty() => Exit::Remains,
        Carried::Out(exit) => exit,
    })
}

/// How far a plan was carried out.
pub(super) enum Carried {
    /// There was nothing to do.
    Nothing,
    /// It was shown, and not applied.
    Declined,
    /// It was applied, and ended like this.
    Out(Exit),
}

/// Shows a plan, asks, applies it, and prints what came of it, in the call's format.
pub(super) fn carry_out(
    session: &mut Session<'_>,
    rules: &Rules,
    planned: &Plan,
    consent: &Consent,
    rerun: Option<&[String]>,
    report: &mut Report,
) -> Result<Carried, Failure> {
    report.plan = Some(report::plan(planned));
    if session.is_text() {
        let shown = diff::plan(planned, session.console.style());
        if !shown.is_empty() {
            session.console.out(&format!("\n{shown}"));
        }
    }
    if let Some(id) = &consent.plan {
        let given = id.strip_prefix("plan:").unwrap_or(id);
        if given.len() < 12 || !planned.id.0.starts_with(given) {
            print_unless_text(session, report);
            let now = planned.id.short();
            return Err(Failure::new(
                Exit::Refused,
                format!("the plan is {now} now, not {given}: nothing was changed"),
            )
            .help("look at the new preview, and give its id"));
        }
    }
    let carried = match consent::ask(session, rules, planned, consent) {
        Agreed::To(chosen) if acts(&chosen) => {
            let done = act::apply(session, rules, &chosen, consent, rerun)?;
            report.receipts = done.receipts.iter().map(report::outcome).collect();
            tell_done(session, planned, &chosen, &done, consent);
            if report.command == "match" && is_unproven(&chosen, &done) {
                let hint =
                    "not verified: name the command with --command, or let heal run it: heal run -- CMD";
                session.say(&format!("{hint}\n"));
            }
            Carried::Out(done.exit)
        }
        Agreed::To(_) | Agreed::No if !acts(planned) => Carried::Nothing,
        Agreed::To(_) => {
            tell_next(session, planned, consent, &report.command);
            Carried::Declined
        }
        Agreed::No => {
            tell_next(session, planned, consent, &report.command);
            Carried::Declined
        }
        Agreed::Nobody => {
            print_unless_text(session, report);
            return Err(Failure::new(Exit::Refused, "there is no terminal to ask on: nothing was changed")
                .help("add --yes to apply what is safe, or --dry-run to look only"));
        }
    };
    print_unless_text(session, report);
    Ok(carried)
}

fn tell_done(session: &mut Session<'_>, planned: &Plan, chosen: &Plan, done: &act::Done, consent: &Consent) {
    if !session.is_text() {
        return;
    }
    let style = session.console.style();
    let mut text = "\n".to_owned();
    done.receipts.iter().for_each(|one| text.push_str(&receipt::receipt(one, style)));
    if done.exit == Exit::Done {
        let notes = chosen.fixes.iter().flat_map(|fix| &fix.notes);
        notes.for_each(|note| text.push_str(&format!("{note}\n")));
    }
    if let (Some(last), Exit::Done) = (done.receipts.last(), done.exit) {
        text.push_str(&format!(
            "{} {}\n",
            style.faint("take it back with:"),
            style.code(&format!("heal undo {}", last.id))
        ));
    }
    let least = if consent.also_unsafe || !consent.yes { Safety::Unsafe } else { Safety::Safe };
    if let Some(more) = diff::held_back(planned, least) {
        text.push_str(&style.faint(&format!("{more}\n")));
    }
    session.console.out(&text);
}

/// Whether a rule wants the failed command to be run again, and nobody said which that was.
fn is_unproven(chosen: &Plan, done: &act::Done) -> bool {
    let wants = chosen.fixes.iter().any(|fix| fix.verify.as_ref().is_some_and(|verify| verify.rerun));
    done.exit == Exit::Done && wants && done.receipts.iter().all(|receipt| receipt.verification.is_none())
}

/// Nothing was applied: what to type to apply it.
fn tell_next(session: &mut Session<'_>, planned: &Plan, consent: &Consent, command: &str) {
    if !session.is_text() {
        return;
    }
    let style = session.console.style();
    let sum = diff::sum(&heal_plan::at_least(planned, Safety::Unsafe));
    let id = style.faint(&format!("plan {}", planned.id.short()));
    let text = if consent.yes {
        let more =
            diff::held_back(planned, Safety::Safe).unwrap_or_else(|| "nothing is safe to apply".to_owned());
        format!("\n{} {more}\n", style.warn("Nothing was changed:"))
    } else if sum == "nothing" {
        String::new()
    } else {
        let next = if command == "match" { "heal match --fix" } else { "heal apply" };
        format!("\n{} {} applies {sum}  {id}\n", style.bold("Nothing was changed:"), style.code(next))
    };
    session.console.out(&text);
}

/// A finding as it is reported.
pub(super) fn told(rules: &Rules, finding: &Finding) -> Option<report::Finding> {
    let (rule, title) = rules.of(finding)?;
    Some(report::findings(finding, rule, &title, rules.may_act(finding)))
}

fn repeated(findings: &[Finding]) -> String {
    let again = findings.iter().filter(|finding| finding.count > 1);
    let told: Vec<String> =
        again.map(|finding| format!("{} seen {} times", finding.rule, finding.count)).collect();
    if told.is_empty() { String::new() } else { format!("  {}\n", told.join(", ")) }
}

/// Says which findings belong to playbooks that may not act yet.
fn tell_untrusted(session: &mut Session<'_>, rules: &Rules, findings: &[Finding]) {
    let count = findings.iter().filter(|finding| !rules.may_act(finding)).count();
    if count > 0 {
        let style = session.console.style();
        let what = counted(count, "finding is", "findings are");
        let text = format!(
            "{what} of playbooks that only name what they see; {} allows them to act\n",
            style.code("heal trust")
        );
        session.console.out(&text);
    }
}

fn print_unless_text(session: &mut Session<'_>, report: &Report) {
    if !session.is_text() {
        print(session, report);
    }
}

/// Prints a report in the call's format.
pub(super) fn print(session: &mut Session<'_>, report: &Report) {
    match session.format {
        Format::Text | Format::Jsonl => {}
        Format::Json => session.console.json(report),
        Format::Sarif => session.console.json(&sarif(&report.findings)),
        Format::Github => {
            let text: String = report.findings.iter().map(|finding| github(&annotation(finding))).collect();
            let refused = report.plan.iter().flat_map(|plan| &plan.refusals);
            let missing = refused.filter(|refusal| refusal.code == "required").map(|refusal| {
                github(&Annotation {
                    weight: Weight::Error,
                    title: refusal.rule.clone(),
                    message: refusal.reason.clone(),
                    file: None,
                    line: None,
                    column: None,
                })
            });
            let text = text + &missing.collect::<String>();
            session.console.out(&text);
        }
    }
}

fn annotation(finding: &report::Finding) -> Annotation {
    let weight = match finding.severity.as_str() {
        "high" | "critical" => Weight::Error,
        "info" => Weight::Notice,
        _ => Weight::Warning,
    };
    Annotation {
        weight,
        title: finding.rule.clone(),
        message: finding.title.clone(),
        file: finding.file.clone(),
        line: finding.line,
        column: finding.column,
    }
}

/// Whether a required file is missing: then a person must act first.
pub(super) fn requires_a_person(plan: &Plan) -> bool {
    plan.refusals.iter().any(|refusal| refusal.code == RefusalCode::Required)
}
