use std::collections::BTreeMap;

use heal_exec::{Checkout, Commit, Host};
use heal_model::Incident;

use super::ask::{AskError, ask};
use super::triple::{Triple, incident};

/// How a command ended on one commit.
#[derive(Clone)]
struct Ended {
    passed: bool,
    output: Vec<u8>,
}

/// Runs a command before and after each commit, in a copy of the repository, and makes an incident of each commit with
/// which it passes again. `on` is told of each commit that is looked at.
///
/// # Errors
/// When there can be no such copy, or the command can't be started.
pub fn history(
    host: &Host,
    commits: &[Commit],
    command: &[String],
    on: &mut dyn FnMut(&Commit),
) -> Result<Vec<Incident>, AskError> {
    let Some(first) = commits.first() else { return Ok(Vec::new()) };
    let checkout = host.checkout(&first.parent)?;
    let mut known: BTreeMap<String, Ended> = BTreeMap::new();
    let mut ended = |revision: &String| -> Result<Ended, AskError> {
        if let Some(ended) = known.get(revision) {
            return Ok(ended.clone());
        }
        let ended = run(&checkout, revision, command)?;
        known.insert(revision.clone(), ended.clone());
        Ok(ended)
    };
    let mut incidents = Vec::new();
    for commit in commits {
        on(commit);
        let (before, after) = (ended(&commit.parent)?, ended(&commit.id)?);
        if before.passed || !after.passed {
            continue;
        }
        let triple = Triple {
            command: &command.join(" "),
            failed: &before.output,
            passed: &after.output,
            before: &host.revision(&commit.parent),
            after: &host.revision(&commit.id),
        };
        incidents.push(incident(host, &triple)?);
    }
    Ok(incidents)
}

fn run(checkout: &Checkout<'_>, revision: &str, command: &[String]) -> Result<Ended, AskError> {
    checkout.switch(revision)?;
    let outcome = ask(checkout.host(), command)?;
    let root = format!("{}/", checkout.host().root().display());
    let output = String::from_utf8_lossy(&outcome.output.bytes()).replace(&root, "");
    Ok(Ended { passed: outcome.passed(), output: output.into_bytes() })
}
