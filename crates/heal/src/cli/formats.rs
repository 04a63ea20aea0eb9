use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Arg, ValueEnum as _};

use super::arguments::{Command, Format};
use super::exit::Exit;
use super::failure::Failure;

/// The formats that a command prints, by its name.
fn of(command: &str) -> &'static [Format] {
    match command {
        "match" => &[Format::Text, Format::Json, Format::Jsonl, Format::Github, Format::Sarif],
        "check" => &[Format::Text, Format::Json, Format::Github, Format::Sarif],
        "lint" => &[Format::Text, Format::Json, Format::Github],
        "watch" => &[Format::Text, Format::Jsonl],
        "completions" | "man" => &[Format::Text],
        _ => &[Format::Text, Format::Json],
    }
}

/// Lets each command offer the formats that it has, and no others.
pub(super) fn offered(heal: clap::Command) -> clap::Command {
    heal.mut_subcommands(|command| {
        let formats = of(command.get_name());
        let values = formats.iter().filter_map(clap::ValueEnum::to_possible_value);
        let parser = PossibleValuesParser::new(values)
            .map(|name| Format::from_str(&name, false).expect("the values are the names of formats"));
        let format = Arg::new("format").long("format").value_name("FORMAT").value_parser(parser);
        let format = format.default_value("text").help("How to print the result");
        command.arg(if formats.len() == 1 { format.hide(true) } else { format })
    })
}

/// Refuses a format that a command does not have, where it was typed before the command.
pub(super) fn fits(name: &str, command: &Command, format: Format) -> Result<(), Failure> {
    let lists = matches!(command, Command::Match(wanted) if wanted.list);
    if format == Format::Jsonl && name == "match" && !lists {
        let message = "match prints jsonl with --list alone";
        return Err(Failure::new(Exit::Usage, message).help("use --format json"));
    }
    if of(name).contains(&format) {
        return Ok(());
    }
    let named = |format: &Format| format.to_possible_value().map(|value| value.get_name().to_owned());
    let names: Vec<String> = of(name).iter().filter_map(named).collect();
    Err(Failure::new(Exit::Usage, format!("{name} does not print this format"))
        .help(format!("it prints {}", names.join(", "))))
}
