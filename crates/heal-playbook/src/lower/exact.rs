use std::time::Duration;

use heal_model::{ExitCodes, Time};
use jiff::Timestamp;

use crate::written::{self, Exit, Share, Size, SizeText, Span};

/// The schema has seen to the form of these texts, so a stand-in is never used.
const CHECKED: u64 = 0;

pub(super) fn duration(written: &written::Duration) -> Duration {
    heal_model::duration(&written.0).unwrap_or(Duration::from_secs(CHECKED))
}

/// A day that no calendar has, such as the 30th of February, is where 1970 began.
pub(super) fn instant(written: &written::Instant) -> Time {
    Time(written.0.parse::<Timestamp>().map(Timestamp::as_millisecond).unwrap_or_default())
}

/// KB, MB and GB are powers of 1,000.
pub(super) fn size(written: &Size) -> u64 {
    let text = match written {
        Size::Bytes(bytes) => return *bytes,
        Size::Text(SizeText(text)) => text,
    };
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: u64 = text[..text.len() - unit.len()].parse().unwrap_or(CHECKED);
    match unit.trim_start() {
        "KB" => number * 1_000,
        "MB" => number * 1_000_000,
        "GB" => number * 1_000_000_000,
        _ => number,
    }
}

pub(super) fn share(written: &Share) -> f64 {
    match written {
        Share::Number(number) => *number,
        Share::Percent(text) => text.trim_end_matches('%').parse::<f64>().unwrap_or_default() / 100.0,
    }
}

pub(super) fn lines(written: &Span) -> u32 {
    match written {
        Span::Lines(lines) => *lines,
        Span::Text(text) => text.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_default(),
    }
}

pub(super) fn exit(written: &Exit) -> ExitCodes {
    match written {
        Exit::Code(code) => ExitCodes::Codes(vec![*code]),
        Exit::Codes(codes) => ExitCodes::Codes(codes.clone()),
        Exit::Text(word) => {
            debug_assert_eq!(word, "failure", "the schema knows no other");
            ExitCodes::Failure
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::written::{self, Share, Size, SizeText, Span};

    #[test]
    fn durations_are_lengths_of_time() {
        let read = |text: &str| super::duration(&written::Duration(text.to_owned()));
        let day = Duration::from_secs(86_400);
        assert_eq!(
            ["100ms", "1m30s", "1d", "24h", "1440m"].map(read),
            [Duration::from_millis(100), Duration::from_secs(90), day, day, day]
        );
        assert_eq!(read("999999999d"), Duration::from_secs(999_999_999 * 86_400));
    }

    #[test]
    fn sizes_are_bytes() {
        let read = |text: &str| super::size(&Size::Text(SizeText(text.to_owned())));
        assert_eq!(["7B", "10KB", "5 MB", "1GB"].map(read), [7, 10_000, 5_000_000, 1_000_000_000]);
        assert_eq!(super::size(&Size::Bytes(12)), 12);
    }

    #[test]
    fn shares_and_spans_have_two_forms() {
        assert_eq!(super::share(&Share::Percent("12.5%".to_owned())), 0.125);
        assert_eq!(super::share(&Share::Number(0.5)), 0.5);
        assert_eq!(super::lines(&Span::Text("5 lines".to_owned())), 5);
        assert_eq!(super::lines(&Span::Lines(7)), 7);
    }
}
