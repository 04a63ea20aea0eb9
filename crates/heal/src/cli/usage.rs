use std::env::args_os;

use super::command_line;
use super::console::Console;
use super::exit::Exit;
use crate::report::{Fault, Report};

/// Says what is wrong with the arguments, as a document too where JSON is asked for; help and versions are no failure.
pub(super) fn usage(error: &clap::Error) -> Exit {
    // A closed output leaves nobody to tell.
    drop(error.print());
    if !error.use_stderr() {
        return Exit::Done;
    }
    // What follows `--` is another command's.
    let typed = args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let typed: Vec<String> = typed.take_while(|word| word != "--").collect();
    if asks_for_json(&typed) {
        let heal = command_line();
        let is_command = |word: &&String| heal.find_subcommand(word).is_some();
        let (name, help) = match typed.iter().find(is_command) {
            Some(name) => (name.as_str(), format!("see: heal {name} --help")),
            None => ("heal", "see: heal --help".to_owned()),
        };
        let message = error.to_string().lines().next().unwrap_or_default().to_owned();
        let message = message.strip_prefix("error: ").unwrap_or(&message).to_owned();
        let mut report = Report::of(name);
        report.error = Some(Fault { message, help: Some(help) });
        Console::open().json(&report);
    }
    Exit::Usage
}

fn asks_for_json(typed: &[String]) -> bool {
    let pair = |words: &[String]| words[0] == "--format" && words[1] == "json";
    typed.windows(2).any(pair) || typed.iter().any(|word| word == "--format=json")
}
