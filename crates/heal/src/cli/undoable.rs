use heal_exec::UndoError;
use heal_model::{Edit, Plan, ReceiptState};
use heal_plan::Divided;

use super::arguments::Undo;
use super::exit::Exit;
use super::failure::Failure;
use super::history::shown;
use super::session::Session;
use crate::report::{self, Report};

/// Why nothing was taken back, and what can be instead.
pub(super) fn failed(session: &Session<'_>, wanted: &Undo, error: &UndoError) -> Failure {
    let failure = Failure::of(Exit::from_code(error.exit_code()), error);
    if let Some(id) = conflict(error) {
        return failure
            .help(format!("write what was there before into a folder: heal undo --to-dir before {id}"));
    }
    let undone =
        || session.host.log().into_iter().find(|one| one.undoes.is_some() && one.undone_by.is_none());
    let typed = wanted.id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
    match (error, error.next()) {
        (UndoError::Nothing, _) => match undone() {
            Some(last) => failure.help(format!("bring back what was taken back with: heal undo {}", last.id)),
            None => failure,
        },
        (UndoError::Changed { .. }, _) if !wanted.merge => failure.help(format!(
            "take heal's change back and keep yours: heal undo{typed} --merge\n       \
             write what was there before into a folder: heal undo{typed} --to-dir before"
        )),
        (_, Some(next)) => failure.help(format!("take back the one before it with: heal undo {next}")),
        (_, None) => failure,
    }
}

/// The operation that could not be taken back whole, where that is why.
fn conflict(error: &UndoError) -> Option<&str> {
    match error {
        UndoError::Newest { why, .. } => conflict(why),
        UndoError::NotInEffect { id, state: ReceiptState::Conflict } => Some(id),
        _ => None,
    }
}

/// Shows edits that are not made.
pub(super) fn would_change(session: &mut Session<'_>, edits: Vec<Edit>) {
    if session.is_text() {
        let text = shown(edits, session);
        session.console.out(&format!("{text}Nothing was changed.\n"));
    } else {
        let offered = Plan { edits, ..Plan::default() };
        let mut report = Report::of("undo");
        report.plan = Some(report::plan(&Divided { offered, left_out: Plan::default() }));
        session.console.json(&report);
    }
}
