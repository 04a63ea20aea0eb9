use heal_model::{ReceiptState, RelPath};
use thiserror::Error;

use crate::apply_error::{ApplyError, list};
use crate::contents::Lost;
use crate::journal::Damage;
use crate::receipts::ShowError;
use crate::state::StateError;

/// Why an operation was not taken back.
#[derive(Debug, Error)]
pub enum UndoError {
    /// Nothing was ever done here, or all of it was taken back.
    #[error("nothing to undo")]
    Nothing,
    /// There is no such operation, or its record can't be used.
    #[error(transparent)]
    Show(#[from] ShowError),
    /// It was taken back before.
    #[error("operation {id} was taken back already, by {by}; `heal undo {by}` brings it back")]
    Already {
        /// The operation.
        id: String,
        /// The one that took it back.
        by: String,
    },
    /// It changed nothing that still stands.
    #[error("operation {id} {}", nothing_stands(*state))]
    NotInEffect {
        /// The operation.
        id: String,
        /// What became of it.
        state: ReceiptState,
    },
    /// It had been cut short, and undo has taken back what there was of it.
    #[error("operation {id} was cut short, and was taken back")]
    Recovered {
        /// The operation.
        id: String,
    },
    /// The newest operation can't be taken back, and an older one is taken back by its id alone.
    #[error("{why}")]
    Newest {
        /// Why it can't.
        why: Box<UndoError>,
        /// The next older one that can.
        next: Option<String>,
    },
    /// It changed no file.
    #[error("operation {id} ran commands alone, and what they did can't be taken back")]
    Commands {
        /// The operation.
        id: String,
    },
    /// Files have changed since.
    #[error("{} changed since operation {id}", list(paths))]
    Changed {
        /// The operation.
        id: String,
        /// The files.
        paths: Vec<RelPath>,
    },
    /// What it kept can't be used.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// Taking it back failed.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl UndoError {
    /// The exit code that says so: 1 where there is nothing to do, 4 where nothing was changed.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Nothing => 1,
            Self::Recovered { .. } => 0,
            Self::Newest { why, .. } => {
                if why.exit_code() == 0 {
                    0
                } else {
                    4
                }
            }
            Self::Show(error) => error.exit_code(),
            Self::Apply(error) => error.exit_code(),
            Self::Already { .. }
            | Self::NotInEffect { .. }
            | Self::Commands { .. }
            | Self::Changed { .. }
            | Self::Lost(_) => 4,
        }
    }

    /// The operation that could be taken back instead.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        if let Self::Newest { next, .. } = self { next.as_deref() } else { None }
    }
}

/// Why nothing of an operation is left to take back; reads after its id.
fn nothing_stands(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::RolledBack => "was rolled back: nothing of it is left",
        ReceiptState::Recovered => "was cut short, and was taken back then",
        ReceiptState::Conflict => "was cut short, and files were changed meanwhile: compare with `heal show`",
        _ => "did not come to its end",
    }
}

impl From<StateError> for UndoError {
    fn from(error: StateError) -> Self {
        Self::Apply(error.into())
    }
}

impl From<Damage> for UndoError {
    fn from(damage: Damage) -> Self {
        Self::Show(damage.into())
    }
}
