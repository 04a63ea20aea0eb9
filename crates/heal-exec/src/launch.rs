use std::collections::BTreeMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::process::Child;
use std::time::Duration;

use heal_model::{RelPath, Stream};

use crate::guard::Guard;

/// Hears what a command prints, as it comes; a break is for a stream that nobody hears any more.
pub type Hearer<'a> = dyn FnMut(Stream, &[u8]) -> ControlFlow<()> + 'a;

/// Hears a command to its end, and keeps nothing of it.
pub fn unheard(_: Stream, _: &[u8]) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A command to run: a program and its arguments, never shell text.
#[derive(Clone, Copy, Debug)]
pub struct Launch<'a> {
    /// The program and its arguments.
    pub argv: &'a [String],
    /// Where, inside the project; at its root where nothing is said.
    pub cwd: Option<&'a RelPath>,
    /// Variables added to its environment.
    pub env: &'a BTreeMap<String, String>,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// What it reads.
    pub input: Input,
}

/// What a command reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing; nor can it ask for anything. It gets a process group of its own, of which nothing is left behind, not
    /// even when heal is killed; and of heal's environment what is needed to find tools and their files, no more.
    Nothing,
    /// What heal itself would read: for a command that the user wrapped. It stays in heal's process group, so the
    /// terminal's keys reach it, and has the whole of heal's environment.
    Inherited,
    /// As [`Input::Inherited`], and what it prints goes to a terminal of its own, so that it prints as it would to
    /// heal's: colours, width, progress. Both of its streams come as standard output.
    Terminal,
}

/// A command that has been started.
pub(crate) struct Started {
    /// Its process.
    pub(crate) child: Child,
    /// Where what it prints to a terminal of its own is read.
    pub(crate) terminal: Option<File>,
    /// Who ends it when heal is gone.
    pub(crate) guard: Guard,
    /// Whether the guard leads a process group of its own.
    pub(crate) leads: bool,
}
