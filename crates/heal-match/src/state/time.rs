use std::time::Duration;

use heal_model::Time;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Whether something lies further back than so long. What lies ahead is not old.
pub(crate) fn is_older(time: Time, now: Time, age: Duration) -> bool {
    i128::from(now.0) - i128::from(time.0) > i128::try_from(age.as_millis()).unwrap_or(i128::MAX)
}

/// Reads a time: RFC 3339, a date or a date and time in UTC, or seconds or milliseconds since 1970.
pub(crate) fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        // No second count of this size is younger than the year 5138.
        let millis = if number.abs() < 1e11 { number * 1000.0 } else { number };
        #[expect(clippy::cast_possible_truncation, reason = "a time is rounded to milliseconds")]
        return millis.is_finite().then_some(Time(millis as i64));
    }
    let zoned = text.parse::<Timestamp>().ok();
    let civil = || text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(DateTime::from)).ok();
    let utc = |civil: DateTime| civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    zoned.or_else(|| civil().and_then(utc)).map(|timestamp| Time(timestamp.as_millisecond()))
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(super::time(text).map(|time| time.0), expected);
    }

    #[test]
    fn times_are_read() {
        check("1970-01-01T00:01:00Z", Some(60_000));
        check("1970-01-01 01:01:00+01:00", Some(60_000));
        check("1970-01-01 00:01:00.5", Some(60_500));
        check("1970-01-02", Some(86_400_000));
        check("60", Some(60_000));
        check("1700000000000", Some(1_700_000_000_000));
        check("soon", None);
    }
}
