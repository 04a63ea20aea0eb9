use std::io::{self, IsTerminal as _, Write};

use anstream::{AutoStream, ColorChoice};
use heal_model::Stream;

use super::ci;
use super::exit::Exit;
use super::style::Style;

/// Where heal prints. A reader that has gone away is no error; a disk that is full is one.
pub(super) struct Console {
    color: bool,
    err_color: bool,
    /// How wide a line may be.
    columns: usize,
    /// Whether standard output is a terminal.
    pub(super) is_terminal: bool,
    /// Whether standard output is a wrapped command's, and heal prints to standard error.
    to_stderr: bool,
    /// Whether anything was printed to standard output.
    pub(super) has_printed: bool,
    /// Whether a CI service reads what is printed, and obeys lines of it.
    in_ci: bool,
    /// Whether what was printed last has not ended its line.
    in_line: bool,
    /// The newest operation that was carried out.
    done: Option<String>,
    failed: Option<io::Error>,
}

impl Console {
    /// Finds out whether to use colours: `NO_COLOR`, `CLICOLOR_FORCE` and the terminal decide.
    pub(super) fn open() -> Self {
        let shown = [io::stdout().is_terminal(), io::stderr().is_terminal()];
        let columns = shown.contains(&true).then(heal_exec::columns).flatten();
        Self {
            columns: columns.unwrap_or(usize::MAX),
            color: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            err_color: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            is_terminal: io::stdout().is_terminal(),
            to_stderr: false,
            has_printed: false,
            in_ci: false,
            in_line: false,
            done: None,
            failed: None,
        }
    }

    /// The style for standard output.
    pub(super) fn style(&self) -> Style {
        Style { color: self.color, columns: if self.is_terminal { self.columns } else { usize::MAX } }
    }

    /// The style for standard error.
    pub(super) fn err_style(&self) -> Style {
        Style { color: self.err_color, columns: usize::MAX }
    }

    /// Leaves standard output to a command that heal runs: what heal prints goes to standard error from now on.
    pub(super) fn give_up_stdout(&mut self) {
        self.to_stderr = true;
        self.color = self.err_color;
        self.is_terminal = io::stderr().is_terminal();
    }

    /// Passes on what a command printed, to the stream it printed to.
    pub(super) fn pass(&mut self, stream: Stream, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = match stream {
                Stream::Stdout => written(&mut io::stdout().lock(), bytes),
                Stream::Stderr => written(&mut io::stderr().lock(), bytes),
            };
        }
    }

    /// Remembers an operation that was carried out, whether it can be told of or not.
    pub(super) fn did(&mut self, operation: &str) {
        self.done = Some(operation.to_owned());
    }

    /// Whether nobody reads any more what heal prints.
    pub(super) fn is_closed(&self) -> bool {
        self.failed.is_some()
    }

    /// Sees to it that no text makes the CI service do anything that reads it.
    pub(super) fn mind_ci(&mut self) {
        self.in_ci = true;
    }

    /// Prints text for a person; after the first failure nothing more.
    pub(super) fn out(&mut self, text: &str) {
        match self.in_ci {
            true => self.bytes(ci::inert(text).as_bytes()),
            false => self.bytes(text.as_bytes()),
        }
    }

    /// Prints bytes as they are, and sends them off.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.has_printed |= !bytes.is_empty();
        self.in_line = bytes.last().map_or(self.in_line, |last| *last != b'\n');
        if self.to_stderr {
            self.pass(Stream::Stderr, bytes);
        } else {
            self.pass(Stream::Stdout, bytes);
        }
    }

    /// Ends a line that was passed through without an end.
    pub(super) fn end_line(&mut self) {
        if self.in_line {
            self.out("\n");
        }
    }

    /// Prints JSON, indented, as one document.
    pub(super) fn json(&mut self, value: &impl serde::Serialize) {
        let text = serde_json::to_string_pretty(value).expect("reports have string keys alone");
        self.bytes(text.as_bytes());
        self.bytes(b"\n");
    }

    /// Prints to standard error. If that is closed, there is nobody to tell.
    pub(super) fn err(&mut self, text: &str) {
        let text = if self.in_ci { ci::inert(text) } else { text.into() };
        drop(io::stderr().lock().write_all(text.as_bytes()));
    }

    /// The code to end with: what was done. Where nothing was, and what was found could not be told, that is a failure.
    pub(super) fn close(mut self, exit: Exit) -> Exit {
        match self.failed.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let style = self.err_style();
                self.err(&format!("{} cannot write the output: {error}\n", style.bad("error:")));
                match self.done.take() {
                    Some(id) => {
                        let show = style.code(&format!("heal show {id}"));
                        self.err(&format!("{} what was done is done: {show}\n", style.hint(" help:")));
                        exit
                    }
                    None if exit == Exit::Done => Exit::Remains,
                    None => exit,
                }
            }
            _ => exit,
        }
    }
}

fn written(stream: &mut dyn Write, bytes: &[u8]) -> Option<io::Error> {
    stream.write_all(bytes).and_then(|()| stream.flush()).err()
}
