mod github;
mod sarif;

use heal_model::Diagnostic;

pub use github::github;
pub use sarif::sarif;

/// Writes each diagnostic as one line of JSON.
#[must_use]
pub fn jsonl(diagnostics: &[Diagnostic]) -> String {
    let line = |diagnostic: &Diagnostic| {
        serde_json::to_string(diagnostic).expect("a diagnostic has no key that is not text") + "\n"
    };
    diagnostics.iter().map(line).collect()
}
