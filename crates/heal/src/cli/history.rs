use heal_model::{Edit, Plan, Receipt, ReceiptState, Time};

use super::arguments::{Format, Log, Show};
use super::diff;
use super::exit::Exit;
use super::failure::Failure;
use super::receipt::{self, line};
use super::session::Session;
use crate::report::{self, Report};

/// `heal log`: what was done here, newest first.
pub(super) fn log(session: &mut Session<'_>, wanted: &Log) -> Result<Exit, Failure> {
    let mut receipts = session.host.log();
    receipts.truncate(wanted.limit.get());
    if session.format == Format::Text {
        let style = session.console.style();
        let text: String = receipts.iter().map(|one| line(one, &when(one.at), style)).collect();
        let text = if text.is_empty() { "heal has done nothing here yet.\n".to_owned() } else { text };
        session.console.out(&text);
    } else {
        reported(session, "log", &receipts);
    }
    let _ = session.warn_of_cut_short();
    receipts
        .iter()
        .filter(|one| one.state == ReceiptState::Conflict)
        .for_each(|one| session.tell_cut_short(one));
    for doubt in session.host.journal_doubts() {
        let style = session.console.err_style();
        session.console.err(&format!("{} {}\n", style.warn("note:"), doubt.message));
    }
    Ok(Exit::Done)
}

/// `heal show`: one operation whole.
pub(super) fn show(session: &mut Session<'_>, wanted: &Show) -> Result<Exit, Failure> {
    let id = match &wanted.id {
        Some(id) => id.clone(),
        None => newest(session)?,
    };
    let one = session.host.show(&id).map_err(|error| {
        Failure::of(Exit::from_code(error.exit_code()), &error).help("`heal log` lists them")
    })?;
    if session.format == Format::Text {
        let style = session.console.style();
        let mut text = line(&one, &when(one.at), style);
        text.push_str(&receipt::receipt(&one, style));
        match edits(session, &id) {
            Ok(edits) => text.push_str(&format!("\n{}", shown(edits, session))),
            Err(_) => text.push_str(&style.faint("  its diff is no longer kept\n")),
        }
        session.console.out(&text);
    } else {
        reported(session, "show", &[one]);
    }
    Ok(Exit::Done)
}

fn newest(session: &Session<'_>) -> Result<String, Failure> {
    let newest = session.host.log().into_iter().next();
    newest.map(|one| one.id).ok_or_else(|| Failure::new(Exit::Remains, "heal has done nothing here yet"))
}

/// What an operation changed.
pub(super) fn edits(session: &Session<'_>, id: &str) -> Result<Vec<Edit>, Failure> {
    session.host.diff_of(id).map_err(|error| Failure::of(Exit::from_code(error.exit_code()), &error))
}

/// Edits as a diff; no rule stands at the hunks, since the receipt names them.
pub(super) fn shown(edits: Vec<Edit>, session: &Session<'_>) -> String {
    let plan = Plan { edits, ..Plan::default() };
    diff::plan(&plan, session.console.style())
}

/// Prints receipts as data.
pub(super) fn reported(session: &mut Session<'_>, command: &str, receipts: &[Receipt]) {
    let mut report = Report::of(command);
    report.receipts = receipts.iter().map(report::outcome).collect();
    session.console.json(&report);
}

/// A time as a person reads it, in UTC.
pub(super) fn when(at: Time) -> String {
    let time = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    time.strftime("%Y-%m-%d %H:%M").to_string()
}
