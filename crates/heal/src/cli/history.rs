use heal_exec::UndoError;
use heal_model::{Edit, Plan, Receipt, ReceiptState, Time};
use heal_plan::Divided;

use super::arguments::{Format, Log, Show, Undo};
use super::diff;
use super::exit::{Exit, Failure};
use super::receipt::{self, line};
use super::session::Session;
use crate::report::{self, Report};

/// `heal undo`: takes an operation back.
pub(super) fn undo(session: &mut Session<'_>, wanted: &Undo) -> Result<Exit, Failure> {
    if wanted.dry_run {
        return undo_preview(session, wanted.id.as_deref());
    }
    let recovered = session.recover()?;
    let is_meant = |one: &Receipt| wanted.id.as_ref().is_none_or(|id| one.id.starts_with(id.as_str()));
    if recovered.iter().any(is_meant) {
        // What was cut short is the newest there is: it is taken back, and what is older stays.
        if !session.is_text() {
            reported(session, "undo", &recovered);
        }
        return Ok(Exit::Done);
    }
    let done = session.host.undo(wanted.id.as_deref()).map_err(|error| failed(session, &error))?;
    if session.is_text() {
        let style = session.console.style();
        let taken = done.undoes.as_deref().unwrap_or_default();
        let mut text = format!("{} {taken}\n", style.good("took back"));
        for file in &done.files {
            let what = match (&file.before, &file.after) {
                (_, None) => "deleted",
                (None, _) => "brought back",
                _ => "restored",
            };
            text.push_str(&format!("  {} {}\n", style.faint(what), file.path));
        }
        let redo = format!("heal undo {}", done.id);
        text.push_str(&format!("{} {}\n", style.faint("bring it back with:"), style.code(&redo)));
        session.console.out(&text);
    } else {
        reported(session, "undo", &[done]);
    }
    Ok(Exit::Done)
}

/// Why nothing was taken back, and what can be instead.
fn failed(session: &Session<'_>, error: &UndoError) -> Failure {
    let failure = Failure::of(Exit::from_code(error.exit_code()), error);
    let undone =
        || session.host.log().into_iter().find(|one| one.undoes.is_some() && one.undone_by.is_none());
    match (error, error.next()) {
        (UndoError::Nothing, _) => match undone() {
            Some(last) => failure.help(format!("bring back what was taken back with: heal undo {}", last.id)),
            None => failure,
        },
        (_, Some(next)) => failure.help(format!("take back the one before it with: heal undo {next}")),
        (_, None) => failure,
    }
}

fn undo_preview(session: &mut Session<'_>, id: Option<&str>) -> Result<Exit, Failure> {
    if id.is_none() && session.warn_of_cut_short() {
        session.say("Nothing was changed.\n");
        return Ok(Exit::Done);
    }
    let one = session.host.undoable(id).map_err(|error| failed(session, &error))?;
    let edits = edits(session, &one.id)?;
    let back = edits.into_iter().map(|edit| Edit { content: edit.content.invert(), ..edit }).collect();
    if session.is_text() {
        let text = shown(back, session);
        session.console.out(&format!("{text}Nothing was changed.\n"));
    } else {
        let offered = Plan { edits: back, ..Plan::default() };
        let mut report = Report::of("undo");
        report.plan = Some(report::plan(&Divided { offered, left_out: Plan::default() }));
        session.console.json(&report);
    }
    Ok(Exit::Done)
}

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

fn edits(session: &Session<'_>, id: &str) -> Result<Vec<Edit>, Failure> {
    session.host.diff_of(id).map_err(|error| Failure::of(Exit::from_code(error.exit_code()), &error))
}

/// Edits as a diff; no rule stands at the hunks, since the receipt names them.
fn shown(edits: Vec<Edit>, session: &Session<'_>) -> String {
    let plan = Plan { edits, ..Plan::default() };
    diff::plan(&plan, session.console.style())
}

fn reported(session: &mut Session<'_>, command: &str, receipts: &[Receipt]) {
    let mut report = Report::of(command);
    report.receipts = receipts.iter().map(report::outcome).collect();
    session.console.json(&report);
}

/// A time as a person reads it, in UTC.
pub(super) fn when(at: Time) -> String {
    let time = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    time.strftime("%Y-%m-%d %H:%M").to_string()
}
