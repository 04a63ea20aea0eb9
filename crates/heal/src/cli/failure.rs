use std::fmt::Display;

use super::console::Console;
use super::exit::Exit;
use crate::report::{self, Report};

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
