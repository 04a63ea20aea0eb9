use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use heal_exec::Outcome;
use heal_model::Mender;

use super::super::arguments::Match;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::observed::Source;
use super::super::on_demand::OnDemand;
use super::super::session::{Rules, Session};
use crate::Reading;
use crate::learning::{Noted, Ran, Settings, record};

/// How much of what is piped in is looked at.
const MOST: usize = 5 << 20;

/// Records how one run of a command ended. That it could not be is told, and changes nothing about the run.
///
/// `is_first` says that it is the call's first run: what has ended an incident was then somebody's own doing.
pub(in crate::cli) fn note(
    session: &mut Session<'_>,
    playbooks: &OnDemand,
    command: &[String],
    outcome: &Outcome,
    is_first: bool,
) {
    if outcome.timed_out || outcome.interrupted {
        return;
    }
    let style = session.console.err_style();
    let by = if is_first { Mender::Person } else { Mender::Heal };
    let (command, output) = (command.join(" "), outcome.output.bytes());
    let ran = Ran { command: &command, exit: outcome.exit, output: &output };
    match record(&session.host, ran, by, || playbooks.reading(&session.host)) {
        Ok(Noted::Pass(ended)) if is_first && !ended.is_empty() => {
            let hint = style.code("heal learn");
            session.say(&format!("{} what mended it is recorded; see {hint}\n", style.faint("heal:")));
        }
        Ok(_) => {}
        Err(error) if outcome.passed() => drop(error),
        Err(error) => {
            let words = Failure::of(Exit::Refused, &error).words();
            session.console.err(&format!("{} the failure is not recorded: {words}\n", style.warn("note:")));
        }
    }
}

/// Keeps what `match --record` reads.
pub(in crate::cli) struct Recording {
    kept: Option<Rc<RefCell<Vec<u8>>>>,
}

impl Recording {
    /// Keeps what is read where that was asked for.
    pub(in crate::cli) fn of(wanted: &Match) -> Self {
        Self { kept: wanted.record.then(Rc::default) }
    }

    /// A source whose bytes are kept as they are read.
    pub(in crate::cli) fn through(&self, mut source: Source) -> Source {
        if let Some(kept) = &self.kept {
            source.reader = Box::new(Keeping { reader: source.reader, kept: Rc::clone(kept) });
        }
        source
    }

    /// Records what was read: that the command failed, or that it passes now.
    pub(in crate::cli) fn write(
        self,
        session: &mut Session<'_>,
        rules: &Rules,
        reading: &Reading,
        wanted: &Match,
    ) -> Result<(), Failure> {
        let Some(kept) = self.kept.filter(|_| Settings::of(&rules.library.playbooks).stores) else {
            return Ok(());
        };
        let command = wanted.command.as_deref().unwrap_or_default();
        let kept = kept.borrow();
        let ran = Ran { command, exit: wanted.exit, output: &kept };
        let noted = record(&session.host, ran, Mender::Person, || reading.clone())
            .map_err(|error| Failure::of(Exit::Refused, &error))?;
        let style = session.console.err_style();
        let text = match noted {
            Noted::Failure(id) => format!("{} incident {id}\n", style.faint("recorded:")),
            Noted::Pass(ended) if ended.is_empty() => String::new(),
            Noted::Pass(ended) => {
                format!("{} what ended {}\n", style.faint("recorded:"), ended.join(", "))
            }
        };
        session.console.err(&text);
        Ok(())
    }
}

struct Keeping {
    reader: Box<dyn Read>,
    kept: Rc<RefCell<Vec<u8>>>,
}

impl Read for Keeping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let mut kept = self.kept.borrow_mut();
        let room = MOST.saturating_sub(kept.len()).min(count);
        kept.extend_from_slice(&buffer[..room]);
        Ok(count)
    }
}
