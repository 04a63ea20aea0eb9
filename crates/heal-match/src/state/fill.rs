use std::collections::BTreeMap;

use heal_model::Template;
use serde_json::Value;

use super::spot::Captures;

/// Fills in the names of a template: captures, then the playbook's variables.
///
/// Conditions need no more than names; helpers are for what is written, and planning fills those in.
///
/// # Errors
/// Says what can't be filled in.
pub(crate) fn fill(
    template: &Template,
    given: &Captures,
    vars: Option<&BTreeMap<String, Value>>,
) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = template.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").ok_or_else(|| format!("`{template}` lacks `}}}}`"))?;
        out.push_str(before);
        out.push_str(&value(name.trim(), given, vars).ok_or_else(|| {
            format!(
                "`{{{{{name}}}}}` is not known where conditions are looked at: name a capture or a variable"
            )
        })?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn value(name: &str, given: &Captures, vars: Option<&BTreeMap<String, Value>>) -> Option<String> {
    if let Some(capture) = given.get(name) {
        return Some(capture.0.clone());
    }
    match vars?.get(name.strip_prefix("vars.").unwrap_or(name))? {
        Value::String(text) => Some(text.clone()),
        value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
