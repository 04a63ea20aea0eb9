use std::process::ExitCode;

/// How heal ends; the numbers are part of its contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done, clean, healed; `match`: something matched.
    Done,
    /// Not healed: findings remain; `match`: nothing matched; `test`, `lint`: something failed.
    Remains,
    /// Usage, or a playbook that is not valid.
    Usage,
    /// A required file is missing, or a conflict: a person must act.
    Required,
    /// Refused, or held by an open breaker: nothing changed.
    Refused,
    /// Applied, verification failed, rolled back.
    RolledBack,
    /// A signal asked heal to end, or ended the command it ran.
    Signal(u8),
    /// The code of the command that was run.
    Command(u8),
}

impl Exit {
    /// The exit that a stage's error asks for.
    pub(super) fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Done,
            1 => Self::Remains,
            2 => Self::Usage,
            3 => Self::Required,
            5 => Self::RolledBack,
            _ => Self::Refused,
        }
    }

    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Remains => 1,
            Self::Usage => 2,
            Self::Required => 3,
            Self::Refused => 4,
            Self::RolledBack => 5,
            Self::Command(code) => code,
            Self::Signal(signal) => 128_u8.saturating_add(signal),
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
