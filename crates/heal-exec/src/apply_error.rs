use heal_model::{RelPath, RuleId, Unreadable};
use thiserror::Error;

use crate::journal::Damage;
use crate::staging::Fault;
use crate::state::StateError;

/// Why a plan was not applied.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// A rule of a playbook that is not trusted wants to act.
    #[error("{rule} may not act: {playbook} is not trusted; look at it with `heal trust {playbook}`")]
    Untrusted {
        /// The rule.
        rule: RuleId,
        /// Its playbook.
        playbook: String,
    },
    /// Nothing is left to do: while the plan was made or waited, the same was done by somebody else.
    #[error("already healed{}", by.as_ref().map(|id| format!(" by operation {id}")).unwrap_or_default())]
    Already {
        /// The operation that did it, where it was heal's.
        by: Option<String>,
    },
    /// A file is not what it was when the plan was made.
    #[error("{path} has changed since the preview; run the command again")]
    Stale {
        /// The file.
        path: RelPath,
    },
    /// A file may not be written.
    #[error("{path} is read-only; allow writing with `chmod u+w {path}`")]
    ReadOnly {
        /// The file.
        path: RelPath,
    },
    /// A file lies where no rule may write.
    #[error("{path} belongs to git, and no rule may change it")]
    Protected {
        /// The file.
        path: RelPath,
    },
    /// A file can't be read, or lies behind a link.
    #[error("cannot change {0}")]
    Unreadable(Unreadable),
    /// The plan is over a limit.
    #[error("the plan changes {count} {what}; at most {most} may change at once")]
    Large {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        count: u64,
        /// How much may be.
        most: u64,
    },
    /// A program that the plan runs is not installed.
    #[error("cannot find the program {program:?}; install it or put it on PATH")]
    Program {
        /// Its name.
        program: String,
    },
    /// A command wants to set a variable that changes what other programs do.
    #[error(
        "a command of the plan sets the variable {name}, which decides what other programs run; \
         write it into the command, `env {name}=… PROGRAM`, where its preview shows it"
    )]
    Variable {
        /// Its name.
        name: String,
    },
    /// heal's own folder can't be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// The journal can't be used.
    #[error(transparent)]
    Journal(#[from] Damage),
    /// The system refused; every file is as it was.
    #[error("cannot {doing}; nothing was changed")]
    System {
        /// What was being done.
        doing: String,
        /// Why.
        source: std::io::Error,
    },
    /// It failed, and files that somebody else changed meanwhile could not be taken back.
    #[error("failed half-way, and {} changed meanwhile; compare with `heal show {id}`", list(paths))]
    Conflict {
        /// The operation.
        id: String,
        /// The files that were left alone.
        paths: Vec<RelPath>,
    },
    /// It failed, and could not be taken back yet.
    #[error("failed half-way; the next heal that acts here takes operation {id} back")]
    Unfinished {
        /// The operation.
        id: String,
        /// Why it could not be taken back.
        source: std::io::Error,
    },
}

impl ApplyError {
    /// The exit code that says so: 0 where it is done already, 4 where nothing was changed, 3 where a person must look.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Already { .. } => 0,
            Self::Conflict { .. } | Self::Unfinished { .. } => 3,
            _ => 4,
        }
    }

    /// What to do about it, where the words of the error do not say so.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::State(StateError::Folder { .. }) => {
                Some("set XDG_STATE_HOME to a folder that can be written")
            }
            _ => None,
        }
    }
}

impl From<Fault> for ApplyError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Stale(path) => Self::Stale { path },
            Fault::Io { doing, source } => Self::System { doing, source },
        }
    }
}

/// Paths as a sentence lists them.
pub(crate) fn list(paths: &[RelPath]) -> String {
    let paths: Vec<&str> = paths.iter().map(RelPath::as_str).collect();
    paths.join(", ")
}
