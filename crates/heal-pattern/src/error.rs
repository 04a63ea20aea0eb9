use std::ops::Range;

/// Why a pattern can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Its source is not a regular expression.
    #[error("{message}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Where, in bytes of the source.
        span: Range<usize>,
        /// Whether it is look-around, a back-reference or an atomic group, which another engine may take.
        unsupported: bool,
    },
    /// Its source is too long.
    #[error("the pattern is {len} bytes long, of {} allowed", crate::LONGEST)]
    Long {
        /// Bytes.
        len: usize,
    },
    /// It compiles to too large a program.
    #[error("the pattern compiles to more than {} KiB; repeat less, or leave out `unicode: true`", crate::LARGEST / 1024)]
    Large,
}

impl PatternError {
    /// Whether the linear engine refused it for what the backtracking one may take.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        matches!(self, Self::Syntax { unsupported: true, .. })
    }

    /// Where in the source it is.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        match self {
            Self::Syntax { span, .. } => Some(span.clone()),
            Self::Long { .. } | Self::Large => None,
        }
    }
}
