use std::time::{Duration, Instant};

use heal_model::{Command, CommandOutcome, ExitCodes, Invocation, command_line, decides_what_runs};

use crate::apply_error::ApplyError;
use crate::clock::{Deadline, Machine};
use crate::launch::{Input, Launch, unheard};
use crate::redact;
use crate::retry::{Gate, Schedule, Tried, breaker_name, is_transient, persist, retry_after};
use crate::run::{Outcome, RunError};
use crate::signals::{Sending, Target};
use crate::stragglers::OPERATION;
use crate::world::now;
use crate::{Host, programs, signals};

/// How much of a command's output stands in its receipt.
pub(crate) const TAIL: usize = 2 * 1024;

/// Which breaker a command asks, and what it tells it.
#[derive(Clone, Copy)]
struct Breaking<'a> {
    name: &'a str,
    counts: Counts,
}

/// What a breaker is told of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// How the command ended.
    Always,
    /// That it failed: that all passed is told by a later command of the rule.
    Failure,
}

impl Host {
    /// Refuses commands that could not run, or would decide what others run, before anything is changed.
    pub(crate) fn check_commands(&self, commands: &[&Command]) -> Result<(), ApplyError> {
        for command in commands {
            if let Some(name) = command.env.keys().find(|name| decides_what_runs(name)) {
                return Err(ApplyError::Variable { name: name.clone() });
            }
            let program = match &command.invocation {
                Invocation::Program(argv) => argv.first().map_or("", String::as_str),
                Invocation::Shell(_) => "sh",
                Invocation::Signal { .. } => continue,
            };
            // A path may name what an earlier command makes; a bare name must be installed.
            if !program.contains('/') && programs::find(program, self.root()).is_none() {
                return Err(ApplyError::Program { program: program.to_owned() });
            }
        }
        Ok(())
    }

    /// Runs commands in order, up to the first that fails; says whether all are done.
    ///
    /// Each is told which operation it belongs to, so that it can be found and ended where it outlives that.
    pub(crate) fn run_all(
        &self,
        commands: &[&Command],
        operation: &str,
        deadline: Deadline,
    ) -> (Vec<CommandOutcome>, bool) {
        let mut outcomes = Vec::new();
        for (index, command) in commands.iter().enumerate() {
            let of = command.breaker_of.as_ref();
            let is_last = commands[index + 1..].iter().all(|later| later.breaker_of.as_ref() != of);
            let counts = if of.is_none() || is_last { Counts::Always } else { Counts::Failure };
            let (outcome, is_done) = self.run_one(command, counts, operation, deadline);
            outcomes.push(outcome);
            if !is_done {
                return (outcomes, false);
            }
        }
        (outcomes, true)
    }

    /// What is to be said of commands whose breakers count as closed since what they knew is lost.
    pub(crate) fn forgetful(&self, commands: &[&Command]) -> Vec<String> {
        let mut notes = Vec::new();
        for command in commands.iter().filter(|command| command.retry.breaker.is_some()) {
            let Some(argv) = argv(&command.invocation) else { continue };
            if self.is_breaker_damaged(&breaker_of(command, &argv)) {
                let of = command.breaker_of.as_ref().map_or_else(|| command_line(&argv), ToString::to_string);
                notes.push(format!("what the breaker of {of} knew is damaged: it is closed"));
            }
        }
        notes.dedup();
        notes
    }

    fn run_one(
        &self,
        command: &Command,
        counts: Counts,
        operation: &str,
        deadline: Deadline,
    ) -> (CommandOutcome, bool) {
        if let Invocation::Signal { pid_file, pid, started, signal, kill_after, family } = &command.invocation
        {
            let process = Target { pid_file: pid_file.as_ref(), pid: *pid, started: *started };
            let kill_after = kill_after.map(|span| span.min(deadline.left()));
            let sent = signals::send(self, process, Sending { signal: *signal, kill_after, family: *family });
            let said = told(redact::argv(command), sent.said);
            let outcome = CommandOutcome { exit: Some(sent.exit), signal: sent.ended_on, ..said };
            return (outcome, sent.exit == 0);
        }
        let argv = argv(&command.invocation).expect("all but a signal runs a program");
        let mut command = command.clone();
        command.env.insert(OPERATION.to_owned(), self.mark(operation));
        let command = &command;
        let began = Instant::now();
        let mut schedule = Schedule::new(command.retry.clone(), Some(command.timeout));
        let name = breaker_of(command, &argv);
        let breaker = Breaking { name: &name, counts };
        let clock = Machine { stop: self.stop.as_deref() };
        let (tried, is_done) = persist(&mut schedule, &clock, &|| Some(deadline.left()), |timeout| {
            let timeout = timeout.unwrap_or_default().min(deadline.left());
            let (tried, is_done) = self.try_once(command, &argv, breaker, timeout);
            let again = match &tried {
                Ok(outcome) if !is_done && command.idempotent && !outcome.interrupted => {
                    is_transient(outcome, &command.retry)
                }
                _ => false,
            };
            let asked = tried.as_ref().ok().and_then(|outcome| retry_after(&outcome.output.end(TAIL), now()));
            ((tried, is_done), if again { Tried::Transient(asked) } else { Tried::Settled })
        });
        let mut outcome = match tried {
            Ok(outcome) => ended(redact::argv(command), &outcome),
            Err(error) => told(redact::argv(command), words(&error)),
        };
        outcome.attempts = schedule.made();
        outcome.milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        (outcome, is_done)
    }

    /// Runs a command once, if its breaker lets it.
    fn try_once(
        &self,
        command: &Command,
        argv: &[String],
        Breaking { name, counts }: Breaking<'_>,
        timeout: Duration,
    ) -> (Result<Outcome, RunError>, bool) {
        let launch = Launch {
            argv,
            cwd: command.cwd.as_ref(),
            env: &command.env,
            timeout: Some(timeout),
            input: Input::Nothing,
        };
        let breaker = command.retry.breaker;
        // A breaker that can't be asked spares no work, and is no reason to do none.
        let gate = breaker.map_or(Ok(Gate::Closed), |breaker| self.ask_breaker(name, breaker));
        if let Ok(Gate::Open { failures, until }) = gate {
            return (Err(RunError::Open { failures, until }), false);
        }
        let tried = self.run(&launch, &mut unheard);
        let is_done = tried.as_ref().is_ok_and(|outcome| is_done(outcome, command.exit.as_ref()));
        let was_stopped = tried.as_ref().is_ok_and(|outcome| outcome.interrupted);
        let is_told = !was_stopped && (!is_done || counts == Counts::Always);
        if let (Some(breaker), true) = (breaker, is_told) {
            let _ = self.tell_breaker(name, breaker, is_done);
        }
        (tried, is_done)
    }
}

/// What a command runs; nothing where it is a signal.
fn argv(invocation: &Invocation) -> Option<Vec<String>> {
    match invocation {
        Invocation::Program(argv) => Some(argv.clone()),
        Invocation::Shell(script) => Some(vec!["sh".to_owned(), "-c".to_owned(), script.clone()]),
        Invocation::Signal { .. } => None,
    }
}

/// The name of the breaker that a command asks: its rule's, where that has one, else its own.
fn breaker_of(command: &Command, argv: &[String]) -> String {
    let own = || breaker_name(command.cwd.as_ref(), argv);
    command.breaker_of.as_ref().map_or_else(own, |rule| format!("rule\0{rule}"))
}

/// A command's end as its receipt tells of it.
pub(crate) fn ended(argv: Vec<String>, outcome: &Outcome) -> CommandOutcome {
    CommandOutcome {
        argv,
        exit: outcome.exit,
        signal: outcome.signal,
        timed_out: outcome.timed_out,
        attempts: 1,
        milliseconds: u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX),
        tail: redact::text(&outcome.output.end(TAIL)),
    }
}

/// A command that did not run, and why.
pub(crate) fn told(argv: Vec<String>, said: String) -> CommandOutcome {
    CommandOutcome {
        argv,
        exit: None,
        signal: None,
        timed_out: false,
        attempts: 1,
        milliseconds: 0,
        tail: said,
    }
}

/// An error with its cause, for a place that holds text alone.
pub(crate) fn words(error: &RunError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}

fn is_done(outcome: &Outcome, codes: Option<&ExitCodes>) -> bool {
    if outcome.timed_out || outcome.interrupted {
        return false;
    }
    match (outcome.exit, codes) {
        (Some(exit), None) => exit == 0,
        (Some(exit), Some(ExitCodes::Codes(codes))) => codes.contains(&exit),
        (Some(exit), Some(ExitCodes::Failure)) => exit != 0,
        (None, _) => false,
    }
}
