use granit_parser::ScalarStyle;
use serde_json::{Number, Value};

/// What a scalar means: text where it is quoted or a block, else by the core schema of YAML 1.2.
///
/// So `no`, `on` and `yes` are text, and so is what JSON has no number for: `.inf`, `.nan`, `007`.
pub(crate) fn value(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return whole(text, digits, 16);
    }
    if let Some(digits) = unsigned.strip_prefix("0o") {
        return whole(text, digits, 8);
    }
    let leading_zero = unsigned.len() > 1 && unsigned.starts_with('0');
    if unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return if leading_zero { None } else { whole(text, unsigned, 10).or_else(|| float(text)) };
    }
    if is_float(unsigned) { float(text) } else { None }
}

fn whole(text: &str, digits: &str, radix: u32) -> Option<Number> {
    if digits.starts_with(['-', '+']) {
        return None;
    }
    if text.starts_with('-') {
        i64::from_str_radix(&format!("-{digits}"), radix).ok().map(Number::from)
    } else {
        u64::from_str_radix(digits, radix).ok().map(Number::from)
    }
}

fn float(text: &str) -> Option<Number> {
    text.parse().ok().and_then(Number::from_f64)
}

/// Digits with a point or an exponent, at least one digit before the exponent.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

#[cfg(test)]
mod tests {
    use granit_parser::ScalarStyle;
    use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
    use serde_json::Value;

    /// The typed YAML that many programs use says the same of every plain scalar, but for numbers that it refuses
    /// and those that JSON has not.
    #[track_caller]
    fn check(text: &str) {
        let ours = super::value(text, ScalarStyle::Plain);
        let Ok(theirs) = serde_yaml::from_str::<serde_yaml::Value>(text) else { return };
        let theirs = serde_json::to_value(theirs).expect("JSON");
        if theirs.is_null() && ours.is_string() {
            return;
        }
        assert_eq!(ours, theirs, "{text:?}");
    }

    #[test]
    fn scalars_are_what_others_take_them_for() {
        let texts = "1 -1 +1 0 00 007 0x1F -0x1f 0o17 0o8 1.5 .5 1. 1e3 1E-3 -1.5e+3 1.2.3 e3 1e true True \
                     TRUE tRue no on yes off null NULL ~ 18446744073709551615 18446744073709551616 \
                     -9223372036854775808 -9223372036854775809 12:30 1_000 0x -.5 +.5 0.1 00.5 .inf .nan x";
        for text in texts.split_whitespace() {
            check(text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn numbers_too(text in prop_oneof![
            "[-+]?[0-9]{1,25}",
            "[-+]?[0-9]{0,4}\\.?[0-9]{0,4}([eE][-+]?[0-9]{0,2})?",
            "0[xo][0-9a-f]{0,20}",
            any::<f64>().prop_map(|number| number.to_string()),
            prop::sample::select(vec!["-", "+", ".", "0x", "-.", "1e400"]).prop_map(str::to_owned),
        ].prop_filter("a scalar", |text| !text.is_empty() && text != "-")) {
            check(&text);
        }
    }

    #[test]
    fn quoted_is_text() {
        assert_eq!(super::value("1", ScalarStyle::DoubleQuoted), Value::String("1".to_owned()));
        assert_eq!(super::value("", ScalarStyle::Literal), Value::String(String::new()));
    }
}
