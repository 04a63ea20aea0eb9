use std::fmt::Write;

use heal_model::{Bytes, Command, Edit, ExitCodes, Fix, Invocation, PlanId};
use sha2::{Digest, Sha256};

/// A plan's name: a hash of every path, its content before and after, and every command.
///
/// Each field is preceded by its length, so that no two plans are written alike.
pub(crate) fn id(edits: &[Edit], fixes: &[Fix]) -> PlanId {
    let mut form = Form(Sha256::new());
    for edit in edits {
        form.field("edit");
        form.field(edit.path.as_str());
        form.field(&edit.content.before.as_ref().map_or(String::new(), hash));
        form.field(&edit.content.after.as_ref().map_or(String::new(), hash));
        form.field(if edit.executable { "executable" } else { "" });
    }
    for path in fixes.iter().flat_map(|fix| &fix.snapshots) {
        form.field("snapshot");
        form.field(path.as_str());
    }
    for path in fixes.iter().flat_map(|fix| &fix.folders) {
        form.field("folder");
        form.field(path.as_str());
    }
    for command in fixes.iter().flat_map(|fix| &fix.commands) {
        form.command(command);
    }
    PlanId(hexadecimal(&form.0.finalize()))
}

/// The sha256 of a content, in hexadecimal.
pub(crate) fn hash(content: &Bytes) -> String {
    hexadecimal(&Sha256::digest(&**content))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a String takes all that is written to it");
    }
    text
}

struct Form(Sha256);

impl Form {
    fn field(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    fn command(&mut self, command: &Command) {
        match &command.invocation {
            Invocation::Program(argv) => {
                self.field("program");
                self.field(&argv.len().to_string());
                argv.iter().for_each(|argument| self.field(argument));
            }
            Invocation::Shell(text) => {
                self.field("shell");
                self.field(text);
            }
            Invocation::Signal { pid_file, pid, started, signal, kill_after, family } => {
                self.field("signal");
                self.field(pid_file.as_ref().map_or("", |file| file.as_str()));
                self.field(&format!("{pid} {}", started.0));
                self.field(&format!("{signal:?} {kill_after:?} {family}"));
            }
        }
        self.field(command.cwd.as_ref().map_or("", |cwd| cwd.as_str()));
        self.field(&command.env.len().to_string());
        for (name, value) in &command.env {
            self.field(name);
            self.field(value);
        }
        self.field(&match &command.exit {
            None => String::new(),
            Some(ExitCodes::Failure) => "failure".to_owned(),
            Some(ExitCodes::Codes(codes)) => format!("{codes:?}"),
        });
    }
}
