use serde_json::Value;

use super::scalar;

/// Writes a value as an item of a list whose dashes are in the column `indent`.
pub(super) fn item(value: &Value, indent: usize) -> String {
    let mut out = " ".repeat(indent);
    out.push_str("- ");
    inline(value, indent + 2, &mut out);
    out
}

/// Writes a value where the line has begun; lines after the first are indented by `indent`.
fn inline(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str(&scalar::key(key));
                out.push(':');
                below(value, indent, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str("- ");
                inline(item, indent + 2, out);
            }
        }
        Value::String(text) => out.push_str(&scalar::text(text, indent)),
        other => {
            out.push_str(&other.to_string());
            out.push('\n');
        }
    }
}

/// Writes the value of a key: a list or map in the lines below, all else behind it.
fn below(value: &Value, indent: usize, out: &mut String) {
    let nests = value.as_object().is_some_and(|members| !members.is_empty())
        || value.as_array().is_some_and(|items| !items.is_empty());
    if nests {
        out.push('\n');
        out.push_str(&" ".repeat(indent + 2));
    } else {
        out.push(' ');
    }
    inline(value, indent + 2, out);
}
