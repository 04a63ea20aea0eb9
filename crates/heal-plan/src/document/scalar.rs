use serde_json::{Number, Value};

use super::node::Style;

/// What a plain YAML scalar says, by the core schema of YAML 1.2. A number that can't be held exactly stays a text.
pub(super) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return true.into(),
        "false" | "False" | "FALSE" => return false.into(),
        _ => {}
    }
    integer(text).or_else(|| float(text)).map_or_else(|| text.into(), Value::Number)
}

fn integer(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(Number::from);
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok()
}

fn float(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_float = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits.contains(|digit: char| digit.is_ascii_digit())
        && digits.contains(['.', 'e', 'E'])
        && digits.chars().all(|digit| digit.is_ascii_digit() || ".eE+-".contains(digit));
    is_float.then(|| text.parse().ok().and_then(Number::from_f64)).flatten()
}

/// A scalar where blocks are written: plain where every reader of YAML takes it for what it is, else in quotes.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A scalar within brackets, where `,` and `:` mean more.
pub(super) fn written_in_flow(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) && !text.contains([',', ':', '[', ']', '{', '}']) => {
            text.clone()
        }
        other => other.to_string(),
    }
}

/// A scalar in the style of the one whose place it takes.
pub(super) fn restyled(value: &Value, style: Style) -> String {
    match (value, style) {
        (Value::String(text), Style::Single) if !text.chars().any(char::is_control) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        (Value::String(text), Style::Double | Style::Single) => Value::from(text.as_str()).to_string(),
        (value, _) => written(value),
    }
}

/// Whether a text can stand without quotes, in YAML 1.1 too, where `yes` and `1_000` are not texts.
fn is_plain(text: &str) -> bool {
    const OTHERS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"];
    let starts = text.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '/'));
    let safe = |character: char| character.is_alphanumeric() || "_-./+@ :,=()$^\\".contains(character);
    starts
        && text.chars().all(safe)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !OTHERS.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
    use serde_json::Value;

    use super::{resolve, written, written_in_flow};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(written(&text.into()), expected);
    }

    #[test]
    fn texts_that_could_be_something_else_are_quoted() {
        check("plain words", "plain words");
        check("nginx:latest", "nginx:latest");
        check("3.8", "\"3.8\"");
        check("yes", "\"yes\"");
        check("a: b", "\"a: b\"");
        check("a # b", "\"a # b\"");
        check("", "\"\"");
        check("- x", "\"- x\"");
        check("a\nb", "\"a\\nb\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn what_is_written_is_read(text in "[ -~é\n\t]{0,12}") {
            let value = Value::from(text.as_str());
            let block: Value = serde_yaml::from_str(&format!("k: {}\n", written(&value))).expect("YAML");
            let flow: Value = serde_yaml::from_str(&format!("k: [{}]\n", written_in_flow(&value))).expect("YAML");
            prop_assert_eq!(&block["k"], &value);
            prop_assert_eq!(&flow["k"][0], &value);
        }

        #[test]
        fn plain_scalars_mean_what_others_read(text in "[-+]?(0|[1-9][0-9]{0,3})(\\.[0-9]{0,3})?([eE][-+]?[0-9])?|true|null|~|[a-z]{1,5}|0x[0-9a-f]{1,4}|0o[0-7]{1,3}") {
            let theirs: Value = serde_yaml::from_str(&text).expect("YAML");
            prop_assert_eq!(resolve(&text), theirs);
        }
    }
}
