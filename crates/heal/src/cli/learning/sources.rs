use std::io::Read as _;

use heal_exec::incidents::Keep;
use heal_model::Incident;

use super::super::arguments::Learn;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;
use crate::learning::{Triple, history, incident};

/// How much of an output is read.
const MOST: u64 = 5 << 20;

/// Incidents that do not come from the record: triples that somebody has kept, and history. They go on record, so that
/// what is learned from one counts when the next comes; with `--dry-run` they count for this call alone.
pub(super) fn take(session: &mut Session<'_>, wanted: &Learn) -> Result<Vec<Incident>, Failure> {
    let mut taken = Vec::new();
    if let Some(from) = &wanted.from {
        let given = match (&wanted.before, &wanted.after) {
            (Some(before), Some(after)) => vec![triple(session, from, None, before, after)?],
            _ => folder(session, from)?,
        };
        taken.extend(given.into_iter().map(|one| Incident { command: wanted.failed.clone(), ..one }));
    }
    if let Some(range) = &wanted.from_git {
        taken.extend(commits(session, range, &wanted.command)?);
    }
    let keep = if wanted.dry_run { Keep::Nowhere } else { Keep::OnRecord };
    session.host.take_over(&taken, keep).map_err(|error| Failure::of(Exit::Refused, &error))
}

/// Every folder of a folder that holds `failed.log`, `before` and `after`, and may hold `passed.log`.
fn folder(session: &Session<'_>, from: &str) -> Result<Vec<Incident>, Failure> {
    let folders = session.host.folders(from);
    let has = |folder: &String| session.host.open(&format!("{folder}/failed.log")).is_ok();
    let triples: Vec<Incident> = folders
        .iter()
        .filter(|folder| has(folder))
        .map(|folder| {
            let inside = |name: &str| format!("{folder}/{name}");
            let passed = Some(inside("passed.log")).filter(|path| session.host.open(path).is_ok());
            triple(session, &inside("failed.log"), passed.as_deref(), &inside("before"), &inside("after"))
        })
        .collect::<Result<_, _>>()?;
    if triples.is_empty() {
        let message = format!("{from} holds no folder with failed.log, before and after");
        let help = "name such a folder, or an output together with --before and --after";
        return Err(Failure::new(Exit::Usage, message).help(help));
    }
    Ok(triples)
}

fn triple(
    session: &Session<'_>,
    failed: &str,
    passed: Option<&str>,
    before: &str,
    after: &str,
) -> Result<Incident, Failure> {
    let usage = |error: &dyn std::error::Error| Failure::of(Exit::Usage, error);
    let side = |typed: &str| session.host.side(typed).map_err(|error| usage(&error));
    let failed = text(session, failed)?;
    let passed = passed.map(|path| text(session, path)).transpose()?.unwrap_or_default();
    let (before, after) = (side(before)?, side(after)?);
    let triple = Triple { command: "", failed: &failed, passed: &passed, before: &before, after: &after };
    incident(&session.host, &triple).map_err(|error| usage(&error))
}

fn text(session: &Session<'_>, path: &str) -> Result<Vec<u8>, Failure> {
    let file = session.host.open(path).map_err(|error| Failure::of(Exit::Usage, &error))?;
    let mut text = Vec::new();
    let read = file.take(MOST).read_to_end(&mut text);
    read.map_err(|error| Failure::new(Exit::Usage, format!("cannot read {path}: {error}")))?;
    Ok(text)
}

fn commits(session: &mut Session<'_>, range: &str, command: &[String]) -> Result<Vec<Incident>, Failure> {
    let commits = session.host.commits(range).map_err(|error| {
        Failure::of(Exit::Usage, &error).help("name commits as `git log` takes them: main~20..main")
    })?;
    let style = session.console.err_style();
    let (host, console) = (&session.host, &mut *session.console);
    let mut told = |commit: &heal_exec::Commit| {
        let id = commit.id.get(..12).unwrap_or(&commit.id);
        console.err(&format!("{} {id}\n", style.faint("looking at")));
    };
    history(host, &commits, command, &mut told).map_err(|error| Failure::of(Exit::Refused, &error))
}
