use heal_model::{Incident, Mender};

use super::super::arguments::Learn;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;
use super::super::style::counted;
use crate::learning::{AskError, Narrowed, Oracle, changes};

/// `heal learn --narrow -- CMD`: finds out, by running the command on a copy, which of several changes ended its
/// failures, and puts that on record; with `--dry-run` it counts for this call alone.
pub(super) fn narrow(
    session: &mut Session<'_>,
    incidents: &mut [Incident],
    wanted: &Learn,
) -> Result<(), Failure> {
    let command = wanted.command.join(" ");
    let is_meant = |incident: &&mut Incident| {
        let by_person = incident.ending.as_ref().is_some_and(|ending| ending.by == Mender::Person);
        by_person && incident.command.as_deref() == Some(&command) && changes(incident).len() > 1
    };
    let meant: Vec<&mut Incident> = incidents.iter_mut().filter(is_meant).collect();
    let style = session.console.err_style();
    if meant.is_empty() {
        let text =
            format!("{} no failure of {command} was ended by several changes\n", style.faint("narrow:"));
        session.console.err(&text);
        return Ok(());
    }
    let refused = |error: AskError| Failure::of(Exit::Refused, &error);
    let oracle = Oracle::new(&session.host, &wanted.command).map_err(refused)?;
    for incident in meant {
        let count = counted(changes(incident).len(), "change", "changes");
        let found = oracle.narrow(incident).map_err(refused)?;
        let said = match &found {
            Narrowed::To(_, needed) => format!("{needed} of {count} ended it"),
            Narrowed::Needed => format!("all of {count} ended it"),
            Narrowed::Otherwise => format!("{count}, but the command ends otherwise here now: left as it is"),
        };
        session.console.err(&format!("{} {said}\n", style.code(&incident.id)));
        let Narrowed::To(narrowed, _) = found else { continue };
        if !wanted.dry_run {
            session.host.narrow(&narrowed).map_err(|error| Failure::of(Exit::Refused, &error))?;
        }
        *incident = narrowed;
    }
    Ok(())
}
