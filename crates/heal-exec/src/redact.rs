//! Takes secrets out of what is about to be kept: those that the environment holds, and those that show what they
//! are by how they start.

use heal_model::{Command, Invocation, SignalName};

use crate::secrets::Secrets;

/// A text with its secrets taken out.
pub(crate) fn text(text: &str) -> String {
    Secrets::of_env().hide(text)
}

/// A command as it may be kept.
pub(crate) fn argv(command: &Command) -> Vec<String> {
    let argv = match &command.invocation {
        Invocation::Program(argv) => argv.clone(),
        Invocation::Shell(script) => vec!["sh".to_owned(), "-c".to_owned(), script.clone()],
        Invocation::Signal { pid, signal, .. } => {
            vec!["kill".to_owned(), format!("-{}", name(*signal)), pid.to_string()]
        }
    };
    let secrets = Secrets::of_env();
    argv.iter().map(|argument| secrets.hide(argument)).collect()
}

/// A signal's name as `kill` takes it.
pub(crate) fn name(signal: SignalName) -> &'static str {
    match signal {
        SignalName::Term => "TERM",
        SignalName::Int => "INT",
        SignalName::Hup => "HUP",
        SignalName::Kill => "KILL",
        SignalName::Usr1 => "USR1",
        SignalName::Usr2 => "USR2",
    }
}
