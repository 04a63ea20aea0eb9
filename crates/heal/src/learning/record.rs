use heal_exec::Host;
use heal_exec::incidents::{Failed, IncidentError};
use heal_model::Mender;

use super::excerpt::excerpt;
use super::named::named;
use crate::{Diagnostics, Reading};

/// What was recorded of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It failed: the incident's id.
    Failure(String),
    /// It passed: the ids of the incidents that a change of their files has ended.
    Pass(Vec<String>),
}

/// One run of a command, and how it ended.
#[derive(Clone, Copy, Debug)]
pub struct Ran<'a> {
    /// The command, as it was typed.
    pub command: &'a str,
    /// The code it ended with.
    pub exit: Option<i32>,
    /// What it printed.
    pub output: &'a [u8],
}

/// Records how a command ended: what it complained of, and the files that it names; or that it passes now, and what
/// has become of those files, of which `by` says who has mended them. How diagnostics are read is asked where it failed.
///
/// It takes a few milliseconds: what it reads is bounded, and nothing waits for the disk.
///
/// # Errors
/// When it can't be written down.
pub fn record(
    host: &Host,
    Ran { command, exit, output }: Ran<'_>,
    by: Mender,
    reading: impl FnOnce() -> Reading,
) -> Result<Noted, IncidentError> {
    let root = format!("{}/", host.root().display());
    let text = heal_diagnose::plain(output).replace(&root, "");
    if exit == Some(0) {
        return Ok(Noted::Pass(host.record_pass(command, &text, by)?));
    }
    let mut diagnostics = Diagnostics::wanted(&reading());
    diagnostics.feed(text.as_bytes());
    let diagnostics = diagnostics.finish();
    let files = named(host, &text, &diagnostics);
    let (output, diagnostics) = excerpt(text, diagnostics);
    let failed = Failed { command, exit, diagnostics, output: &output, files };
    Ok(Noted::Failure(host.record_failure(&failed)?))
}
