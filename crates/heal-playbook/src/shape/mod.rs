//! Whether a document has the shape of a playbook: its JSON Schema's errors, as a person would put them.

mod explain;
mod prune;

use std::collections::BTreeMap;

use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::nearest::nearest;
use crate::problem::MOST_PROBLEMS;
use crate::schema::{SCHEMA, VALIDATOR};
use crate::source::Source;
use crate::yaml::Node;
use crate::{Code, Problem};

use explain::Fault;

pub(crate) use prune::{Lost, Pruned, prune};

/// Checks a document against the schema: one problem for each mistake.
pub(crate) fn check(root: &Node, value: &Value, source: &Source) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut faults: BTreeMap<String, Vec<(String, ValidationErrorKind)>> = BTreeMap::new();
    for error in VALIDATOR.iter_errors(value).take(MOST_PROBLEMS) {
        let parts = error.into_parts();
        let keyword = parts.schema_path.as_str().to_owned();
        faults.entry(parts.instance_path.as_str().to_owned()).or_default().push((keyword, parts.kind));
    }
    for (pointer, faults) in faults {
        let node = root.pointed(&pointer);
        let typed = |kind: &ValidationErrorKind| matches!(kind, ValidationErrorKind::Type { .. });
        let wrong_type = faults.iter().any(|(_, kind)| typed(kind));
        let unknown = unknown_keys(node, &faults, &mut problems);
        for (keyword, kind) in &faults {
            let fault = Fault { pointer: &pointer, keyword, node, source };
            if !follows(kind, &unknown) && (typed(kind) || !wrong_type) {
                problems.extend(fault.explain(kind));
            }
        }
    }
    problems
}

/// A key that the language does not have, and the one that was meant.
type Unknown = (String, Option<String>);

/// Reports each unknown key with the nearest known one.
fn unknown_keys(
    node: &Node,
    faults: &[(String, ValidationErrorKind)],
    problems: &mut Vec<Problem>,
) -> Vec<Unknown> {
    let mut unknown = Vec::new();
    for (keyword, kind) in faults {
        let ValidationErrorKind::AdditionalProperties { unexpected } = kind else { continue };
        let known = explain::sibling(keyword, "properties").and_then(Value::as_object);
        let known: Vec<&str> = known.into_iter().flat_map(|keys| keys.keys()).map(String::as_str).collect();
        for key in unexpected.iter().take(MOST_PROBLEMS) {
            let Some(entry) = node.entry(key) else { continue };
            let free = known.iter().copied().filter(|known| node.entry(known).is_none());
            let meant = nearest(key, free);
            let problem =
                Problem::new(Code::UnknownKey, entry.key_span.clone(), format!("unknown key `{key}`"));
            problems.push(match meant {
                Some(meant) => problem.label("no such key").help(format!("did you mean `{meant}`?")),
                None => problem.label("no such key").help(format!("the keys here are {}", known.join(", "))),
            });
            unknown.push((key.clone(), meant.map(str::to_owned)));
        }
    }
    unknown
}

/// Whether a fault is only what an unknown key leads to.
fn follows(kind: &ValidationErrorKind, unknown: &[Unknown]) -> bool {
    match kind {
        ValidationErrorKind::AdditionalProperties { .. } => true,
        ValidationErrorKind::OneOfNotValid { .. } | ValidationErrorKind::MinProperties { .. } => {
            !unknown.is_empty()
        }
        ValidationErrorKind::Required { property } => {
            unknown.iter().any(|(_, meant)| meant.as_deref() == property.as_str())
        }
        _ => false,
    }
}

/// A place in the schema.
fn schema_at(pointer: &str) -> Option<&'static Value> {
    SCHEMA.pointer(pointer)
}
