use std::collections::BTreeMap;
use std::sync::Arc;

use heal_model::Level;
use serde::Deserialize;

use super::fields::{FIELDS, placeholders};
use super::{Extractor, Shape};

/// What is wrong with a file of extractors, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct ExtractError {
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// What is wrong, and what to type instead where that is known.
    pub message: String,
}

/// A file of extractors, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    extract: u32,
    tool: Option<String>,
    #[serde(default)]
    levels: BTreeMap<String, Level>,
    extractors: Vec<Shape>,
}

/// The version of the language.
const VERSION: u32 = 1;

/// Reads a file of extractors, in the order in which they are written.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn load(yaml: &str) -> Result<Vec<Extractor>, ExtractError> {
    let file: File = serde_yaml::from_str(yaml).map_err(|error| placed(&error))?;
    if file.extract != VERSION {
        let message = format!("extract: {} is not known here; write `extract: {VERSION}`", file.extract);
        return Err(at(yaml, "extract:", message));
    }
    let mut all: Vec<Extractor> = Vec::new();
    for mut shape in file.extractors {
        shape.tool = shape.tool.or_else(|| file.tool.clone());
        for (text, level) in &file.levels {
            shape.levels.entry(text.clone()).or_insert(*level);
        }
        let place = format!("name: {}", shape.name);
        if all.iter().any(|other| other.0.name == shape.name) {
            let message = format!("two extractors are called `{}`; give each its own name", shape.name);
            return Err(at(yaml, &place, message));
        }
        if let Some(message) = fault(&shape) {
            return Err(at(yaml, &place, format!("extractor `{}`: {message}", shape.name)));
        }
        all.push(Extractor(Arc::new(shape)));
    }
    Ok(all)
}

/// What is wrong with an extractor though each part of it is well written.
fn fault(shape: &Shape) -> Option<String> {
    let kinds = [shape.start.is_some(), shape.enter.is_some(), shape.envelope.is_some()];
    if kinds.iter().filter(|kind| **kind).count() != 1 {
        return Some("it needs exactly one of `start`, `enter` and `envelope`".to_owned());
    }
    if shape.leave.is_some() && shape.enter.is_none() {
        return Some("`leave` goes with `enter`".to_owned());
    }
    name_fault(shape).or_else(|| state_fault(shape))
}

/// A name of a field or capture that means nothing.
fn name_fault(shape: &Shape) -> Option<String> {
    let fields = FIELDS.join(", ");
    let is_field = |name: &&str| FIELDS.contains(name);
    let filled: Vec<&str> =
        shape.sets().into_iter().flat_map(BTreeMap::values).flat_map(|text| placeholders(text)).collect();
    let asked: Vec<&str> = shape.carry.iter().chain(&shape.needs).map(String::as_str).collect();
    let captured: Vec<String> = shape.looks().into_iter().flat_map(super::Look::names).collect();
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
    let set = shape.sets().into_iter().flat_map(BTreeMap::keys).map(String::as_str);
    let unknown = set.into_iter().find(|name| !is_field(name));
    unknown.map(|name| format!("there is no field `{name}` to set; the fields are {fields}"))
}

/// A state that nothing leads to.
fn state_fault(shape: &Shape) -> Option<String> {
    let reached =
        |state: &String| state == "start" || shape.body.iter().any(|rule| rule.go.as_ref() == Some(state));
    let lost = shape.body.iter().flat_map(|rule| &rule.states).find(|state| !reached(state))?;
    Some(format!("no rule leads to the state `{lost}`; a block begins in `start`, and `go` leads on"))
}

fn placed(error: &serde_yaml::Error) -> ExtractError {
    let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).max(1);
    ExtractError { line: number(line), column: number(column), message: message.to_owned() }
}

/// An error at the line that holds a text.
fn at(yaml: &str, text: &str, message: String) -> ExtractError {
    let found = yaml.lines().enumerate().find_map(|(index, line)| Some((index, line.find(text)?)));
    let (line, column) = found.unwrap_or((0, 0));
    let number = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
    ExtractError { line: number(line), column: number(column), message }
}
