use std::time::Duration;

/// The pattern of a length of time, as JSON Schema has it.
pub const DURATION: &str = "^([0-9]{1,9}(ms|s|m|h|d|w)){1,6}$";

/// Reads a length of time: `500ms`, `30s`, `5m`, `2h`, `1d`, `8w`, or several of these in a row, as `1m30s`.
///
/// Nothing where it is not of that form; a number alone says no unit, so it is none.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let (mut sum, mut rest) = (Duration::ZERO, text);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, more) = rest.split_at(digits);
        let unit = more.find(|c: char| c.is_ascii_digit()).unwrap_or(more.len());
        let (unit, more) = more.split_at(unit);
        let number: u64 = number.parse().ok()?;
        let milliseconds = number.checked_mul(milliseconds(unit)?)?;
        sum = sum.checked_add(Duration::from_millis(milliseconds))?;
        rest = more;
    }
    (!text.is_empty()).then_some(sum)
}

/// Tells a length of time as a person reads it: `100 ms`, `2.5 s`, `3 min`.
#[must_use]
pub fn spoken(span: Duration) -> String {
    match span.as_millis() {
        0..1_000 => format!("{} ms", span.as_millis()),
        1_000..10_000 if span.subsec_millis() != 0 => format!("{:.1} s", span.as_secs_f64()),
        1_000..120_000 => format!("{} s", span.as_secs_f64().ceil()),
        _ => format!("{} min", span.as_secs().div_ceil(60)),
    }
}

fn milliseconds(unit: &str) -> Option<u64> {
    const DAY: u64 = 24 * 60 * 60 * 1000;
    match unit {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60 * 1000),
        "h" => Some(60 * 60 * 1000),
        "d" => Some(DAY),
        "w" => Some(7 * DAY),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, spoken};

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(duration(text), expected.map(Duration::from_millis), "{text}");
    }

    #[test]
    fn a_duration_is_numbers_with_units() {
        check("500ms", Some(500));
        check("30s", Some(30_000));
        check("1m30s", Some(90_000));
        check("1h0m5s10ms", Some(3_605_010));
        check("24h", Some(86_400_000));
        check("1d", Some(86_400_000));
        check("2w", Some(14 * 86_400_000));
        check("999999999w", Some(999_999_999 * 7 * 86_400_000));
    }

    #[test]
    fn what_has_no_unit_or_number_is_none() {
        for text in ["", "30", "s", "1m30", "30sec", "1.5s", "-1s", "1 s", "é", "1é"] {
            check(text, None);
        }
        check("99999999999999999999s", None);
        check("9999999999999999999h", None);
    }

    #[test]
    fn spans_are_told_in_words() {
        let told = |milliseconds| spoken(Duration::from_millis(milliseconds));
        let all: Vec<String> = [100, 2_500, 3_000, 59_001, 200_000].into_iter().map(told).collect();
        assert_eq!(all, ["100 ms", "2.5 s", "3 s", "60 s", "4 min"]);
    }
}
