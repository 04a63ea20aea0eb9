use std::io::BufReader;

use heal_diagnose::{Lines, Unfolded};
use heal_match::Matcher;
use heal_model::{Finding, Observation, World};

use crate::Diagnostics;
use crate::diagnostics::standing;

/// Finds what rules want in output that is held in memory, and confirms each finding in a world.
#[must_use]
pub fn find(
    matcher: &Matcher,
    output: &[u8],
    observation: &Observation,
    mut diagnostics: Diagnostics,
    world: &dyn World,
) -> Vec<Finding> {
    diagnostics.feed(output);
    let unfolded = Unfolded::new(output, diagnostics.marks());
    let lines = unfolded.lines();
    let seen = matcher.scan(&mut BufReader::new(unfolded), observation, &mut |_| {});
    let seen = seen.expect("memory can be read").findings.into_iter();
    let runs = diagnostics.runs();
    let by_diagnostic = matcher.diagnostics(&diagnostics.finish());
    let seen = seen.filter_map(|finding| standing(in_place(finding, &lines), &runs));
    seen.chain(by_diagnostic).filter_map(|finding| matcher.confirm(finding, world)).collect()
}

/// A finding in text that was unfolded, with the lines of the output that this stands for.
pub(crate) fn in_place(mut finding: Finding, lines: &Lines) -> Finding {
    for span in finding.span.iter_mut().chain(&mut finding.again) {
        (span.first_line, span.last_line) = (lines.of(span.first_line), lines.of(span.last_line));
    }
    finding
}
