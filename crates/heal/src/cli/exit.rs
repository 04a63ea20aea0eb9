use std::fmt::Display;
use std::process::ExitCode;

use super::console::Console;
use crate::report::{self, Report};

/// How heal ends; the numbers are part of its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done, clean, healed; `match`: something matched.
    Done,
    /// Not healed: findings remain; `match`: nothing matched; `test`, `lint`: something failed.
    Remains,
    /// Usage, or a playbook that is not valid.
    Usage,
    /// A required file is missing, or a conflict: a person must act.
    Required,
    /// Refused, nothing changed.
    Refused,
    /// Applied, verification failed, rolled back.
    RolledBack,
    /// A signal asked heal to end, or ended the command it ran.
    Signal(u8),
    /// The code of the command that was run.
    Command(u8),
}

/// Why a command could not do its work, in words, with the code that says so.
pub(super) struct Failure {
    exit: Exit,
    message: String,
    help: Option<String>,
}

impl Failure {
    /// A failure in one line: lower case, no full stop.
    pub(super) fn new(exit: Exit, message: impl Display) -> Self {
        Self { exit, message: message.to_string(), help: None }
    }

    /// A failure as an error tells it, with its causes.
    pub(super) fn of(exit: Exit, error: &dyn std::error::Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message.push_str(&format!(": {error}"));
            cause = error.source();
        }
        Self { exit, message, help: None }
    }

    /// Whether it says that nothing was changed, and nothing else is wrong.
    pub(super) fn is_refusal(&self) -> bool {
        self.exit == Exit::Refused
    }

    /// What went wrong, in one line.
    pub(super) fn words(&self) -> String {
        self.message.clone()
    }

    /// What to type instead.
    pub(super) fn help(mut self, help: impl Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    /// The report of a command that could not do its work.
    pub(super) fn report(&self, command: &str) -> Report {
        let fault = report::Fault { message: self.message.clone(), help: self.help.clone() };
        Report { error: Some(fault), ..Report::of(command) }
    }

    /// Says it on standard error; where JSON is wanted of a command, and none was printed, as a report too.
    pub(super) fn tell(self, console: &mut Console, json: Option<&str>) -> Exit {
        if let Some(command) = json.filter(|_| !console.has_printed) {
            console.json(&self.report(command));
        }
        let style = console.err_style();
        let mut text = format!("{} {}\n", style.bad("error:"), self.message);
        if let Some(help) = self.help {
            text.push_str(&format!("{} {help}\n", style.hint(" help:")));
        }
        console.err(&text);
        self.exit
    }
}

impl Exit {
    /// The exit that a stage's error asks for.
    pub(super) fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Done,
            1 => Self::Remains,
            2 => Self::Usage,
            3 => Self::Required,
            5 => Self::RolledBack,
            _ => Self::Refused,
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Remains => 1,
            Self::Usage => 2,
            Self::Required => 3,
            Self::Refused => 4,
            Self::RolledBack => 5,
            Self::Command(code) => code,
            Self::Signal(signal) => 128_u8.saturating_add(signal),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
