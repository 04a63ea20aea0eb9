//! What has become of a rule's fixes in a project, in words.

use heal_exec::Tally;
use heal_model::RuleId;

use super::style::{Style, counted};

/// Why a rule is held back, and how it is set free.
pub(super) fn reason(rule: &RuleId, tally: Tally, style: Style) -> String {
    format!("{}; {} sets it free", short(tally), style.code(&format!("heal trust --rule {rule}")))
}

/// Why a rule is held back, in a few words.
pub(super) fn short(tally: Tally) -> String {
    let parts = [(tally.rolled_back, "did not help"), (tally.undone, "undone")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let parts: Vec<String> = parts.collect();
    format!("{} of its {} fixes here failed ({})", tally.failed(), tally.applied, parts.join(", "))
}

/// What has become of a rule's fixes here; nothing where there were none.
pub(super) fn standing(tally: Tally) -> Option<String> {
    let Tally { applied, verified, rolled_back, undone } = tally;
    let parts = [(verified, "seen to help"), (rolled_back, "did not help"), (undone, "undone")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let parts: Vec<String> =
        std::iter::once(format!("applied {}", counted(applied as usize, "time", "times")))
            .chain(parts)
            .collect();
    (applied > 0).then(|| parts.join(", "))
}
