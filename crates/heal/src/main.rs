//! The `heal` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    heal::cli::main()
}
