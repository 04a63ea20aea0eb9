use heal_exec::incidents::IncidentError;
use heal_model::{Incident, World as _};

use super::super::arguments::{Age, Forget, Log};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::history::when;
use super::super::session::Session;
use super::super::style::{Style, counted, visible};
use crate::report::{self, Report};

/// `heal log --incidents`: what failed here and how it ended, newest first.
pub(in crate::cli) fn log(session: &mut Session<'_>, wanted: &Log) -> Result<Exit, Failure> {
    let recorded = session.host.recorded();
    let newest: Vec<&Incident> = recorded.incidents.iter().rev().take(wanted.limit.get()).collect();
    if session.is_text() {
        let style = session.console.style();
        let text: String = newest.iter().map(|incident| told(incident, style)).collect();
        let text = if text.is_empty() { "No failure is on record here yet.\n".to_owned() } else { text };
        session.console.out(&text);
    } else {
        let mut report = Report::of("log");
        report.incidents = newest.into_iter().map(report::incident).collect();
        session.console.json(&report);
    }
    for name in &recorded.damaged {
        let style = session.console.err_style();
        let text =
            format!("{} the record {name} can't be read: it counts for nothing\n", style.warn("note:"));
        session.console.err(&text);
    }
    Ok(Exit::Done)
}

/// `heal forget`: removes incidents from the record.
pub(in crate::cli) fn forget(session: &mut Session<'_>, wanted: &Forget) -> Result<Exit, Failure> {
    if wanted.dry_run {
        return forgettable(session, wanted);
    }
    let gone = match (wanted.all, wanted.older_than) {
        (true, _) => session.host.forget_all_incidents(),
        (_, Some(age)) => session.host.forget_incidents(&older(session, age)),
        _ => session.host.forget_incidents(&wanted.incidents),
    };
    let gone = gone.map_err(|error| failed(&error))?;
    if session.is_text() {
        let style = session.console.style();
        let count = counted(gone.len(), "incident", "incidents");
        session.console.out(&format!("{} {count}\n", style.good("forgot")));
    } else {
        let mut report = Report::of("forget");
        report.forgotten = gone;
        session.console.json(&report);
    }
    Ok(Exit::Done)
}

/// Shows what would be forgotten.
fn forgettable(session: &mut Session<'_>, wanted: &Forget) -> Result<Exit, Failure> {
    let mut incidents = session.host.recorded().incidents;
    if !wanted.all {
        let meant = match wanted.older_than {
            Some(age) => older(session, age),
            None => session.host.incidents_called(&wanted.incidents).map_err(|error| failed(&error))?,
        };
        incidents.retain(|incident| meant.contains(&incident.id));
    }
    if session.is_text() {
        let style = session.console.style();
        let mut text: String = incidents.iter().map(|incident| told(incident, style)).collect();
        text.push_str(&match counted(incidents.len(), "incident", "incidents") {
            _ if incidents.is_empty() => "There is nothing to forget.\n".to_owned(),
            count => {
                format!("{} leave out --dry-run to forget {count}\n", style.bold("Nothing was changed:"))
            }
        });
        session.console.out(&text);
    } else {
        let mut report = Report::of("forget");
        report.incidents = incidents.iter().map(report::incident).collect();
        session.console.json(&report);
    }
    Ok(Exit::Done)
}

fn failed(error: &IncidentError) -> Failure {
    match error {
        IncidentError::Unknown { .. } => {
            Failure::of(Exit::Remains, error).help("`heal log --incidents` lists them")
        }
        _ => Failure::of(Exit::Refused, error),
    }
}

fn older(session: &Session<'_>, age: Age) -> Vec<String> {
    let Age(age) = age;
    let limit = session.host.now().0 - age;
    let all = session.host.recorded().incidents;
    all.into_iter().filter(|incident| incident.at.0 < limit).map(|incident| incident.id).collect()
}

/// `4f2a81c09d3e 2026-11-21 09:51 mended  make`, and below it what was complained of and what changed.
fn told(incident: &Incident, style: Style) -> String {
    let state = match &incident.ending {
        None => style.warn("open  "),
        Some(ending) if ending.changes.is_empty() => style.faint("passed"),
        Some(_) => style.good("mended"),
    };
    let command = match incident.command.as_deref().unwrap_or_default() {
        "" => style.faint("given by hand"),
        command => style.bold(&visible(command)),
    };
    let mut text = format!("{} {} {state}  {command}\n", style.code(&incident.id), when(incident.at));
    if let Some(first) = incident.diagnostics.first() {
        let place = first.file.as_deref().map(|file| format!("{}: ", visible(file))).unwrap_or_default();
        let message = visible(first.message.lines().next().unwrap_or_default());
        let more = match incident.diagnostics.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        text.push_str(&format!("  {place}{message}{}\n", style.faint(&more)));
    }
    let changed = incident.ending.iter().flat_map(|ending| &ending.changes);
    let changed: Vec<&str> = changed.map(|change| change.path.as_str()).collect();
    if !changed.is_empty() {
        text.push_str(&format!("  {} {}\n", style.faint("changed"), visible(&changed.join(", "))));
    }
    text
}
