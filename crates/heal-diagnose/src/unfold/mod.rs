mod carried;
mod lines;
mod mark;
mod report;

use std::io::{self, Read};

pub use lines::Lines;

use lines::Step;
use mark::Marked;
use report::{Fed, Report};

use crate::Marks;

/// The longest line that is looked into, and how much of what may be a report is held until it turns out to be one.
const LONGEST: usize = 1024 * 1024;
/// How much is read at once.
const BLOCK: usize = 256 * 1024;

/// Output as a person would have seen it: of a line of JSON that carries text for people (cargo's and rustc's `rendered`,
/// `Output` of `go test -json`) that text, of a report of tests (JUnit XML, pytest-json-report) what failing ones printed,
/// of a line that another program passed on the line without its mark, of all else each byte as it came.
///
/// Rules that look for lines find them then, whichever form the tool was asked for. Where rustc offers edits as data, the
/// help that draws them is left out: nobody need read them from a drawing.
pub struct Unfolded<R> {
    inner: R,
    /// What was read of a line that is not whole yet and may be JSON, or have a mark.
    line: Vec<u8>,
    report: Option<Report>,
    /// What is ready to be given, and how much of it was.
    ready: Vec<u8>,
    given: usize,
    /// Whether what comes next begins a line.
    at_start: bool,
    lines: Lines,
    marked: Marked,
}

impl<R: Read> Unfolded<R> {
    /// Reads through `inner`, and leaves these marks out.
    pub fn new(inner: R, marks: Marks) -> Self {
        Self {
            inner,
            line: Vec::new(),
            report: None,
            ready: Vec::new(),
            given: 0,
            at_start: true,
            lines: Lines::default(),
            marked: Marked::new(marks),
        }
    }

    /// Which line each line stands for.
    #[must_use]
    pub fn lines(&self) -> Lines {
        self.lines.clone()
    }

    fn fill(&mut self) -> io::Result<bool> {
        let mut block = vec![0; BLOCK];
        let count = self.inner.read(&mut block)?;
        self.ready.clear();
        self.given = 0;
        if count == 0 {
            let line = std::mem::take(&mut self.line);
            if !line.is_empty() {
                self.whole(&line);
            }
            let report = self.report.take().map(Report::into_held);
            self.plain(&report.unwrap_or_default());
            return Ok(!self.ready.is_empty());
        }
        self.take(&block[..count]);
        Ok(true)
    }

    fn take(&mut self, block: &[u8]) {
        let mut rest = block;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let (piece, after) = rest.split_at(end);
            rest = after;
            let begins = self.at_start;
            self.at_start = piece.ends_with(b"\n");
            if self.report.is_some() {
                self.in_report(piece);
            } else if !self.line.is_empty() || (begins && piece.starts_with(b"{")) {
                self.line.extend_from_slice(piece);
                if self.at_start || !self.may_be_more() {
                    let line = std::mem::take(&mut self.line);
                    self.whole(&line);
                }
            } else if begins && piece.starts_with(b"<") {
                self.report = Some(Report::xml(self.lines.current()));
                self.in_report(piece);
            } else if begins && !self.at_start && mark::may_begin(piece) {
                self.line.extend_from_slice(piece);
            } else if begins {
                let mark = self.marked.len(piece);
                self.plain(&piece[mark..]);
            } else {
                self.plain(piece);
            }
        }
    }

    /// Whether a line that is not whole yet may be more than text.
    fn may_be_more(&self) -> bool {
        let is_open = self.line.starts_with(b"{") && self.line.len() <= LONGEST;
        is_open || mark::may_begin(&self.line)
    }

    fn plain(&mut self, bytes: &[u8]) {
        self.lines.go_on(count_lines(bytes));
        self.ready.extend_from_slice(bytes);
    }

    /// Takes a line that was held until it was known what it is.
    fn whole(&mut self, line: &[u8]) {
        if !line.starts_with(b"{") {
            let mark = self.marked.len(line);
            self.plain(&line[mark..]);
        } else if let Some(text) = carried::carried(line) {
            self.give(&text, self.lines.current(), Step::Same);
            self.lines.pass(1);
        } else if report::may_begin(line) {
            self.report = Some(Report::json(self.lines.current()));
            self.in_report(line);
        } else {
            self.plain(line);
        }
    }

    /// Gives bytes to the report that is open.
    fn in_report(&mut self, piece: &[u8]) {
        let Some(mut report) = self.report.take() else { return };
        match report.feed(piece) {
            Fed::Held => self.report = Some(report),
            Fed::Stray => self.plain(&report.into_held()),
            Fed::Known { texts, lines, over } => {
                for text in texts {
                    self.give(&text.text, text.line, text.step);
                }
                self.lines.pass(lines);
                self.report = Some(report).filter(|_| !over);
            }
        }
    }

    /// Gives lines out that stand for others, from one on.
    fn give(&mut self, text: &str, line: u64, step: Step) {
        self.lines.stand_for(text.lines().count() as u64, line, step);
        text.lines().for_each(|line| {
            self.ready.extend_from_slice(line.as_bytes());
            self.ready.push(b'\n');
        });
    }
}

impl<R: Read> Read for Unfolded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            if !self.fill()? {
                return Ok(0);
            }
        }
        let count = (self.ready.len() - self.given).min(buffer.len());
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// How many lines end in these bytes.
fn count_lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::Unfolded;
    use crate::{Marks, extractors};

    /// Gives no more than so many bytes at once.
    struct Pieces<'a> {
        output: &'a [u8],
        size: usize,
    }

    impl std::io::Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let size = self.size.min(buffer.len());
            self.output.read(&mut buffer[..size])
        }
    }

    /// Reads in pieces of each size, and checks the text and which lines its lines stand for.
    #[track_caller]
    fn check(output: &str, expected: &str, lines: &[u64]) {
        let marks = Marks::sure(&extractors());
        for size in [1, 7, output.len().max(1)] {
            let mut unfolded = Unfolded::new(Pieces { output: output.as_bytes(), size }, marks.clone());
            let mut text = String::new();
            unfolded.read_to_string(&mut text).expect("memory can be read");
            assert_eq!(text, expected);
            let stands: Vec<u64> = (1..=lines.len() as u64).map(|line| unfolded.lines().of(line)).collect();
            assert_eq!(stands, lines);
        }
    }

    #[test]
    fn text_for_people_is_taken_out_of_json() {
        let cargo = r#"{"reason":"compiler-message","message":{"rendered":"error[E0382]: moved\n --> a.rs:1:1\n\n"}}"#;
        check(
            &format!("one\n{cargo}\ntwo\n{cargo}"),
            "one\nerror[E0382]: moved\n --> a.rs:1:1\n\ntwo\nerror[E0382]: moved\n --> a.rs:1:1\n\n",
            &[1, 2, 2, 2, 3, 4, 4, 4],
        );
        let offered = r#"{"$message_type":"diagnostic","children":[{"spans":[{"suggested_replacement":"_a"}]}],"rendered":"warning: unused variable: `a`\n --> a.rs:1:1\n  | ^ help: prefix it: `_a`\n"}"#;
        check(&format!("{offered}\n"), "warning: unused variable: `a`\n --> a.rs:1:1\n", &[1, 1]);
        let go = r#"{"Time":"2026","Action":"output","Package":"a","Output":"--- FAIL: TestA (0.00s)\n"}"#;
        check(&format!("{go}\n"), "--- FAIL: TestA (0.00s)\n", &[1]);
    }

    #[test]
    fn what_failing_tests_printed_is_taken_out_of_junit_xml() {
        let report = "a\n<?xml version=\"1.0\"?>\n<testsuites><testsuite name=\"pytest\"><testcase name=\"fine\"/>\n\
                      <testcase name=\"t\"><failure message=\"E: &lt;x&gt;\">def t():\n&gt;   f()\nE   E: &lt;x&gt;</failure>\n\
                      <system-out>one\ntwo</system-out></testcase><testcase><failure>\nE   G</failure></testcase>\n\
                      </testsuite></testsuites>\nb\n";
        check(
            report,
            "a\ndef t():\n>   f()\nE   E: <x>\none\ntwo\n\nE   G\nb\n",
            &[1, 4, 5, 6, 7, 8, 8, 9, 11],
        );
        let bare = "<testsuite><testcase><error message=\"no\" type=\"E\"/></testcase></testsuite>";
        check(bare, "E: no\n", &[1]);
    }

    #[test]
    fn what_failing_tests_printed_is_taken_out_of_a_report_of_pytest() {
        let failed = r#"{"nodeid":"a.py::t","outcome":"failed","setup":{"outcome":"passed","stdout":"no"},"call":{"outcome":"failed","longrepr":"E   one\nE   two","stdout":"out"}}"#;
        let passed = r#"{"nodeid":"a.py::u","outcome":"passed","call":{"outcome":"passed","stdout":"x"}}"#;
        check(
            &format!(
                r#"{{"created":1,"root":"longrepr","tests":[{passed},{failed}],"warnings":[{{"message":"m","category":"W","filename":"a.py","lineno":3}}]}}"#
            ),
            "E   one\nE   two\nout\n  a.py:3: W: m\n",
            &[1, 1, 1, 1],
        );
        let collector = r#"{"nodeid":"b.py","outcome":"failed","longrepr":"ImportError: x"}"#;
        check(&format!("{{\n \"collectors\": [\n  {collector}\n ]\n}}\nb\n"), "ImportError: x\nb\n", &[3, 6]);
    }

    #[test]
    fn times_of_services_are_taken_off_each_line() {
        check(
            "2026-03-04T12:34:56.1234567Z one\nplain\n2026-03-04T12:34:56.1234567Z   two\n2026-03-04T12:34:57.1234567Z",
            "one\nplain\n  two\n",
            &[1, 2, 3],
        );
        let log = format!("test\tpytest\t2026-03-04T12:34:56.1234567Z {}\n", "x".repeat(600)).repeat(2);
        check(&log, &format!("{0}\n{0}\n", "x".repeat(600)), &[1, 2]);
    }

    #[test]
    fn all_else_stays_as_it_is() {
        for output in [
            "",
            "a",
            "a\r\nb",
            "{\n  \"rendered\": 1\n}\n",
            "{\"rendered\":\"x\n",
            "{\"reason\":\"x\"}\n",
            "<html>\n<p>x\n",
            "<?xml version=\"1.0\"?>\n",
            "{\n \"tests\": [\n {\"a\": 1}\n]}\nb",
            "{\"longrepr\":\"x\"}\n{",
            "2026-03-04T12:34:56Z x\n\tb\tc\n2026",
        ] {
            let lines: Vec<u64> = (1..=output.lines().count() as u64).collect();
            check(output, output, &lines);
        }
    }
}
