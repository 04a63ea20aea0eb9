use std::collections::BTreeMap;

use super::Shape;
use super::fields::{FIELDS, placeholders};

/// What is wrong with an extractor, though as YAML it is well written.
pub(crate) struct Fault {
    pub(crate) message: String,
    /// The pattern that it is in, and how many bytes into it.
    pub(crate) within: Option<(String, usize)>,
}

/// Finds what is wrong with an extractor.
pub(crate) fn fault(shape: &Shape) -> Option<Fault> {
    let of_pattern = pattern_fault(shape);
    of_pattern.or_else(|| {
        let message = kind_fault(shape).or_else(|| name_fault(shape)).or_else(|| state_fault(shape))?;
        Some(Fault { message, within: None })
    })
}

/// A pattern that is none.
fn pattern_fault(shape: &Shape) -> Option<Fault> {
    let (pattern, error) = shape.looks().into_iter().find_map(|look| look.names().err())?;
    let offset = error.span().map_or(0, |span| span.start);
    Some(Fault { message: format!("{error}"), within: Some((pattern.to_owned(), offset)) })
}

fn kind_fault(shape: &Shape) -> Option<String> {
    let kinds = [shape.start.is_some(), shape.enter.is_some(), shape.envelope.is_some(), shape.run.is_some()];
    if kinds.iter().filter(|kind| **kind).count() != 1 {
        return Some("it needs exactly one of `start`, `enter`, `envelope` and `run`".to_owned());
    }
    if shape.leave.is_some() && shape.enter.is_none() {
        return Some("`leave` goes with `enter`".to_owned());
    }
    (shape.sure && shape.envelope.is_none()).then(|| "`sure` goes with `envelope`".to_owned())
}

/// A name of a field or capture that means nothing.
fn name_fault(shape: &Shape) -> Option<String> {
    let fields = FIELDS.join(", ");
    let is_field = |name: &&str| FIELDS.contains(name);
    let filled: Vec<&str> =
        shape.sets().into_iter().flat_map(BTreeMap::values).flat_map(|text| placeholders(text)).collect();
    let asked: Vec<&str> = shape.carry.iter().chain(&shape.needs).map(String::as_str).collect();
    let captured: Vec<String> =
        shape.looks().into_iter().filter_map(|look| look.names().ok()).flatten().collect();
    let captured: Vec<&str> = captured.iter().map(String::as_str).collect();
    let means_nothing = |name: &&&str| !is_field(name) && !filled.contains(name) && !asked.contains(name);
    if let Some(name) = captured.iter().find(means_nothing) {
        return Some(format!(
            "the group `{name}` is no field, and no `set` uses `{{{name}}}`; the fields are {fields}"
        ));
    }
    if let Some(name) = filled.iter().find(|name| !captured.contains(name)) {
        return Some(format!("no pattern has a group `{name}` to fill `{{{name}}}` in with"));
    }
    if let Some(name) = asked.iter().find(|name| !is_field(name) && !captured.contains(name)) {
        return Some(format!("no pattern has a group `{name}`; the fields are {fields}"));
    }
    let mut set = shape.sets().into_iter().flat_map(BTreeMap::keys).map(String::as_str);
    let unknown = set.find(|name| !is_field(name));
    unknown.map(|name| format!("there is no field `{name}` to set; the fields are {fields}"))
}

/// A state that nothing leads to.
fn state_fault(shape: &Shape) -> Option<String> {
    let reached =
        |state: &String| state == "start" || shape.body.iter().any(|rule| rule.go.as_ref() == Some(state));
    let lost = shape.body.iter().flat_map(|rule| &rule.states).find(|state| !reached(state))?;
    Some(format!("no rule leads to the state `{lost}`; a block begins in `start`, and `go` leads on"))
}
