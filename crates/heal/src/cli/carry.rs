use heal_model::{Plan, Receipt, Safety, command_line};
use heal_plan::{Divided, divide};

use super::act;
use super::arguments::{Consent, Format};
use super::consent::{self, Agreed};
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::health;
use super::print::print;
use super::receipt;
use super::session::{Rules, Session};
use super::style::counted;
use crate::report::{self, Report};

/// How many of a plan's digits name it at least.
const FEWEST_DIGITS: usize = 12;

/// How a plan is to be carried out.
pub(super) struct Call<'a> {
    /// How far heal may go without asking.
    pub(super) consent: &'a Consent,
    /// The command that failed, which shows whether a fix helped.
    pub(super) rerun: Option<&'a [String]>,
    /// What to type for the plan to be applied, where it is only shown.
    pub(super) next: &'a str,
    /// Whether what follows may take it back: what stands then is told at the end.
    pub(super) is_trial: bool,
}

impl<'a> Call<'a> {
    /// What to type for `match` to apply what it has shown.
    pub(super) const FIX: &'static str = "add --fix";
    /// What to type where a call was to look only.
    pub(super) const NOT_DRY: &'static str = "leave out --dry-run";

    /// A call that knows of no command, and ends with what it does.
    pub(super) fn new(consent: &'a Consent, next: &'a str) -> Self {
        Self { consent, rerun: None, next, is_trial: false }
    }
}

/// How far a plan was carried out.
pub(super) enum Carried {
    /// There was nothing to do.
    Nothing,
    /// It was shown, and not applied.
    Declined,
    /// This much of it was applied.
    Out {
        /// How it ended.
        exit: Exit,
        /// What was agreed to.
        applied: Plan,
        /// One for each stage; none where somebody else did the same meanwhile.
        receipts: Vec<Receipt>,
    },
}

/// Shows a plan, asks, applies it, and prints what came of it, in the call's format.
///
/// What is shown as the plan is what would be applied; what that consent does not cover is shown apart.
pub(super) fn carry_out(
    session: &mut Session<'_>,
    rules: &Rules,
    planned: &Plan,
    call: &Call<'_>,
    report: &mut Report,
) -> Result<Carried, Failure> {
    let shown = divided(session, planned, call.consent);
    report.plan = Some(report::plan(&shown));
    if session.is_text() {
        let text = diff::divided(&shown, session.console.style());
        if !text.is_empty() {
            session.console.out(&format!("\n{text}"));
        }
    }
    for path in session.host.linked(&shown.offered) {
        session.note(&format!("{path} has other names (hard links): what they name stays as it is"));
    }
    health::tell_held(session, rules, planned, report);
    let carried =
        match named(&shown.offered, call.consent).and_then(|()| agreed(session, rules, &shown, call)) {
            Ok(Some(chosen)) => {
                let done = act::apply(session, rules, &chosen, call.rerun)?;
                report.receipts = done.receipts.iter().map(report::outcome).collect();
                tell_done(session, &shown, &chosen, &done, call.is_trial);
                if report.command == "match" && is_unproven(&chosen, &done) {
                    session.say(&format!("{}\n", unproven(call.rerun.filter(|_| done.fails_otherwise))));
                }
                let exit = if done.fails_otherwise { Exit::Remains } else { done.exit };
                Carried::Out { exit, applied: chosen, receipts: done.receipts }
            }
            Ok(None) if !planned.acts() => Carried::Nothing,
            Ok(None) => {
                tell_next(session, &shown, call);
                Carried::Declined
            }
            Err(failure) => {
                print_unless_text(session, report);
                return Err(failure);
            }
        };
    print_unless_text(session, report);
    Ok(carried)
}

/// What the call's consent covers, and what it does not; a plan that is named has the extent it was previewed with.
fn divided(session: &Session<'_>, planned: &Plan, consent: &Consent) -> Divided {
    let named = consent.plan.as_deref().and_then(|id| {
        let extents = [Safety::Safe, Safety::Unsafe].map(|least| divide(planned, least));
        extents.into_iter().find(|one| is_called(&one.offered, id))
    });
    named.unwrap_or_else(|| divide(planned, consent::least(session, consent)))
}

fn is_called(plan: &Plan, id: &str) -> bool {
    let id = id.strip_prefix("plan:").unwrap_or(id);
    id.len() >= FEWEST_DIGITS && plan.id.0.starts_with(id)
}

/// Refuses a plan that is not the one named, and unsafe fixes of it that nobody has agreed to.
fn named(offered: &Plan, consent: &Consent) -> Result<(), Failure> {
    let Some(id) = &consent.plan else { return Ok(()) };
    if !is_called(offered, id) {
        let message = match offered.acts() {
            true => format!("the plan is {} now, not {id}: nothing was changed", offered.id.short()),
            false => format!("there is nothing to do now, so no plan {id}: nothing was changed"),
        };
        return Err(Failure::new(Exit::Refused, message).help("look at the new preview, and give its id"));
    }
    let risky = offered.fixes.iter().filter(|fix| fix.acts() && fix.safety < Safety::Safe).count();
    if risky > 0 && !consent.also_unsafe {
        let message =
            format!("the plan holds {}: nothing was changed", counted(risky, "unsafe fix", "unsafe fixes"));
        return Err(Failure::new(Exit::Refused, message).help("add --unsafe to apply it as it was shown"));
    }
    Ok(())
}

/// How much of a plan a person, or a flag, agrees to; `None` where that is nothing.
fn agreed(
    session: &mut Session<'_>,
    rules: &Rules,
    shown: &Divided,
    call: &Call<'_>,
) -> Result<Option<Plan>, Failure> {
    match consent::ask(session, rules, &shown.offered, call.consent) {
        Agreed::To(chosen) => Ok(Some(chosen).filter(Plan::acts)),
        Agreed::No => Ok(None),
        Agreed::Nobody => {
            let message = format!("{}: nothing was changed", consent::nobody(session));
            let what = if call.consent.also_unsafe { "it" } else { "what is safe" };
            let help = format!("add --yes to apply {what}, or --dry-run to look only");
            Err(Failure::new(Exit::Refused, message).help(help))
        }
    }
}

fn tell_done(session: &mut Session<'_>, shown: &Divided, chosen: &Plan, done: &act::Done, is_trial: bool) {
    if !session.is_text() {
        return;
    }
    let style = session.console.style();
    let mut text = "\n".to_owned();
    if done.receipts.is_empty() {
        let why = "the same was done meanwhile, so nothing was left to do";
        text.push_str(&format!("{} {why}\n", style.good("already healed:")));
    }
    done.receipts.iter().for_each(|one| text.push_str(&receipt::receipt(one, style)));
    if done.exit == Exit::Done && !done.receipts.is_empty() {
        let notes = chosen.fixes.iter().flat_map(|fix| &fix.notes);
        notes.for_each(|note| text.push_str(&format!("{note}\n")));
    }
    let can_undo = done.receipts.iter().rfind(|receipt| !receipt.files.is_empty());
    if let (Some(last), Exit::Done, false) = (can_undo, done.exit, is_trial) {
        text.push_str(&format!(
            "{} {}\n",
            style.faint("take it back with:"),
            style.code(&format!("heal undo {}", last.id))
        ));
    }
    if let Some(declined) = diff::declined(&shown.offered, chosen) {
        text.push_str(&style.faint(&format!("left out: {declined}\n")));
    }
    if let Some(more) = diff::more(&shown.left_out, "add --unsafe") {
        text.push_str(&style.faint(&format!("{more}\n")));
    }
    session.console.out(&text);
}

/// Whether a rule wants the failed command to be run again, and nobody said which that was.
fn is_unproven(chosen: &Plan, done: &act::Done) -> bool {
    let wants = chosen.fixes.iter().any(|fix| fix.verify.as_ref().is_some_and(|verify| verify.rerun));
    let is_unproven = done.receipts.iter().all(|receipt| receipt.verification.is_none());
    done.exit == Exit::Done && wants && is_unproven && !done.receipts.is_empty()
}

/// Why it is not known whether a fix helped, and what to do about it.
fn unproven(fails_otherwise: Option<&[String]>) -> String {
    match fails_otherwise {
        Some(argv) => format!(
            "not verified: {0} still fails, though not for what was mended; let heal run it: heal run -- {0}",
            command_line(argv)
        ),
        None => {
            "not verified: name the command with --command, or let heal run it: heal run -- CMD".to_owned()
        }
    }
}

/// Nothing was applied: what to type to apply it.
fn tell_next(session: &mut Session<'_>, shown: &Divided, call: &Call<'_>) {
    let style = session.console.style();
    let sum = diff::sum(&shown.offered);
    let id = style.faint(&format!("plan {}", shown.offered.id.short()));
    let told = match (shown.offered.acts(), call.consent.dry_run) {
        (true, true) => Some(format!("{} to apply {sum}  {id}", style.code(call.next))),
        (true, false) => None,
        (false, true) if call.next == Call::FIX => diff::more(&shown.left_out, "add --fix --unsafe"),
        (false, false) if !call.consent.yes && !consent::is_anybody_there(session) => {
            diff::more(&shown.left_out, "add --yes --unsafe")
        }
        (false, _) => diff::more(&shown.left_out, "add --unsafe"),
    };
    let text = match told {
        None => format!("\n{}\n", style.bold("Nothing was changed.")),
        Some(told) => format!("\n{} {told}\n", style.bold("Nothing was changed:")),
    };
    session.say(&style.fold(&text, 2));
}

fn print_unless_text(session: &mut Session<'_>, report: &Report) {
    if session.format != Format::Text {
        print(session, report);
    }
}
