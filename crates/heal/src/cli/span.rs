use std::str::FromStr;
use std::time::Duration;

use heal_model::{Breaker, duration};

/// What to type.
const HELP: &str = "type 500ms, 30s, 1m30s, 2h or a number of seconds";

/// A duration as it is typed: `100ms`, `30s`, `1m30s`, `2h`, or a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Span(pub(in crate::cli) Duration);

/// One duration, or two with a comma between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Spans {
    pub(in crate::cli) first: Span,
    pub(in crate::cli) second: Option<Span>,
}

/// A breaker as it is typed: `5` or `5,60s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct BreakerSpans(pub(in crate::cli) Breaker);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds = || text.parse().ok().map(Duration::from_secs);
        let read = if text.starts_with('+') { None } else { seconds().or_else(|| duration(text)) };
        read.map(Self).ok_or_else(|| format!("{text:?} is not a duration; {HELP}"))
    }
}

impl FromStr for Spans {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::each(text, Span::from_str)
    }
}

impl Spans {
    fn each(text: &str, read: fn(&str) -> Result<Span, String>) -> Result<Self, String> {
        let (first, second) = text.split_once(',').map_or((text, None), |(a, b)| (a, Some(b)));
        Ok(Self { first: read(first)?, second: second.map(read).transpose()? })
    }
}

impl FromStr for BreakerSpans {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (failures, cooldown) = text.split_once(',').map_or((text, None), |(a, b)| (a, Some(b)));
        let failures = failures.parse().ok().filter(|count| *count > 0);
        let failures = failures.ok_or_else(|| format!("{text:?} is not a breaker; type 5 or 5,60s"))?;
        let cooldown = cooldown.map(Span::from_str).transpose()?;
        let usual = Breaker::default().cooldown;
        Ok(Self(Breaker { failures, cooldown: cooldown.map_or(usual, |Span(span)| span) }))
    }
}

/// Reads a time within which something must be done: some time, at least.
pub(in crate::cli) fn limit(text: &str) -> Result<Span, String> {
    let span: Span = text.parse()?;
    if span.0.is_zero() { Err(format!("{text:?} is no time at all; {HELP}")) } else { Ok(span) }
}

/// The same for a first time and a later one.
pub(in crate::cli) fn limits(text: &str) -> Result<Spans, String> {
    Spans::each(text, limit)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BreakerSpans, Span, Spans, limit, limits};

    #[track_caller]
    fn check(text: &str, expected: Result<u64, &str>) {
        let read = text.parse::<Span>().map(|Span(span)| span);
        assert_eq!(read, expected.map(Duration::from_millis).map_err(str::to_owned));
    }

    #[test]
    fn durations_are_read_as_they_are_typed() {
        check("100ms", Ok(100));
        check("30", Ok(30_000));
        check("30s", Ok(30_000));
        check("1m30s", Ok(90_000));
        check("0", Ok(0));
        check("2h", Ok(7_200_000));
        for text in ["1y", "", "+3", "2.5", "99999999999999999999h"] {
            let wrong =
                format!("{text:?} is not a duration; type 500ms, 30s, 1m30s, 2h or a number of seconds");
            check(text, Err(&wrong));
        }
    }

    #[test]
    fn a_limit_is_some_time() {
        assert_eq!(limit("2"), Ok(Span(Duration::from_secs(2))));
        for text in ["0", "0s", "0m0s"] {
            let wrong =
                format!("{text:?} is no time at all; type 500ms, 30s, 1m30s, 2h or a number of seconds");
            assert_eq!(limit(text), Err(wrong));
        }
        assert!(limits("30s,0").is_err());
        let both =
            Spans { first: Span(Duration::from_secs(30)), second: Some(Span(Duration::from_secs(60))) };
        assert_eq!(limits("30s,1m"), Ok(both));
    }

    #[test]
    fn pairs_are_two_durations() {
        let spans =
            |text: &str| text.parse::<Spans>().map(|Spans { first, second }| (first.0, second.map(|s| s.0)));
        let second = Duration::from_secs;
        assert_eq!(spans("30"), Ok((second(30), None)));
        assert_eq!(spans("30s,1m"), Ok((second(30), Some(second(60)))));
        assert!(spans("30s,").is_err());
        let breaker =
            |text: &str| text.parse::<BreakerSpans>().map(|BreakerSpans(one)| (one.failures, one.cooldown));
        assert_eq!(breaker("3"), Ok((3, second(60))));
        assert_eq!(breaker("3,5s"), Ok((3, second(5))));
        assert_eq!(breaker("0"), Err(r#""0" is not a breaker; type 5 or 5,60s"#.to_owned()));
    }
}
