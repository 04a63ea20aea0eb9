//! The command: arguments, printing, consent. Nothing outside this module prints.

mod abridged;
mod act;
mod apply;
mod arguments;
mod backups;
mod carry;
mod ci;
mod coding;
mod completions;
mod consent;
mod console;
mod diff;
mod drawn;
mod exit;
mod explain;
mod failure;
mod finding;
mod formats;
mod health;
mod history;
mod init;
mod learning;
mod lint;
mod list;
mod listing;
mod localized;
mod markdown;
mod matching;
mod merged;
mod observed;
mod on_demand;
mod outcome;
mod pick;
mod planning;
mod print;
mod receipt;
mod recovery;
mod rehearse;
mod run;
mod schema;
mod session;
mod set_aside;
mod signals;
mod span;
mod steps;
mod style;
mod table;
mod tally;
mod terminal;
mod test;
mod titled;
mod trust;
mod undo;
mod undoable;
mod update;
mod usage;
mod watch;
mod why;
mod wrapped;

use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory as _, FromArgMatches as _};

use signal_hook::consts::SIGXFSZ;

use arguments::{Arguments, Command, Format};
use console::Console;
use exit::Exit;
use failure::Failure;
use session::Session;

/// Runs the command that was typed, and gives the code it ends with.
#[must_use]
pub fn main() -> ExitCode {
    // A limit on the size of files is then an error of writing like any other, and no end of heal half-way.
    drop(signal_hook::flag::register(SIGXFSZ, Arc::default()));
    let parsed = command_line().try_get_matches().and_then(|matches| {
        let name = matches.subcommand_name().unwrap_or_default().to_owned();
        Ok((name, Arguments::from_arg_matches(&matches)?))
    });
    let (name, arguments) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return usage::usage(&error).into(),
    };
    let mut console = Console::open();
    let json = (arguments.options.format == Format::Json).then_some(name.as_str());
    let exit =
        dispatch(&name, &arguments, &mut console).unwrap_or_else(|failure| failure.tell(&mut console, json));
    console.close(exit).into()
}

fn dispatch(name: &str, arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let options = &arguments.options;
    formats::fits(name, &arguments.command, options.format)?;
    match &arguments.command {
        Command::Completions(wanted) => return Ok(completions::completions(wanted, console)),
        Command::Man(wanted) => return completions::man(wanted, console),
        Command::Schema(wanted) => return Ok(schema::schema(wanted, console)),
        _ => {}
    }
    let mut session = Session::open(options, console)?;
    recovery::recover(&mut session, &arguments.command)?;
    match &arguments.command {
        Command::Apply(wanted) => apply::apply(&mut session, wanted),
        Command::Check(wanted) => apply::check(&mut session, wanted),
        Command::Match(wanted) => matching::run(&mut session, wanted),
        Command::Run(wanted) => run::run(&mut session, wanted),
        Command::Undo(wanted) => undo::undo(&mut session, wanted),
        Command::Watch(wanted) => watch::watch(&mut session, wanted),
        Command::Log(wanted) if wanted.incidents => learning::log(&mut session, wanted),
        Command::Log(wanted) => history::log(&mut session, wanted),
        Command::Learn(wanted) => learning::learn(&mut session, wanted),
        Command::New(wanted) => learning::new(&mut session, wanted),
        Command::Forget(wanted) => learning::forget(&mut session, wanted),
        Command::Show(wanted) => history::show(&mut session, wanted),
        Command::Lint(wanted) => lint::lint(&mut session, wanted),
        Command::Test(wanted) => test::test(&mut session, wanted),
        Command::List(wanted) => list::list(&mut session, wanted),
        Command::Explain(wanted) => explain::explain(&mut session, wanted),
        Command::Why(wanted) => why::why(&mut session, wanted),
        Command::Trust(wanted) => trust::trust(&mut session, wanted),
        Command::Untrust(wanted) => trust::untrust(&mut session, wanted),
        Command::Init(arguments) => init::init(&mut session, arguments),
        Command::Completions(_) | Command::Man(_) | Command::Schema(_) => Ok(Exit::Done),
    }
}

/// heal's command line.
fn command_line() -> clap::Command {
    formats::offered(Arguments::command())
}
