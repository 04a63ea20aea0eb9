use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

use heal_model::{Backoff, Command, CommandOutcome, ExitCodes, Invocation, Retry};
use heal_pattern::Compiled;

use crate::apply_error::ApplyError;
use crate::clock::Deadline;
use crate::redact;
use crate::run::{Input, Launch, Outcome, RunError};
use crate::stragglers::OPERATION;
use crate::{Host, programs, signals};

/// How much of a command's output stands in its receipt.
pub(crate) const TAIL: usize = 2 * 1024;
/// Variables that decide what other programs load and run.
const DECIDING: [&str; 6] = ["PATH", "ENV", "BASH_ENV", "IFS", "NODE_OPTIONS", "RUSTC_WRAPPER"];
/// How the names of more such variables start.
const DECIDING_STARTS: [&str; 6] = ["LD_", "DYLD_", "GIT_", "PYTHON", "PERL5", "RUBY"];

impl Host {
    /// Refuses commands that could not run, or would decide what others run, before anything is changed.
    pub(crate) fn check_commands(&self, commands: &[&Command]) -> Result<(), ApplyError> {
        for command in commands {
            let decides = |name: &&String| {
                DECIDING.contains(&name.as_str())
                    || DECIDING_STARTS.iter().any(|start| name.starts_with(start))
            };
            if let Some(name) = command.env.keys().find(decides) {
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
        for command in commands {
            let (outcome, is_done) = self.run_one(command, operation, deadline);
            outcomes.push(outcome);
            if !is_done {
                return (outcomes, false);
            }
        }
        (outcomes, true)
    }

    fn run_one(&self, command: &Command, operation: &str, deadline: Deadline) -> (CommandOutcome, bool) {
        let argv = match &command.invocation {
            Invocation::Signal { pid_file, pid, signal, kill_after } => {
                let (exit, said) = signals::send(self, pid_file, *pid, *signal, *kill_after);
                let mut outcome = told(redact::argv(command), said);
                outcome.exit = Some(exit);
                return (outcome, exit == 0);
            }
            Invocation::Program(argv) => argv.clone(),
            Invocation::Shell(script) => vec!["sh".to_owned(), "-c".to_owned(), script.clone()],
        };
        let mut env = command.env.clone();
        env.insert(OPERATION.to_owned(), operation.to_owned());
        let attempt = |timeout: Duration| {
            let timeout = Some(timeout.min(deadline.left()));
            let launch =
                Launch { argv: &argv, cwd: command.cwd.as_ref(), env: &env, timeout, input: Input::Nothing };
            self.run(&launch, &mut |_, _| {})
        };
        let mut tries = Tries::new(command, deadline);
        loop {
            let timeout = if tries.made == 0 { command.timeout.first } else { command.timeout.retry };
            if !tries.again(attempt(timeout)) {
                return (tries.outcome(redact::argv(command)), tries.is_done);
            }
        }
    }
}

/// The tries of one command so far.
struct Tries<'a> {
    command: &'a Command,
    deadline: Deadline,
    made: u32,
    took: Duration,
    last: Option<Result<Outcome, RunError>>,
    is_done: bool,
}

impl<'a> Tries<'a> {
    fn new(command: &'a Command, deadline: Deadline) -> Self {
        Self { command, deadline, made: 0, took: Duration::ZERO, last: None, is_done: false }
    }

    /// Takes in what the last try came to, and waits before the next if there is to be one.
    fn again(&mut self, tried: Result<Outcome, RunError>) -> bool {
        self.made += 1;
        let retry = &self.command.retry;
        let is_worth_it = match &tried {
            Ok(outcome) => {
                self.took += outcome.took;
                self.is_done = is_done(outcome, self.command.exit.as_ref());
                !self.is_done && !outcome.interrupted && is_transient(outcome, retry)
            }
            Err(_) => false,
        };
        self.last = Some(tried);
        let wait = wait(&retry.backoff, self.made);
        let again = is_worth_it
            && self.command.idempotent
            && self.made < retry.attempts
            && wait < self.deadline.left();
        if again {
            sleep(wait);
            self.took += wait;
        }
        again
    }

    fn outcome(&self, argv: Vec<String>) -> CommandOutcome {
        let mut outcome = match &self.last {
            Some(Ok(outcome)) => ended(argv, outcome),
            Some(Err(error)) => told(argv, words(error)),
            None => told(argv, String::new()),
        };
        outcome.attempts = self.made;
        outcome.milliseconds = u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX);
        outcome
    }
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

/// Whether a failure is one that may pass: what the playbook names, and running out of time where it names nothing.
fn is_transient(outcome: &Outcome, retry: &Retry) -> bool {
    let names_none = retry.on_exit.is_empty() && retry.on_output.is_empty();
    if outcome.timed_out {
        return retry.on_timeout || names_none;
    }
    let is_named = outcome.exit.is_some_and(|exit| retry.on_exit.contains(&exit));
    let said = || outcome.output.bytes();
    is_named
        || retry
            .on_output
            .iter()
            .any(|pattern| Compiled::new(pattern).is_ok_and(|compiled| compiled.is_match(&said())))
}

/// How long to wait after so many tries.
fn wait(backoff: &Backoff, made: u32) -> Duration {
    let grown =
        backoff.initial.as_secs_f64() * backoff.factor.max(0.0).powi(made.saturating_sub(1).cast_signed());
    let whole = Duration::try_from_secs_f64(grown).unwrap_or(backoff.max).min(backoff.max);
    if backoff.jitter { whole.mul_f64(fraction()) } else { whole }
}

/// A number between 0 and 1 that nobody knows beforehand.
fn fraction() -> f64 {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    let drawn = RandomState::new().build_hasher().finish() >> 40;
    drawn as f64 / f64::from(1 << 24)
}

/// An environment with nothing added.
pub(crate) fn nothing_added() -> &'static BTreeMap<String, String> {
    static NONE: BTreeMap<String, String> = BTreeMap::new();
    &NONE
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use heal_model::Backoff;

    use super::wait;

    #[test]
    fn each_wait_is_twice_the_one_before() {
        let waits: Vec<u128> = (1..=4).map(|made| wait(&Backoff::default(), made).as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800]);
        let short = Backoff { max: Duration::from_millis(150), ..Backoff::default() };
        assert_eq!(wait(&short, 3), Duration::from_millis(150));
        let jitter = Backoff { jitter: true, ..Backoff::default() };
        assert!(wait(&jitter, 1) <= Duration::from_millis(100));
    }
}
