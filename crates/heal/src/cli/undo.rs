use heal_model::{Edit, Receipt};

use super::arguments::Undo;
use super::exit::Exit;
use super::failure::Failure;
use super::history::{edits, reported};
use super::session::Session;
use super::undoable::{failed, would_change};
use super::{merged, set_aside};

/// `heal undo`: takes an operation back.
pub(super) fn undo(session: &mut Session<'_>, wanted: &Undo) -> Result<Exit, Failure> {
    if !wanted.dry_run && was_recovered(session, wanted)? {
        return Ok(Exit::Done);
    }
    if let Some(folder) = &wanted.to_dir {
        return set_aside::set_aside(session, wanted, folder);
    }
    if wanted.dry_run {
        return preview(session, wanted);
    }
    let merged = merged(session, wanted)?;
    let done = session.host.undo_merged(wanted.id.as_deref(), &merged);
    let done = done.map_err(|error| failed(session, wanted, &error))?;
    session.console.did(&done.id);
    if session.is_text() {
        let style = session.console.style();
        let taken = done.undoes.as_deref().unwrap_or_default();
        let mut text = format!("{} {taken}\n", style.good("took back"));
        for file in &done.files {
            let what = match (&file.before, &file.after) {
                (_, None) => "deleted",
                (None, _) => "brought back",
                _ if merged.iter().any(|edit| edit.path == file.path) => "merged",
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

/// Whether what is to be taken back was cut short, and is taken back by now: what is older stays.
fn was_recovered(session: &mut Session<'_>, wanted: &Undo) -> Result<bool, Failure> {
    let recovered = session.recover()?;
    let is_meant = |one: &Receipt| wanted.id.as_ref().is_none_or(|id| one.id.starts_with(id.as_str()));
    let was_recovered = recovered.iter().any(is_meant);
    if was_recovered && !session.is_text() {
        reported(session, "undo", &recovered);
    }
    Ok(was_recovered)
}

/// What files that changed since become, where that is asked for.
fn merged(session: &Session<'_>, wanted: &Undo) -> Result<Vec<Edit>, Failure> {
    if !wanted.merge {
        return Ok(Vec::new());
    }
    let (receipt, parted) =
        session.host.parted(wanted.id.as_deref()).map_err(|error| failed(session, wanted, &error))?;
    merged::merged(&receipt, &parted)
}

fn preview(session: &mut Session<'_>, wanted: &Undo) -> Result<Exit, Failure> {
    if wanted.id.is_none() && session.warn_of_cut_short() {
        session.say("Nothing was changed.\n");
        return Ok(Exit::Done);
    }
    let merged = merged(session, wanted)?;
    let one = session.host.undoable(wanted.id.as_deref(), &merged);
    let one = one.map_err(|error| failed(session, wanted, &error))?;
    let back = edits(session, &one.id)?.into_iter().map(|edit| {
        let other = merged.iter().find(|other| other.path == edit.path).cloned();
        other.unwrap_or_else(|| Edit { content: edit.content.clone().invert(), ..edit })
    });
    let back = back.filter(|edit| edit.content.before != edit.content.after).collect();
    would_change(session, back);
    Ok(Exit::Done)
}
