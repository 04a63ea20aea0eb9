use std::collections::BTreeMap;
use std::io::{self, BufReader, IsTerminal as _, Read};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use heal_exec::{Input, Launch, Outcome};
use heal_model::{Finding, Observation};

use crate::cli::exit::{Exit, Failure};
use crate::cli::session::{Rules, Session, localized};
use crate::{Diagnostics, look_at_diagnostics};

/// How many blocks of output may wait to be searched before the command has to wait too.
const WAITING: usize = 64;

/// Runs a command once, with its output passed through as it comes and searched beside.
pub(super) fn observe(
    session: &mut Session<'_>,
    rules: &Rules,
    argv: &[String],
    timeout: Option<Duration>,
) -> Result<(Outcome, Vec<Finding>), Failure> {
    let input = if io::stdout().is_terminal() { Input::Terminal } else { Input::Inherited };
    let (sender, receiver) = sync_channel::<Vec<u8>>(WAITING);
    let mut diagnostics = match look_at_diagnostics(&rules.library.playbooks) {
        true => Diagnostics::wanted(&session.reading(None)?),
        false => Diagnostics::unwanted(),
    };
    let command = Some(argv.join(" "));
    let cwd = session.host.relative(".").ok();
    let launch = Launch { argv, cwd: cwd.as_ref(), env: &BTreeMap::new(), timeout, input };
    let (host, console) = (&session.host, &mut *session.console);
    let (outcome, seen) = std::thread::scope(|scope| {
        let observation = Observation { command, exit: None, stream: None };
        let search = scope.spawn(move || {
            let mut output = BufReader::new(Pieces { receiver, piece: Vec::new(), at: 0 });
            rules.matcher.scan(&mut output, &observation, &mut |_| {})
        });
        let outcome = host.run(&launch, &mut |stream, bytes| {
            console.pass(stream, bytes);
            diagnostics.feed(bytes);
            // The search has ended only if it failed; the command goes on all the same.
            drop(sender.send(bytes.to_vec()));
        });
        drop(sender);
        (outcome, search.join().expect("a search never panics"))
    });
    let outcome = outcome.map_err(|error| Failure::of(Exit::Command(127), &error))?;
    let seen = seen.expect("a channel can be read");
    let all = seen.findings.into_iter().chain(rules.matcher.diagnostics(&diagnostics.finish()));
    let confirmed = all.filter_map(|finding| rules.matcher.confirm(finding, host));
    Ok((outcome, confirmed.map(|finding| localized(host, finding)).collect()))
}

/// Output that comes in pieces from another thread, as one stream.
struct Pieces {
    receiver: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            match self.receiver.recv() {
                Ok(piece) => (self.piece, self.at) = (piece, 0),
                Err(_) => return Ok(0),
            }
        }
        let count = (self.piece.len() - self.at).min(buffer.len());
        buffer[..count].copy_from_slice(&self.piece[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
