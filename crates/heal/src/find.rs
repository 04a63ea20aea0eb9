use heal_match::Matcher;
use heal_model::{Finding, Observation, World};

use crate::Diagnostics;

/// Finds what rules want in output that is held in memory, and confirms each finding in a world.
#[must_use]
pub fn find(
    matcher: &Matcher,
    mut output: &[u8],
    observation: &Observation,
    mut diagnostics: Diagnostics,
    world: &dyn World,
) -> Vec<Finding> {
    diagnostics.feed(output);
    let seen = matcher.scan(&mut output, observation, &mut |_| {}).expect("memory can be read");
    let by_diagnostic = matcher.diagnostics(&diagnostics.finish());
    let all = seen.findings.into_iter().chain(by_diagnostic);
    all.filter_map(|finding| matcher.confirm(finding, world)).collect()
}
