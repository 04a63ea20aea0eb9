use serde_json::Value;

/// `{{count list}}`: how many there are.
pub(super) fn count(arguments: &[&Value]) -> Result<Value, String> {
    match arguments {
        [Value::Array(items)] => Ok(items.len().into()),
        [Value::Object(members)] => Ok(members.len().into()),
        _ => Err("needs one list".to_owned()),
    }
}
