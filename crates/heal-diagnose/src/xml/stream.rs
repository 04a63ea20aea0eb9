use crate::LARGEST_ELEMENT;

/// Cuts a JUnit report, as its bytes come in, into suites' opening tags and whole test cases.
#[derive(Debug)]
pub(crate) struct Stream {
    state: State,
    /// The tag, comment or CDATA section that is being read, from its `<`.
    tag: Vec<u8>,
    /// The test case that is being read.
    case: Option<Vec<u8>>,
    /// How many elements are open.
    depth: usize,
}

/// A part of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// `<testsuite …>`
    Suite,
    /// `<testcase …> … </testcase>`
    Case,
}

/// What bytes come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// There is more to come.
    More,
    /// The report is complete.
    Done,
    /// It is no JUnit report.
    Broken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    Tag { quote: Option<u8> },
    Comment,
    Data,
}

/// How much of a tag is kept.
const LONGEST_TAG: usize = 64 * 1024;

impl Stream {
    pub(crate) fn new() -> Self {
        Self { state: State::Text, tag: Vec::new(), case: None, depth: 0 }
    }

    /// Takes bytes up to the report's end, and tells of each part and of how many bytes it took to its end; what came
    /// of it.
    pub(crate) fn feed(&mut self, bytes: &[u8], on: &mut dyn FnMut(Part, &[u8], usize)) -> Progress {
        for (at, byte) in bytes.iter().enumerate() {
            let progress = self.byte(*byte, &mut |part, kept| on(part, kept, at + 1));
            if progress != Progress::More {
                return progress;
            }
        }
        Progress::More
    }

    /// Whether it has turned out to be a report.
    pub(crate) fn is_report(&self) -> bool {
        self.depth > 0
    }

    /// Whether a test case has begun and not ended.
    pub(crate) fn in_case(&self) -> bool {
        self.case.is_some()
    }

    fn byte(&mut self, byte: u8, on: &mut dyn FnMut(Part, &[u8])) -> Progress {
        if let Some(case) = self.case.as_mut().filter(|case| case.len() < LARGEST_ELEMENT) {
            case.push(byte);
        }
        if self.state == State::Text {
            let outside = self.depth == 0 && !byte.is_ascii_whitespace();
            match byte {
                b'<' => {
                    self.tag.clear();
                    self.tag.push(byte);
                    self.state = State::Tag { quote: None };
                }
                _ if outside => return Progress::Broken,
                _ => {}
            }
            return Progress::More;
        }
        if self.tag.len() < LONGEST_TAG {
            self.tag.push(byte);
        } else {
            // The end of a long comment is found by its last bytes.
            self.tag.drain(..LONGEST_TAG / 2);
            self.tag.push(byte);
        }
        match self.state {
            State::Comment if self.tag.ends_with(b"-->") => self.state = State::Text,
            State::Data if self.tag.ends_with(b"]]>") => self.state = State::Text,
            State::Tag { quote } => return self.in_tag(byte, quote, on),
            State::Text | State::Comment | State::Data => {}
        }
        Progress::More
    }

    fn in_tag(&mut self, byte: u8, quote: Option<u8>, on: &mut dyn FnMut(Part, &[u8])) -> Progress {
        self.state = match (byte, quote) {
            _ if self.tag == b"<!--" => State::Comment,
            _ if self.tag == b"<![CDATA[" => State::Data,
            (b'>', None) => {
                self.state = State::Text;
                return self.tag_ended(on);
            }
            (b'"' | b'\'', None) => State::Tag { quote: Some(byte) },
            (_, Some(open)) if open == byte => State::Tag { quote: None },
            _ => State::Tag { quote },
        };
        Progress::More
    }

    fn tag_ended(&mut self, on: &mut dyn FnMut(Part, &[u8])) -> Progress {
        if self.tag.starts_with(b"<?") || self.tag.starts_with(b"<!") {
            return Progress::More;
        }
        let name = name(&self.tag);
        if self.tag.starts_with(b"</") {
            let Some(depth) = self.depth.checked_sub(1) else { return Progress::Broken };
            self.depth = depth;
            if name == b"testcase"
                && let Some(case) = self.case.take().filter(|case| case.len() < LARGEST_ELEMENT)
            {
                on(Part::Case, &case);
            }
        } else {
            if self.depth == 0 && name != b"testsuites" && name != b"testsuite" {
                return Progress::Broken;
            }
            let closed = self.tag.ends_with(b"/>");
            if name == b"testsuite" {
                on(Part::Suite, &self.tag);
            } else if name == b"testcase" && !closed {
                self.case = Some(self.tag.clone());
            }
            self.depth += usize::from(!closed);
        }
        if self.depth == 0 { Progress::Done } else { Progress::More }
    }
}

/// The name in a tag, without its prefix.
fn name(tag: &[u8]) -> &[u8] {
    let from = if tag.starts_with(b"</") { 2 } else { 1 };
    let rest = &tag[from..];
    let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    &rest[..end.unwrap_or(rest.len())]
}

#[cfg(test)]
mod tests {
    use super::{Progress, Stream};

    #[track_caller]
    fn check(document: &str, expected: &str) {
        for size in [1, 7, document.len()] {
            let mut stream = Stream::new();
            let mut out = String::new();
            let mut last = Progress::More;
            for chunk in document.as_bytes().chunks(size) {
                let mut on = |part, bytes: &[u8], _| {
                    out.push_str(&format!("{part:?} {}; ", String::from_utf8_lossy(bytes)));
                };
                last = stream.feed(chunk, &mut on);
                if last != Progress::More {
                    break;
                }
            }
            assert_eq!(format!("{out}{last:?}"), expected, "in pieces of {size}");
        }
    }

    #[test]
    fn cases_are_cut_out() {
        check(
            r#"<?xml version="1.0"?><testsuite name="a>b"><testcase name="p"/><testcase name="f"><failure><![CDATA[</testcase>]]></failure></testcase></testsuite>"#,
            r#"Suite <testsuite name="a>b">; Case <testcase name="f"><failure><![CDATA[</testcase>]]></failure></testcase>; Done"#,
        );
    }

    #[test]
    fn other_documents_break() {
        check("<html><body>", "Broken");
        check("<stdin>:1:1: x", "Broken");
        check("<a>", "Broken");
    }
}
