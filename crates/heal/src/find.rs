use heal_match::Matcher;
use heal_model::{Finding, Observation, World};

/// Finds what rules want in output that is held in memory, and confirms each finding in a world.
#[must_use]
pub fn find(
    matcher: &Matcher,
    mut output: &[u8],
    observation: &Observation,
    world: &dyn World,
) -> Vec<Finding> {
    let seen = matcher.scan(&mut output, observation, &mut |_| {}).expect("memory can be read");
    seen.findings.into_iter().filter_map(|finding| matcher.confirm(finding, world)).collect()
}
