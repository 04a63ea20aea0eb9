use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::stdio::{stderr, stdout};
use rustix::termios::{
    OptionalActions, OutputModes, Winsize, tcgetattr, tcgetwinsize, tcsetattr, tcsetwinsize,
};

/// How many columns the terminal has that heal prints to, where it prints to one.
#[must_use]
pub fn columns() -> Option<usize> {
    let size = tcgetwinsize(stdout()).or_else(|_| tcgetwinsize(stderr())).ok()?;
    Some(size.ws_col.into()).filter(|columns| *columns > 0)
}

/// A terminal of a command's own: what it prints there is read at the other side.
pub(crate) struct Pty {
    /// Where it is read.
    pub(crate) reader: File,
    /// What the command prints to.
    pub(crate) writer: File,
}

impl Pty {
    /// Opens one that is as wide as heal's own and passes bytes on as they are.
    ///
    /// It is not the command's controlling terminal: keys still come from heal's, which both share.
    pub(crate) fn open() -> io::Result<Self> {
        let reader = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&reader)?;
        unlockpt(&reader)?;
        let name = ptsname(&reader, Vec::new())?;
        let name = name.to_str().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        let writer = OpenOptions::new().read(true).write(true).open(Path::new(name))?;
        let mut modes = tcgetattr(&writer)?;
        modes.output_modes.remove(OutputModes::OPOST);
        tcsetattr(&writer, OptionalActions::Now, &modes)?;
        if let Ok(size) = tcgetwinsize(stdout()) {
            tcsetwinsize(&reader, size)?;
        }
        Ok(Self { reader: File::from(reader), writer })
    }
}

/// Keeps a terminal of a command's own as large as heal's.
pub(crate) struct Window {
    terminal: File,
    size: Winsize,
}

impl Window {
    /// Follows for a terminal that has heal's size.
    pub(crate) fn of(terminal: &File) -> io::Result<Self> {
        Ok(Self { size: tcgetwinsize(terminal)?, terminal: terminal.try_clone()? })
    }

    /// Takes on the size of heal's terminal, where that has changed; whether it has.
    pub(crate) fn follow(&mut self) -> bool {
        let Ok(size) = tcgetwinsize(stdout()) else { return false };
        if same(&size, &self.size) || tcsetwinsize(&self.terminal, size).is_err() {
            return false;
        }
        self.size = size;
        true
    }
}

fn same(one: &Winsize, other: &Winsize) -> bool {
    (one.ws_row, one.ws_col) == (other.ws_row, other.ws_col)
}
