use heal_model::{RefusalCode, Unreadable};

/// Why a step can't be planned; with its rule and title it becomes a [`Refusal`](heal_model::Refusal).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct Refused {
    /// For machines.
    pub(crate) code: RefusalCode,
    /// For people; no full stop.
    pub(crate) reason: String,
}

impl Refused {
    /// Refuses for a reason.
    pub(crate) fn new(code: RefusalCode, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }
}

impl From<Unreadable> for Refused {
    fn from(unreadable: Unreadable) -> Self {
        Self::new(RefusalCode::Unreadable, format!("can't read {unreadable}"))
    }
}

/// A text on one line, cut after 80 characters, as reasons quote it.
pub(crate) fn quoted(text: &str) -> String {
    let line = text.trim_end_matches('\n').replace('\n', "\\n");
    match line.char_indices().nth(80) {
        Some((end, _)) => format!("`{}…`", &line[..end]),
        None => format!("`{line}`"),
    }
}
