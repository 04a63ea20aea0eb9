use super::arguments::{Completions, Man};
use super::command_line;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;

/// `heal completions`: a script for a shell.
pub(super) fn completions(wanted: &Completions, console: &mut Console) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(wanted.shell, &mut command_line(), "heal", &mut script);
    console.bytes(&script);
    Exit::Done
}

/// `heal man`: a page in roff.
pub(super) fn man(wanted: &Man, console: &mut Console) -> Result<Exit, Failure> {
    let mut heal = command_line();
    heal.build();
    let page = match &wanted.command {
        None => heal,
        Some(name) => {
            let command = heal.find_subcommand(name).cloned().ok_or_else(|| {
                Failure::new(Exit::Usage, format!("heal has no command {name}"))
                    .help("`heal --help` lists them")
            })?;
            command.display_name(format!("heal-{name}")).version(env!("CARGO_PKG_VERSION"))
        }
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff).expect("memory can be written");
    console.bytes(&roff);
    Ok(Exit::Done)
}
