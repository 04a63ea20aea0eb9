use serde_json::{Number, Value};

/// `{{add a b …}}`: the sum of numbers, or of texts that are numbers.
pub(super) fn add(arguments: &[&Value]) -> Result<Value, String> {
    let mut sum = Number::from(0);
    for argument in arguments {
        sum = plus(&sum, &number(argument)?).ok_or("overflows")?;
    }
    Ok(Value::Number(sum))
}

/// A value as a number: captures are texts.
pub(super) fn number(value: &Value) -> Result<Number, String> {
    let parsed = match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text
            .trim()
            .parse()
            .ok()
            .map(|whole: i64| Number::from(whole))
            .or_else(|| text.trim().parse().ok().and_then(Number::from_f64)),
        _ => None,
    };
    parsed.ok_or_else(|| format!("needs a number, not {value}"))
}

fn plus(left: &Number, right: &Number) -> Option<Number> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => left.checked_add(right).map(Number::from),
        _ => Number::from_f64(left.as_f64()? + right.as_f64()?),
    }
}
