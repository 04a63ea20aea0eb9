use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use heal_exec::scratch::ScratchError;
use heal_exec::{CheckoutError, Host, HostError, Input, Launch, Outcome, RunError, unheard};
use heal_model::Unreadable;
use thiserror::Error;

/// How long the command may take each time.
const PATIENCE: Duration = Duration::from_secs(600);

/// Why a command can't be asked, on a copy of the project, what ends its failure.
#[derive(Debug, Error)]
pub enum AskError {
    /// There is no copy of a commit to run it in.
    #[error(transparent)]
    Checkout(#[from] CheckoutError),
    /// There is no copy of the project as it is.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// It can't be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file can't be read.
    #[error(transparent)]
    Read(#[from] Unreadable),
    /// A commit can't be read.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A file of the copy can't be written.
    #[error("cannot change the copy")]
    Write(#[from] io::Error),
}

/// Runs a command in a copy of the project whose files change between one run and the next.
pub(super) fn ask(copy: &Host, command: &[String]) -> Result<Outcome, AskError> {
    // Python believes what it has compiled as long as a file's size and second are the same.
    let env = BTreeMap::from([("PYTHONDONTWRITEBYTECODE".to_owned(), "1".to_owned())]);
    let launch =
        Launch { argv: command, cwd: None, env: &env, timeout: Some(PATIENCE), input: Input::Nothing };
    Ok(copy.run(&launch, &mut unheard)?)
}
