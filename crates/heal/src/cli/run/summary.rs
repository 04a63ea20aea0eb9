use heal_exec::Outcome;
use heal_model::{Plan, Receipt, spoken};
use heal_plan::preview;

use super::again::{Again, Follows, is_waiting};
use super::arguments::Run;
use super::healing::Healing;
use crate::cli::diff::stat;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::receipt;
use crate::cli::session::{Rules, Session};
use crate::cli::style::{Style, counted, visible};
use crate::report::{self, Report};

/// How many of the things that had failed are named.
const MOST_TITLES: usize = 3;

/// How the last try came about.
pub(super) struct Last {
    pub(super) outcome: Outcome,
    /// Whether a rule that may act says that trying again is all there is to do.
    pub(super) is_transient: bool,
    /// Why there was no other try.
    pub(super) follows: Follows,
}

/// Says how it went, if heal had anything to do with it, and gives the code to end with.
pub(super) fn end(
    session: &mut Session<'_>,
    wanted: &Run,
    again: &Again<'_>,
    mut healing: Healing,
    last: &Last,
) -> Result<Exit, Failure> {
    let exit = ended_by(last, &healing);
    healing.report.receipts = healing.operations().into_iter().map(report::outcome).collect();
    healing.report.run = Some(told(wanted, again, last, &healing));
    keep(session, wanted, &healing.report)?;
    if session.is_text() {
        let text = text(session, wanted, again, &healing, last);
        session.console.out(&text);
    } else if wanted.receipt.is_none() {
        session.console.json(&healing.report);
    }
    Ok(exit)
}

/// How the command ended, as it is reported.
pub(super) fn told(wanted: &Run, again: &Again<'_>, last: &Last, healing: &Healing) -> report::Run {
    report::Run {
        argv: wanted.command.clone(),
        exit: last.outcome.exit,
        signal: last.outcome.signal,
        timed_out: last.outcome.timed_out,
        tries: again.tries,
        healed: last.outcome.passed() && !healing.receipts.is_empty(),
        milliseconds: u64::try_from(last.outcome.took.as_millis()).unwrap_or(u64::MAX),
    }
}

/// Writes the report to the file that was asked for.
pub(super) fn keep(session: &Session<'_>, wanted: &Run, report: &Report) -> Result<(), Failure> {
    let Some(file) = &wanted.receipt else { return Ok(()) };
    let text = serde_json::to_string_pretty(report).expect("reports have string keys alone");
    let written = session.host.report_to(file, &format!("{text}\n"));
    written.map_err(|error| Failure::new(Exit::Usage, format!("cannot write {file}: {error}")))
}

/// How heal ends: as the command did, unless it was asked to end itself.
pub(super) fn ended_by(last: &Last, healing: &Healing) -> Exit {
    healing.stopped.map_or_else(|| code(&last.outcome), Exit::Signal)
}

/// The code that a command's end asks for.
fn code(outcome: &Outcome) -> Exit {
    match (outcome.passed(), outcome.timed_out, outcome.exit, outcome.signal) {
        (true, ..) => Exit::Done,
        (_, true, ..) => Exit::Command(124),
        (_, _, Some(code), _) => Exit::Command(u8::try_from(code).unwrap_or(1)),
        (_, _, None, signal) => {
            Exit::Signal(signal.and_then(|signal| u8::try_from(signal).ok()).unwrap_or(0))
        }
    }
}

fn text(session: &Session<'_>, wanted: &Run, again: &Again<'_>, healing: &Healing, last: &Last) -> String {
    let style = session.console.style();
    let line = visible(&wanted.line());
    let passed = last.outcome.passed();
    let is_stopped = last.outcome.interrupted || healing.stopped.is_some() || healing.is_untried();
    let mut text = String::new();
    if last.outcome.timed_out {
        text.push_str(&format!("{} {line} ran out of time\n", style.bad("ended:")));
    }
    match last.follows {
        Follows::NoTime => {
            text.push_str(&format!("{} the deadline is too near for another try\n", style.bad("ended:")));
        }
        Follows::LeftAlone { failures, cooldown } => {
            let word = style.bad("left alone:");
            let cooldown = spoken(cooldown);
            text.push_str(&format!("{word} it has failed {failures} times in a row; wait {cooldown}\n"));
        }
        Follows::Again { .. } | Follows::Nothing => {}
    }
    let tries = counted(again.tries as usize, "try", "tries");
    if healing.receipts.is_empty() {
        if again.tries > 1 && passed {
            text.push_str(&format!("{} {line}, after {tries}\n", style.good("passes:")));
        } else if again.tries > 1 && !is_stopped {
            text.push_str(&format!("{} {line}, after {tries}\n", style.bad("still fails:")));
        } else if last.is_transient && wanted.retry.is_none() {
            let command = style.code(&format!("heal run --retry 3 -- {line}"));
            text.push_str(&format!("{} {command}\n", style.faint("it may pass if tried again:")));
        }
        return text;
    }
    let fixes = counted(healing.receipts.len(), "operation", "operations");
    text.push_str(&match passed {
        true => format!("\n{} {line} passes now, after {fixes}\n", style.good("healed:")),
        false if is_stopped => {
            let word = style.bad("stopped:");
            format!("\n{word} whether {line} passes now is not known, after {fixes}\n")
        }
        false => {
            let word = style.bad("not healed:");
            format!("\n{word} {line} still fails, after {fixes} that got it further\n")
        }
    });
    text.push_str(&failed(&healing.failed, style));
    healing.receipts.iter().for_each(|one| text.push_str(&changed(session, one)));
    text
}

/// What had failed, by the titles of the rules that knew it.
fn failed(titles: &[String], style: Style) -> String {
    let word = style.faint("failed  ");
    let shown = titles.iter().take(MOST_TITLES).map(|title| format!("  {word} {}\n", visible(title)));
    let mut text: String = shown.collect();
    if let Some(more) = titles.len().checked_sub(MOST_TITLES).filter(|more| *more > 0) {
        text.push_str(&format!("  {word} {more} more\n"));
    }
    text
}

/// What an operation changed, how much of it, and how to take it back.
fn changed(session: &Session<'_>, one: &Receipt) -> String {
    let style = session.console.style();
    let plan = Plan { edits: session.host.diff_of(&one.id).unwrap_or_default(), ..Plan::default() };
    let mut parts: Vec<String> = preview(&plan).files.iter().map(|file| stat(file, style)).collect();
    if !one.commands.is_empty() {
        parts.push(format!("ran {}", counted(one.commands.len(), "command", "commands")));
    }
    let undo = match one.files.is_empty() {
        true => style.faint("can't be taken back"),
        false => style.code(&format!("heal undo {}", one.id)),
    };
    format!("  {} {}  {undo}\n", receipt::word(one.state), parts.join(", "))
}

/// Whether a rule that may act says that trying again is all there is to do about the newest failure.
pub(super) fn is_transient(rules: &Rules, findings: &[heal_model::Finding]) -> bool {
    let known = findings.iter().filter(|finding| rules.may_act(finding));
    known.filter_map(|finding| rules.of(finding)).any(|(rule, _)| is_waiting(rule))
}
