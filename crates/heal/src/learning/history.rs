use std::collections::BTreeMap;
use std::time::Duration;

use heal_exec::{Checkout, CheckoutError, Commit, Host, HostError, Input, Launch, RunError, unheard};
use heal_model::{Incident, Unreadable};
use thiserror::Error;

use super::triple::{Triple, incident};

/// How long the command may take on one commit.
const PATIENCE: Duration = Duration::from_secs(600);

/// Why nothing can be learned from history.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// There is no copy to run the command in.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// The command can't be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file of a commit can't be read.
    #[error(transparent)]
    Read(#[from] Unreadable),
    /// A commit can't be read.
    #[error(transparent)]
    Host(#[from] HostError),
}

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
) -> Result<Vec<Incident>, HistoryError> {
    let Some(first) = commits.first() else { return Ok(Vec::new()) };
    let checkout = host.checkout(&first.parent)?;
    let mut known: BTreeMap<String, Ended> = BTreeMap::new();
    let mut ended = |revision: &String| -> Result<Ended, HistoryError> {
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

fn run(checkout: &Checkout<'_>, revision: &str, command: &[String]) -> Result<Ended, HistoryError> {
    checkout.switch(revision)?;
    let launch = Launch {
        argv: command,
        cwd: None,
        env: &BTreeMap::new(),
        timeout: Some(PATIENCE),
        input: Input::Nothing,
    };
    let outcome = checkout.host().run(&launch, &mut unheard)?;
    let root = format!("{}/", checkout.host().root().display());
    let output = String::from_utf8_lossy(&outcome.output.bytes()).replace(&root, "");
    Ok(Ended { passed: outcome.passed(), output: output.into_bytes() })
}
