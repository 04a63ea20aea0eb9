use serde_json::{Number, Value};

use super::add::number;

/// `{{max list "key"}}`: the greatest number of a list, or of a member of each of its objects; 0 of an empty list.
pub(super) fn max(arguments: &[&Value]) -> Result<Value, String> {
    let numbers: Vec<Number> = match arguments {
        [Value::Array(items)] => items.iter().map(number).collect::<Result<_, _>>()?,
        [Value::Array(items), Value::String(key)] => {
            let member = |item: &Value| {
                number(item.get(key).ok_or_else(|| format!("needs `{key}` in each, and {item} has none"))?)
            };
            items.iter().map(member).collect::<Result<_, _>>()?
        }
        _ => return Err("needs a list, and perhaps a key".to_owned()),
    };
    let greatest = numbers.into_iter().reduce(|best, next| if less(&best, &next) { next } else { best });
    Ok(Value::Number(greatest.unwrap_or_else(|| Number::from(0))))
}

fn less(left: &Number, right: &Number) -> bool {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => left < right,
        _ => left.as_f64() < right.as_f64(),
    }
}
