use heal_pattern::AnyOf;

use crate::Marks;

/// Finds out how much of a line other programs have put before it.
pub(super) struct Marked {
    marks: Marks,
    /// How many lines there were.
    lines: u64,
    /// Tells most lines that have none from the others; made once there have been [`MANY`] lines.
    any: Option<AnyOf>,
}

/// How many lines come before it pays to join all marks.
const MANY: u64 = 200;
/// The longest beginning that is looked at: names of a job and a step, and a time.
const LONGEST: usize = 512;

impl Marked {
    pub(super) fn new(marks: Marks) -> Self {
        Self { marks, lines: 0, any: None }
    }

    /// How many bytes of a line those have put before it that passed it on. Its end may not have come yet.
    pub(super) fn len(&mut self, line: &[u8]) -> usize {
        self.lines += 1;
        if self.lines == MANY {
            self.any = self.marks.patterns().and_then(|patterns| AnyOf::new(&patterns));
        }
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let head = &text[..text.len().min(LONGEST)];
        let any = &mut self.any;
        let may = |line: &[u8]| any.as_mut().is_none_or(|any| any.may_begin(line));
        head.len() - self.marks.without(head, may).len()
    }
}

/// Whether a line that is not whole yet may still turn out to have a mark.
pub(super) fn may_begin(line: &[u8]) -> bool {
    line.len() < LONGEST
}

#[cfg(test)]
mod tests {
    use super::{MANY, Marked};
    use crate::{Marks, extractors};

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let mut marked = Marked::new(Marks::sure(&extractors()));
        for _ in 0..=MANY {
            assert_eq!(&line[marked.len(line.as_bytes())..], expected);
        }
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
    fn names_of_programs_are_left_out() {
        check("web-1  | E   x", "E   x");
        check("web_1|", "");
        check("web-1  |\r\n", "\r\n");
        check("web  |   indented", "  indented");
        check("12:34:56 web.1   | x", "x");
        check("@shop/web:build: src/app.ts(3,5): error", "src/app.ts(3,5): error");
        check("shop:test:unit: x", "x");
        check("packages/web build: x", "x");
        check(". test: x", "x");
        check("#9 0.412 E   x", "E   x");
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
            "a | b",
            "1-1 | b",
            "-1 | b",
            "web-1  |x",
            "error: build: x",
            "web build: x",
            "shop:deploy: x",
            "a.rs:3:5: error",
            "12:34:56 done",
            "[0] x",
            "#9 CACHED",
            "[ 42%] Building C object b.c.o",
        ] {
            check(line, line);
        }
    }
}
