use std::io::{self, Read, Stdin};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::clock::Deadline;

/// What is piped into heal, or what its input was redirected from.
#[derive(Debug)]
pub struct StandardInput(Stdin);

/// How long a pause may be in what comes at once.
const PAUSE: Duration = Duration::from_millis(5);
/// After how long nothing more is waited for.
const PATIENCE: Duration = Duration::from_millis(20);
/// How much is read at a time: enough that the reads leave nothing behind in a buffer of their own, where waiting would
/// not see it.
const PIECE: usize = 64 * 1024;

impl StandardInput {
    /// Opens it.
    #[must_use]
    pub fn open() -> Self {
        Self(io::stdin())
    }

    /// Reads what comes at once, up to about `most` bytes; and says whether that is all there will ever be.
    ///
    /// A file comes at once, and so does what a program prints that has it ready. Of what is printed bit by bit this
    /// gives the beginning, so that nobody waits for the rest.
    pub fn at_once(&mut self, most: usize) -> (Vec<u8>, bool) {
        let (mut text, mut piece) = (Vec::new(), vec![0; PIECE]);
        let deadline = Deadline::within(PATIENCE);
        while text.len() <= most && self.comes_within(PAUSE.min(deadline.left())) {
            match self.0.read(&mut piece) {
                Ok(0) => return (text, true),
                Ok(length) => text.extend_from_slice(&piece[..length]),
                // The next read, by whoever reads on, meets it again.
                Err(_) => break,
            }
        }
        (text, false)
    }

    /// Whether something more, or its end, comes within a span.
    fn comes_within(&self, span: Duration) -> bool {
        let span = Timespec { tv_sec: 0, tv_nsec: span.subsec_nanos().into() };
        let mut input = [PollFd::new(&self.0, PollFlags::IN)];
        poll(&mut input, Some(&span)).is_ok_and(|ready| ready > 0)
    }
}

impl Read for StandardInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}
