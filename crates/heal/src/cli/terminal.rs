use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::thread;

use signal_hook::consts::SIGINT;
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;

use super::session::Session;
use super::style::Style;

/// The terminal a person sits at, whatever standard input is.
pub(super) struct Terminal {
    reader: BufReader<File>,
    writer: File,
    pub(super) style: Style,
}

impl Terminal {
    /// A terminal to ask on: only where what is asked about is shown on one too.
    pub(super) fn open(session: &Session<'_>) -> Option<Self> {
        if !session.console.is_terminal {
            return None;
        }
        let writer = session.host.tty()?;
        let reader = BufReader::new(writer.try_clone().ok()?);
        Some(Self { reader, writer, style: session.console.style() })
    }

    /// One answer, in small letters; `None` at the end of input.
    pub(super) fn line(&mut self, question: &str, keys: &str) -> Option<String> {
        let question = format!("{} {} ", self.style.bold(question), self.style.faint(keys));
        self.typed(&question)
    }

    /// The same, for a question that is set already.
    pub(super) fn typed(&mut self, question: &str) -> Option<String> {
        write!(self.writer, "{}", self.style.fold(question, 2)).and_then(|()| self.writer.flush()).ok()?;
        let mut line = String::new();
        match self.reader.read_line(&mut line) {
            Ok(count) if count > 0 => Some(line.trim().to_lowercase()),
            _ => None,
        }
    }

    /// Yes or no; `None` for neither, where somebody wants to leave.
    pub(super) fn yes(&mut self, question: &str, keys: &str) -> Option<bool> {
        loop {
            match self.line(question, keys).as_deref() {
                Some("y" | "yes") => return Some(true),
                Some("n" | "no") => return Some(false),
                Some("q" | "quit") | None => return None,
                Some(_) => self.say("Type y, n or q.\n"),
            }
        }
    }

    /// Says something on the terminal itself.
    pub(super) fn say(&mut self, text: &str) {
        // A terminal that has gone away answers no question either: the next one ends it.
        drop(self.writer.write_all(text.as_bytes()));
    }

    /// As long as this lives, Ctrl-C in place of an answer says that nothing was changed, and ends heal as it always does.
    pub(super) fn interruptible(&self) -> Option<Interruptible> {
        let mut signals = Signals::new([SIGINT]).ok()?;
        let mut writer = self.writer.try_clone().ok()?;
        let handle = signals.handle();
        thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                drop(writer.write_all(b"\nNothing was changed.\n"));
                drop(emulate_default_handler(signal));
            }
        });
        Some(Interruptible(handle))
    }
}

/// A question that Ctrl-C may end.
pub(super) struct Interruptible(Handle);

impl Drop for Interruptible {
    fn drop(&mut self) {
        self.0.close();
    }
}
