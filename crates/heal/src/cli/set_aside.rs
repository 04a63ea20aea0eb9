use std::time::Duration;

use heal_exec::Warrant;
use heal_model::{Diff, Edit, Fix, Origin, Part, Plan, Receipt, ReceiptState, RelPath, RuleId, World as _};
use heal_plan::join;

use super::act::failure;
use super::arguments::Undo;
use super::exit::Exit;
use super::failure::Failure;
use super::history::{edits, reported};
use super::session::Session;
use super::style::counted;
use super::undoable::{failed, would_change};

const PATIENCE: Duration = Duration::from_secs(10);

/// Writes the files of an operation as they were before it into a folder of the project, as an operation of its own;
/// the files themselves stay as they are.
pub(super) fn set_aside(session: &mut Session<'_>, wanted: &Undo, folder: &str) -> Result<Exit, Failure> {
    let receipt = match conflict(session, wanted) {
        Some(receipt) => receipt,
        None => session.host.parted(wanted.id.as_deref()).map_err(|error| failed(session, wanted, &error))?.0,
    };
    let copies = copies(session, &receipt, folder)?;
    if wanted.dry_run {
        would_change(session, copies.into_iter().map(|(_, edit)| edit).collect());
        return Ok(Exit::Done);
    }
    let applied =
        session.host.apply(&plan(&copies), &Warrant::none(), PATIENCE).map_err(|error| failure(&error))?;
    session.console.did(&applied.id);
    if session.is_text() {
        let style = session.console.style();
        let count = counted(copies.len(), "file", "files");
        let mut text = format!("{} {count} as before {}\n", style.good("wrote"), style.code(&receipt.id));
        for (path, copy) in &copies {
            let compare = format!("diff {} {path}", copy.path);
            text.push_str(&format!("  {} {}\n", style.faint("compare:"), style.code(&compare)));
        }
        let back = format!("heal undo {}", applied.id);
        text.push_str(&format!("{} {}\n", style.faint("take it back with:"), style.code(&back)));
        session.console.out(&text);
    } else {
        reported(session, "undo", &[applied]);
    }
    Ok(Exit::Done)
}

/// The operation that was named, where it could not be taken back whole: what its files were is kept all the same.
fn conflict(session: &Session<'_>, wanted: &Undo) -> Option<Receipt> {
    let named = session.host.show(wanted.id.as_deref()?).ok();
    named.filter(|receipt| receipt.state == ReceiptState::Conflict)
}

/// Each file that was there before an operation, with the edit that writes it into the folder.
fn copies(session: &Session<'_>, receipt: &Receipt, folder: &str) -> Result<Vec<(RelPath, Edit)>, Failure> {
    let to = session.path(folder)?;
    if session.host.stat(&to).map_err(|error| Failure::of(Exit::Refused, &error))?.is_some() {
        let message = format!("{to} is there already: nothing was changed");
        return Err(Failure::new(Exit::Refused, message).help("name a folder that is not there yet"));
    }
    let mut copies = Vec::new();
    for edit in edits(session, &receipt.id)?.into_iter().filter(|edit| edit.content.before.is_some()) {
        let path = RelPath::new(&format!("{to}/{}", edit.path)).expect("one path after another is a path");
        let content = Diff { before: None, after: edit.content.before };
        copies.push((edit.path, Edit { path, content, executable: false, parts: Vec::new() }));
    }
    if copies.is_empty() {
        let message = format!("operation {} made all of its files: none was there before", receipt.id);
        return Err(Failure::new(Exit::Refused, message));
    }
    Ok(copies)
}

/// The plan that makes these files.
fn plan(copies: &[(RelPath, Edit)]) -> Plan {
    let rule = RuleId::new("undo", "to-dir");
    let mut fix = Fix::new(rule, Origin::Named("heal undo --to-dir".to_owned()), "what was there before");
    let create = |(_, edit): &(RelPath, Edit)| {
        let content = edit.content.after.clone()?;
        Some(Part::Create { path: edit.path.clone(), content, executable: false })
    };
    fix.parts = copies.iter().filter_map(create).collect();
    let edits = copies.iter().map(|(_, edit)| edit.clone()).collect();
    join(vec![Plan { fixes: vec![fix], edits, ..Plan::default() }])
}
