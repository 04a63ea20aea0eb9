use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::clock::Deadline;
use crate::environment::{Environment, OF_REPOSITORY, forbid_questions};
use crate::guard::Guard;
use crate::launch::{Hearer, Input, Launch, Started};
use crate::output::Output;
use crate::pty::Pty;
use crate::retry::Until;
use crate::supervise::{Care, supervise};
use crate::{Host, programs};

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The code it ended with; absent where a signal ended it.
    pub exit: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether it ran out of time.
    pub timed_out: bool,
    /// Whether it was ended because heal itself was asked to end.
    pub interrupted: bool,
    /// How long it took.
    pub took: Duration,
    /// What it printed.
    pub output: Output,
}

/// Why a command was not started.
#[derive(Debug, Error)]
pub enum RunError {
    /// There is no such program.
    #[error("cannot find the program {program:?}; install it or put it on PATH")]
    Missing {
        /// Its name.
        program: String,
    },
    /// It is there and no program.
    #[error("{program} may not be executed; if it is a program: chmod +x {program}")]
    NotExecutable {
        /// Its path, as it was given.
        program: String,
    },
    /// The folder it is to run in can't be entered.
    #[error("cannot enter the folder {folder}")]
    Folder {
        /// The folder.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
    /// It has failed too often of late.
    #[error("its breaker is open, after {failures} failures in a row: {until}")]
    Open {
        /// How often it failed.
        failures: u32,
        /// How long it is left alone.
        until: Until,
    },
    /// The time for all is over.
    #[error("no time is left to run {program}")]
    Late {
        /// Its name.
        program: String,
    },
    /// It is there and can't be started, or not be watched.
    #[error("cannot run {program}")]
    Start {
        /// Its name.
        program: String,
        /// Why.
        source: std::io::Error,
    },
}

impl RunError {
    /// The code that a shell would end with.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Missing { .. } => 127,
            Self::Late { .. } => 124,
            Self::NotExecutable { .. } | Self::Folder { .. } | Self::Open { .. } | Self::Start { .. } => 126,
        }
    }
}

impl Outcome {
    /// Whether somebody ended it from the keyboard, through heal or by itself: that is no failure, and nothing to try again.
    #[must_use]
    pub fn was_stopped(&self) -> bool {
        /// SIGINT and SIGQUIT, and the codes with which a shell tells of them.
        const ENDS: [(Option<i32>, Option<i32>); 4] =
            [(None, Some(2)), (None, Some(3)), (Some(130), None), (Some(131), None)];
        self.interrupted || (!self.timed_out && ENDS.contains(&(self.exit, self.signal)))
    }

    /// Whether it ended with code 0.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.exit == Some(0) && !self.timed_out
    }
}

impl Host {
    /// Runs a command to its end, or to the end of its time: then its whole process group is asked to end, and
    /// ended after its grace. Where the time for all is what ends it, it is asked a tenth of that before, and is gone by
    /// then.
    ///
    /// Output is handed on as it comes, and kept within bounds. A stream that is not heard any more is closed: the
    /// command meets that as it would without heal, when it writes again. A grandchild that keeps the output open is waited
    /// for half a second and no longer.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn run(&self, launch: &Launch<'_>, on_output: &mut Hearer<'_>) -> Result<Outcome, RunError> {
        let environment = match launch.input {
            Input::Nothing => Environment::Listed,
            Input::Inherited | Input::Terminal => Environment::Whole,
        };
        self.run_in(environment, launch, on_output)
    }

    /// The same, with as much of heal's environment as the caller says.
    pub(crate) fn run_in(
        &self,
        environment: Environment,
        launch: &Launch<'_>,
        on_output: &mut Hearer<'_>,
    ) -> Result<Outcome, RunError> {
        let began = Instant::now();
        let program = launch.argv.first().cloned().unwrap_or_default();
        if self.end.is_some_and(Deadline::is_over) {
            return Err(RunError::Late { program });
        }
        let failed = |source| RunError::Start { program: program.clone(), source };
        let started = self.start(environment, launch)?;
        let mut output = Output::default();
        let mut on_bytes = |stream, bytes: &[u8]| {
            output.push(bytes);
            on_output(stream, bytes)
        };
        let care = Care { stop: self.stop.as_deref(), grace: self.grace, end: self.end };
        let watched = supervise(started, launch, care, &mut on_bytes);
        let (status, ended): (ExitStatus, _) = watched.map_err(failed)?;
        Ok(Outcome {
            exit: status.code(),
            signal: status.signal(),
            timed_out: ended.timed_out,
            interrupted: ended.interrupted,
            took: began.elapsed(),
            output,
        })
    }

    fn start(&self, environment: Environment, launch: &Launch<'_>) -> Result<Started, RunError> {
        let (name, arguments) =
            launch.argv.split_first().ok_or_else(|| RunError::Missing { program: String::new() })?;
        let folder = launch.cwd.map_or(self.root().to_owned(), |cwd| self.root().join(cwd.as_str()));
        self.root.folder(launch.cwd).map_err(|source| RunError::Folder {
            folder: launch.cwd.map_or_else(|| ".".to_owned(), ToString::to_string),
            source,
        })?;
        let program =
            programs::find(name, &folder).ok_or_else(|| match programs::is_there(name, &folder) {
                true => RunError::NotExecutable { program: name.clone() },
                false => RunError::Missing { program: name.clone() },
            })?;
        let mut command = Command::new(program);
        // A program is called what it was called: many say their own name as it was typed.
        command.arg0(name).args(arguments).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
        environment.fill(&mut command);
        if self.is_copy {
            for name in OF_REPOSITORY {
                command.env_remove(name);
            }
        }
        let failed = |source| RunError::Start { program: name.clone(), source };
        let (mut leader, mut terminal) = (None, None);
        match launch.input {
            Input::Nothing => {
                let guard = Guard::start().map_err(failed)?;
                command.stdin(Stdio::null()).process_group(guard.group().as_raw_nonzero().get());
                forbid_questions(&mut command);
                leader = Some(guard);
            }
            Input::Inherited => {}
            Input::Terminal => {
                let Pty { reader, writer } = Pty::open().map_err(failed)?;
                command.stdout(writer.try_clone().map_err(failed)?).stderr(writer);
                terminal = Some(reader);
            }
        }
        command.envs(launch.env);
        let mut child = command.spawn().map_err(failed)?;
        let leads = leader.is_some();
        let guard = leader.map_or_else(|| Guard::of(&child), Ok);
        match guard {
            Ok(guard) => Ok(Started { child, terminal, guard, leads }),
            Err(error) => {
                // Without a guard nothing runs; that it has ended by itself is as good.
                let _ = child.kill();
                let _ = child.wait();
                Err(failed(error))
            }
        }
    }
}
