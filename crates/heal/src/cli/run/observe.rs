use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, IsTerminal as _, Read};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use heal_diagnose::Lines;
use heal_exec::{Input, Launch, Outcome};
use heal_model::{Finding, Observation, Used};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::localized::localized;
use crate::cli::observed::{LITTLE, Source, in_place, read, whole};
use crate::cli::on_demand::OnDemand;
use crate::cli::session::{Rules, Session};
use crate::diagnostics::standing;
use crate::{Diagnostics, Extractors, Reading};

/// How many blocks of output may wait to be searched before the command has to wait too.
const WAITING: usize = 64;

/// What was made of a command's output while it ran.
enum Seen {
    /// It printed little: there is time to search it when the command has failed.
    Little(Vec<u8>),
    /// It was searched as it came.
    Searched(Told),
}

/// What output tells: what is known in it, and which environments of Python it names.
#[derive(Default)]
struct Told {
    findings: Vec<Finding>,
    environments: BTreeSet<String>,
}

/// Runs a command once, with its output passed through as it comes; and finds what is known in it, unless the command
/// passes.
///
/// Much output is searched while it comes, since it is kept nowhere; little only when the command has failed, so that
/// one that passes waits for nothing.
pub(super) fn observe(
    session: &mut Session<'_>,
    playbooks: &mut OnDemand,
    argv: &[String],
    timeout: Option<Duration>,
) -> Result<(Outcome, Vec<Finding>), Failure> {
    let input = if io::stdout().is_terminal() { Input::Terminal } else { Input::Inherited };
    let (sender, receiver) = sync_channel::<Vec<u8>>(WAITING);
    let observation = Observation { command: Some(argv.join(" ")), exit: None, stream: None };
    let cwd = session.host.relative(".").ok();
    let launch = Launch { argv, cwd: cwd.as_ref(), env: &BTreeMap::new(), timeout, input };
    let OnDemand { rules, extractors, .. } = playbooks;
    let were_read = extractors.get().is_some();
    let (host, console) = (&session.host, &mut *session.console);
    let extractors = || extractors.get_or_init(|| Extractors::open(host));
    let (outcome, seen) = std::thread::scope(|scope| {
        let search = |output| {
            found(rules.all(), &extractors().whole(), Source::of("its output", output), &observation)
        };
        let watching = scope.spawn(|| watch(Pieces { receiver, piece: Vec::new(), at: 0 }, search));
        let outcome = host.run(&launch, &mut |stream, bytes| {
            console.pass(stream, bytes);
            // The search has ended only if it failed; the command goes on all the same.
            drop(sender.send(bytes.to_vec()));
            if console.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        drop(sender);
        (outcome, watching.join().expect("a search never panics"))
    });
    let outcome = outcome.map_err(|error| Failure::of(Exit::Command(error.code()), &error))?;
    let told = match seen {
        Seen::Searched(told) => told,
        Seen::Little(_) if outcome.passed() || outcome.interrupted => Told::default(),
        Seen::Little(output) => {
            let reading = extractors().whole();
            let mut source = [Source::whole("its output", output)];
            let output = whole(&mut source, &reading).expect("it is little");
            let [source] = source;
            found(rules.for_output(&output), &reading, source, &observation)
        }
    };
    let of_project = told.findings.into_iter().map(|finding| localized(host, finding));
    let matcher = &rules.asked_for().matcher;
    let findings = of_project.filter_map(|finding| matcher.confirm(finding, host)).collect();
    if let (Some(extractors), false) = (playbooks.extractors.get(), were_read) {
        session.tell_faulty_extractors(extractors);
    }
    session.used = Used { command: observation.command, environments: told.environments };
    Ok((outcome, findings))
}

/// Collects output as long as it is little; searches it as it comes once there is more.
fn watch(mut pieces: Pieces, search: impl FnOnce(Box<dyn Read>) -> Told) -> Seen {
    let mut little = Vec::new();
    let most = LITTLE as u64 + 1;
    pieces.by_ref().take(most).read_to_end(&mut little).expect("a channel can be read");
    if little.len() <= LITTLE {
        return Seen::Little(little);
    }
    Seen::Searched(search(Box::new(Cursor::new(little).chain(pieces))))
}

/// What an output tells, whatever the state of files.
fn found(rules: &Rules, reading: &Reading, output: Source, observation: &Observation) -> Told {
    let mut diagnostics = Diagnostics::wanted(reading);
    let scan = |input: &mut dyn io::BufRead, lines: &Lines| {
        Ok(in_place(rules.matcher.scan(input, observation, &mut |_| {})?, lines))
    };
    let seen = read(output, None, &mut diagnostics, scan);
    let (environments, runs) = (diagnostics.environments(), diagnostics.runs());
    let by_diagnostic = rules.matcher.diagnostics(&diagnostics.finish());
    // Memory and a channel can be read.
    let by_output = seen.into_iter().flat_map(|seen| seen.findings);
    let by_output = by_output.filter_map(|finding| standing(finding, &runs));
    let findings = by_output.chain(by_diagnostic).collect();
    Told { findings, environments }
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
