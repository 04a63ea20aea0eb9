use super::program::{has_shape, program};

/// How many programs are known to pass a line on, one after the other.
const MOST_WITHIN: usize = 3;

/// How many bytes of a line those have put before it that passed it on: services of CI, containers, several commands at
/// once.
pub(super) fn mark(line: &[u8]) -> usize {
    let mut len = 0;
    for _ in 0..MOST_WITHIN {
        let rest = &line[len..];
        let own = Some(time_stamp(rest)).filter(|len| *len > 0).unwrap_or_else(|| program(rest));
        if own == 0 {
            break;
        }
        len += own;
    }
    len
}

/// How much of a line is its time, and what goes with that.
///
/// Only times are taken for such a mark that programs seldom write themselves: GitHub Actions and Azure Pipelines give
/// seven places of a second, docker and Kubernetes nine, GitLab names the stream next to it.
fn time_stamp(line: &[u8]) -> usize {
    // job, tab, step, tab: `gh run view --log`.
    let named = second_tab(line).map_or(0, |at| at + 1);
    let start = named + if line[named..].starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let Some((places, rest)) = time(&line[start..]) else { return 0 };
    let after_time = line.len() - rest.len();
    match (places, stream(rest)) {
        (_, Some(len)) if named == 0 => after_time + len,
        (7 | 9, _) => after_time + usize::from(rest.starts_with(b" ")) + command(rest),
        _ => 0,
    }
}

/// Whether a line that is not whole yet may still turn out to have a mark.
pub(super) fn may_begin(line: &[u8]) -> bool {
    line.len() < LONGEST
}

/// The longest beginning that is looked at: names of a job and a step, and a time.
const LONGEST: usize = 512;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// A time to the second, `0` for any digit.
const SECOND: &[u8] = b"0000-00-00T00:00:00.";

/// The second tab of a line, where two are near enough to part the names of a job and a step from it.
fn second_tab(line: &[u8]) -> Option<usize> {
    let mut tabs = memchr::memchr_iter(b'\t', &line[..line.len().min(LONGEST)]);
    let (first, second) = (tabs.next()?, tabs.next()?);
    (first > 0 && second > first + 1).then_some(second)
}

/// How many places a second has in the time that a text begins with, and what follows it.
fn time(text: &[u8]) -> Option<(usize, &[u8])> {
    let (head, tail) = text.split_at_checked(SECOND.len())?;
    let places = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = tail[places..].strip_prefix(b"Z")?;
    has_shape(head, SECOND).then_some((places, rest))
}

/// How long GitLab's name of a stream is: ` 00O ` before a line, ` 00O+` before one that goes on.
fn stream(rest: &[u8]) -> Option<usize> {
    match rest {
        [b' ', a, b, b'O' | b'E', b' ' | b'+', ..] if a.is_ascii_digit() && b.is_ascii_digit() => Some(5),
        _ => None,
    }
}

/// How long the mark is with which GitHub Actions and Azure Pipelines colour a line: `##[error]`.
fn command(rest: &[u8]) -> usize {
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let marks: [&[u8]; 4] = [b"##[error]", b"##[warning]", b"##[debug]", b"##[command]"];
    marks.iter().find(|mark| rest.starts_with(mark)).map_or(0, |mark| mark.len())
}

#[cfg(test)]
mod tests {
    use super::mark;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        assert_eq!(&line[mark(line.as_bytes())..], expected);
    }

    #[test]
    fn times_of_services_are_left_out() {
        check("2026-03-04T12:34:56.1234567Z E   x", "E   x");
        check("2026-03-04T12:34:56.1234567Z   indented", "  indented");
        check("2026-03-04T12:34:56.1234567Z ##[error]a.ts(3,5): error", "a.ts(3,5): error");
        check("2026-03-04T12:34:56.123456789Z x", "x");
        check("2026-03-04T12:34:56.123456789Z", "");
        check("test\tRun pytest\t\u{feff}2026-03-04T12:34:56.1234567Z x", "x");
        check("2026-03-04T12:34:56.123456Z 00O x", "x");
        check("2026-03-04T12:34:56.123456Z 01E+x", "x");
    }

    #[test]
    fn marks_lie_one_within_the_other() {
        check("2026-03-04T12:34:56.1234567Z web-1  | E   x", "E   x");
        check("web-1  | 2026-03-04T12:34:56.123456789Z x", "x");
        check("2026-03-04T12:34:56.1234567Z web-1  | @shop/web:build: web-2 | x", "web-2 | x");
    }

    #[test]
    fn what_a_program_writes_itself_stays() {
        for line in [
            "",
            "x",
            "2026-03-04T12:34:56.123456Z  INFO x",
            "2026-03-04T12:34:56Z x",
            "2026-03-04 12:34:56.1234567 x",
            "a\tb\tc",
            "\t\t2026-03-04T12:34:56.1234567Z x",
            "at 2026-03-04T12:34:56.1234567Z x",
        ] {
            check(line, line);
        }
    }
}
