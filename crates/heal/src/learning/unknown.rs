use std::io::BufReader;

use heal_diagnose::{Marks, Unfolded};
use heal_learn::{Group, complaint, groups};
use heal_match::Matcher;
use heal_model::{Diagnostic, Incident, Observation, Span};

use crate::diagnostics::BUILT_IN;
use crate::find::in_place;

/// The failures on record that no rule names, grouped by signature, the most frequent first.
#[must_use]
pub fn unknown(incidents: &[Incident], matcher: &Matcher) -> Vec<Group> {
    let left: Vec<Incident> = incidents.iter().map(|incident| unnamed(incident, matcher)).collect();
    groups(&left, &|_| false)
}

/// An incident with those of its diagnostics that no rule names; where there are none at all and no rule names any line,
/// with the line that says what went wrong.
fn unnamed(incident: &Incident, matcher: &Matcher) -> Incident {
    let about = Observation { command: incident.command.clone(), exit: incident.exit, stream: None };
    let unfolded = Unfolded::new(incident.output.as_bytes(), Marks::sure(&BUILT_IN));
    let lines = unfolded.lines();
    let seen = matcher.scan(&mut BufReader::new(unfolded), &about, &mut |_| {});
    let findings = seen.map(|seen| seen.findings).unwrap_or_default();
    let spans: Vec<Span> =
        findings.into_iter().filter_map(|finding| in_place(finding, &lines).span).collect();
    let meets =
        |one: &Span, other: &Span| one.first_line <= other.last_line && other.first_line <= one.last_line;
    let is_named = |diagnostic: &Diagnostic| {
        spans.iter().any(|span| meets(span, &diagnostic.span))
            || !matcher.diagnostics(std::slice::from_ref(diagnostic)).is_empty()
    };
    let left: Vec<Diagnostic> = if incident.diagnostics.is_empty() && spans.is_empty() {
        complaint(&incident.output).into_iter().collect()
    } else {
        incident.diagnostics.iter().filter(|diagnostic| !is_named(diagnostic)).cloned().collect()
    };
    Incident { diagnostics: left, ..incident.clone() }
}
