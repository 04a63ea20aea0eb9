use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use serde_json::Value;

/// The longest line that is looked into.
const LONGEST: usize = 1024 * 1024;
/// How much is read at once.
const BLOCK: usize = 256 * 1024;
/// What lines hold that carry text for people.
const MARKS: [&[u8]; 2] = [b"\"rendered\":\"", b"\"Action\":\"output\""];

/// Output as a person would have seen it: of a line of JSON that carries such text (cargo's and rustc's `rendered`,
/// `Output` of `go test -json`) that text, of all else each byte as it came.
///
/// Rules that look for lines find them then, whichever form the tool was asked for. Where rustc offers edits as data, the
/// help that draws them is left out: nobody need read them from a drawing.
pub struct Unfolded<R> {
    inner: R,
    /// What was read of a line that is not whole yet and may be JSON.
    line: Vec<u8>,
    /// What is ready to be given, and how much of it was.
    ready: Vec<u8>,
    given: usize,
    /// Whether what comes next begins a line.
    at_start: bool,
    lines: Lines,
}

/// Which line of the output each line of the unfolded text stands for, as far as was read; a copy goes on knowing it.
#[derive(Clone, Debug, Default)]
pub struct Lines(Rc<RefCell<Apart>>);

#[derive(Debug, Default)]
struct Apart {
    /// How many lines were given so far, and how many were read.
    given: u64,
    read: u64,
    /// Where they come apart: from this line on (counted from 1) it is that one.
    places: Vec<(u64, u64, Step)>,
}

/// How lines go on from one where they come apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// All stand for the same line.
    Same,
    /// Each for the next.
    Next,
}

impl<R: Read> Unfolded<R> {
    /// Reads through `inner`.
    pub fn new(inner: R) -> Self {
        Self { inner, line: Vec::new(), ready: Vec::new(), given: 0, at_start: true, lines: Lines::default() }
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
            self.whole(&line);
            return Ok(!self.ready.is_empty());
        }
        self.take(&block[..count]);
        Ok(true)
    }

    fn take(&mut self, block: &[u8]) {
        for piece in block.split_inclusive(|byte| *byte == b'\n') {
            let begins = self.at_start;
            self.at_start = piece.ends_with(b"\n");
            let is_open = !self.line.is_empty();
            if is_open || (begins && piece.starts_with(b"{")) {
                self.line.extend_from_slice(piece);
                if self.at_start || self.line.len() > LONGEST {
                    let line = std::mem::take(&mut self.line);
                    self.whole(&line);
                }
            } else {
                self.plain(piece);
            }
        }
    }

    fn plain(&mut self, piece: &[u8]) {
        self.lines.0.borrow_mut().go_on(u64::from(piece.ends_with(b"\n")));
        self.ready.extend_from_slice(piece);
    }

    fn whole(&mut self, line: &[u8]) {
        let Some(text) = carried(line) else { return self.plain(line) };
        self.lines.0.borrow_mut().stand_for_one(text.lines().count() as u64);
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

impl Lines {
    /// The line of the output that a line of the unfolded text stands for; both count from 1.
    #[must_use]
    pub fn of(&self, line: u64) -> u64 {
        let Apart { places, .. } = &*self.0.borrow();
        let place = places.partition_point(|(from, _, _)| *from <= line);
        match place.checked_sub(1).map(|last| places[last]) {
            None => line,
            Some((_, read, Step::Same)) => read,
            Some((from, read, Step::Next)) => read + (line - from),
        }
    }
}

impl Apart {
    /// Notes lines that stand for themselves.
    fn go_on(&mut self, lines: u64) {
        self.given += lines;
        self.read += lines;
    }

    /// Notes lines that all stand for the next one of the output.
    fn stand_for_one(&mut self, lines: u64) {
        self.places.push((self.given + 1, self.read + 1, Step::Same));
        self.given += lines;
        self.read += 1;
        self.places.push((self.given + 1, self.read + 1, Step::Next));
    }
}

/// The text for people that a line of JSON carries.
fn carried(line: &[u8]) -> Option<String> {
    if line.len() > LONGEST || !MARKS.iter().any(|mark| memchr::memmem::find(line, mark).is_some()) {
        return None;
    }
    let value: Value = serde_json::from_slice(line).ok()?;
    let message = value.get("message").filter(|message| message.is_object()).unwrap_or(&value);
    match message["rendered"].as_str() {
        Some(rendered) if offers_edits(message) => Some(without_help(rendered).to_owned()),
        Some(rendered) => Some(rendered.to_owned()),
        None => value["Output"].as_str().map(str::to_owned),
    }
}

fn offers_edits(message: &Value) -> bool {
    let each = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let spans = each(message, "children").into_iter().flat_map(|child| each(&child, "spans"));
    spans.into_iter().any(|span| span["suggested_replacement"].is_string())
}

/// A message up to the line where help begins.
fn without_help(rendered: &str) -> &str {
    let Some(help) = rendered.find("help: ") else { return rendered };
    &rendered[..rendered[..help].rfind('\n').map_or(0, |end| end + 1)]
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::Unfolded;

    /// Reads in pieces of each size, and checks the text and which lines its lines stand for.
    #[track_caller]
    fn check(output: &str, expected: &str, lines: &[u64]) {
        let mut unfolded = Unfolded::new(output.as_bytes());
        let mut text = String::new();
        unfolded.read_to_string(&mut text).expect("memory can be read");
        assert_eq!(text, expected);
        let stands: Vec<u64> = (1..=lines.len() as u64).map(|line| unfolded.lines().of(line)).collect();
        assert_eq!(stands, lines);
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
    fn all_else_stays_as_it_is() {
        for output in
            ["", "a", "a\r\nb", "{\n  \"rendered\": 1\n}\n", "{\"rendered\":\"x\n", "{\"reason\":\"x\"}\n"]
        {
            let lines: Vec<u64> = (1..=output.lines().count() as u64).collect();
            check(output, output, &lines);
        }
    }
}
