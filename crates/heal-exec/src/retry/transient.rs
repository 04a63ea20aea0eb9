use std::time::Duration;

use heal_model::{Retry, Time};
use heal_pattern::Compiled;
use jiff::fmt::rfc2822;

use crate::run::Outcome;

/// The longest wait that a failure may ask for.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// Whether a failure is one that its policy calls transient: an exit code, output, or running out of time, which
/// also counts where the policy names nothing.
#[must_use]
pub fn is_transient(outcome: &Outcome, retry: &Retry) -> bool {
    let names_none = retry.on_exit.is_empty() && retry.on_output.is_empty();
    if outcome.timed_out {
        return retry.on_timeout || names_none;
    }
    if outcome.exit.is_some_and(|exit| retry.on_exit.contains(&exit)) {
        return true;
    }
    let output = if retry.on_output.is_empty() { Vec::new() } else { outcome.output.bytes() };
    let mut patterns = retry.on_output.iter().filter_map(|pattern| Compiled::new(pattern).ok());
    patterns.any(|pattern| pattern.is_match(&output))
}

/// How long a failure asks to be left alone, as HTTP's `Retry-After` says it (RFC 9110, 10.2.3): in whole seconds, or as
/// the time when it may be tried again. At most an hour.
#[must_use]
pub fn retry_after(output: &str, now: Time) -> Option<Duration> {
    let mut spans = output.lines().filter_map(|line| {
        let (_, rest) = line.split_at_checked(find(line)?)?;
        let rest = rest.get("retry-after".len()..)?.trim_start_matches([' ', ':', '=', '"', '\'']);
        let span = seconds(rest).or_else(|| until(rest, now))?;
        Some(span.min(LONGEST))
    });
    spans.next_back()
}

fn seconds(text: &str) -> Option<Duration> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).next()?;
    Some(Duration::from_secs(digits.parse().ok()?))
}

/// How long it is until a date as HTTP writes it; nothing once that is past.
fn until(text: &str, now: Time) -> Option<Duration> {
    const ZONE: &str = "GMT";
    let date = text.get(..text.find(ZONE)? + ZONE.len())?;
    let at = rfc2822::parse(date).ok()?.timestamp().as_millisecond();
    Some(Duration::from_millis(u64::try_from(at.saturating_sub(now.0)).unwrap_or(0)))
}

/// Where a line says `Retry-After`, in whatever case.
fn find(line: &str) -> Option<usize> {
    line.to_ascii_lowercase().find("retry-after")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use heal_model::Time;

    use super::retry_after;

    /// 2026-11-21 12:00:00 UTC.
    const NOW: Time = Time(1_795_262_400_000);

    #[track_caller]
    fn check(output: &str, expected: Option<u64>) {
        assert_eq!(retry_after(output, NOW), expected.map(Duration::from_secs));
    }

    #[test]
    fn a_date_is_waited_for() {
        check("Retry-After: Sat, 21 Nov 2026 12:00:30 GMT", Some(30));
        check(r#"{"retry-after": "Sat, 21 Nov 2026 12:01:00 GMT"}"#, Some(60));
        check("Retry-After: Sun, 22 Nov 2026 12:00:00 GMT", Some(3600));
        check("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT", Some(0));
        check("Retry-After: Someday, GMT", None);
    }

    #[test]
    fn the_last_wait_that_is_asked_for_counts() {
        check("HTTP/1.1 429\nRetry-After: 7\n", Some(7));
        check("< retry-after: 2\nagain\n< retry-after: 30\n", Some(30));
        check(r#"{"retry-after": "12"}"#, Some(12));
        check("Retry-After: 86400", Some(3600));
        check("try again later", None);
    }
}
