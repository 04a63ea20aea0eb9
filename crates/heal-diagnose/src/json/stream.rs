use memchr::memchr2;

use crate::LARGEST_ELEMENT;

/// Cuts a JSON document, as its bytes come in, into the elements that say something each for itself.
///
/// No more than one element is kept at a time; a document that is none of the known reports is kept whole, up to
/// [`LARGEST_ELEMENT`].
#[derive(Debug)]
pub(crate) struct Stream {
    state: State,
    path: Vec<Frame>,
    /// The key that is being read.
    key: Vec<u8>,
    /// The document from its start, until it turns out to be cut into elements.
    whole: Option<Vec<u8>>,
    /// The element that is being read: what it is, how deep it lies, and its bytes.
    element: Option<(Element, usize, Vec<u8>)>,
}

/// What an element is, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// The whole document: one object of a stream of them.
    Whole,
    /// An item of a list: a file of eslint, a diagnostic of ruff.
    Item,
    /// `runs[*].tool` of SARIF.
    Tool,
    /// `runs[*].results[*]` of SARIF.
    Result,
    /// The end of `runs[*]` of SARIF.
    Run,
    /// `tests[*]` of pytest-json-report.
    Test,
    /// `collectors[*]` of pytest-json-report.
    Collector,
    /// `warnings[*]` of pytest-json-report.
    Warning,
}

/// What a byte comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// There is more to come.
    More,
    /// The document is complete.
    Done,
    /// It is no JSON.
    Broken,
}

#[derive(Clone, Debug)]
enum Frame {
    Array,
    Object(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Value,
    /// A value or `]`.
    FirstItem,
    /// A key or `}`.
    FirstKey,
    Key,
    Colon,
    /// `,` or the end of what it lies in.
    After,
    Text {
        key: bool,
        escaped: bool,
    },
    Scalar,
}

/// How deep a document may nest.
const DEEPEST: usize = 100;
/// How much of a key is kept: more than any that is looked for.
const LONGEST_KEY: usize = 32;

impl Stream {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Value,
            path: Vec::new(),
            key: Vec::new(),
            whole: Some(Vec::new()),
            element: None,
        }
    }

    /// Takes bytes up to the document's end, and tells of each element and of how many bytes it took to its end; what
    /// came of it.
    pub(crate) fn feed(&mut self, bytes: &[u8], on: &mut dyn FnMut(Element, &[u8], usize)) -> Progress {
        let mut at = 0;
        while at < bytes.len() {
            let run = self.plain_run(&bytes[at..]);
            if run > 0 {
                self.keep(&bytes[at..at + run]);
                at += run;
                continue;
            }
            at += 1;
            let progress = self.byte(bytes[at - 1], &mut |element, kept| on(element, kept, at));
            if progress != Progress::More {
                return progress;
            }
        }
        Progress::More
    }

    /// Whether an element has begun and not ended.
    pub(crate) fn in_element(&self) -> bool {
        self.element.is_some()
    }

    /// How many bytes at the start are inside a text that is no key.
    fn plain_run(&self, bytes: &[u8]) -> usize {
        match self.state {
            State::Text { key: false, escaped: false } => memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len()),
            _ => 0,
        }
    }

    fn byte(&mut self, byte: u8, on: &mut dyn FnMut(Element, &[u8])) -> Progress {
        if self.state == State::Scalar && !is_scalar(byte) {
            self.ended(on);
        }
        let starts = matches!(self.state, State::Value | State::FirstItem) && !byte.is_ascii_whitespace();
        if starts && byte == b'{' {
            self.open_element();
        }
        self.keep(&[byte]);
        let Some(state) = self.step(byte) else { return Progress::Broken };
        self.state = state;
        if state == State::After && matches!(byte, b'"' | b'}' | b']') {
            self.ended(on);
            if self.path.is_empty() {
                if let Some(whole) = self.whole.take() {
                    on(Element::Whole, &whole);
                }
                return Progress::Done;
            }
        }
        Progress::More
    }

    /// The next state; `None` where the byte can't stand there.
    fn step(&mut self, byte: u8) -> Option<State> {
        if let State::Text { key, escaped } = self.state {
            return Some(self.text(byte, key, escaped));
        }
        if byte.is_ascii_whitespace() {
            return Some(if self.state == State::Scalar { State::After } else { self.state });
        }
        match (self.state, byte) {
            (State::Value | State::FirstItem, _) if self.path.is_empty() && !matches!(byte, b'{' | b'[') => {
                None
            }
            (State::Value | State::FirstItem, b'{') => {
                self.enter(Frame::Object(String::new()), State::FirstKey)
            }
            (State::Value | State::FirstItem, b'[') => self.enter(Frame::Array, State::FirstItem),
            (State::Value | State::FirstItem, b'"') => Some(State::Text { key: false, escaped: false }),
            (State::FirstItem | State::After, b']') => self.leave(byte),
            (State::FirstKey | State::After, b'}') => self.leave(byte),
            (State::FirstKey | State::Key, b'"') => {
                self.key.clear();
                Some(State::Text { key: true, escaped: false })
            }
            (State::Colon, b':') => Some(State::Value),
            (State::After, b',') => {
                Some(if matches!(self.path.last(), Some(Frame::Array)) { State::Value } else { State::Key })
            }
            (State::Value | State::FirstItem, b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => Some(State::Scalar),
            (State::Scalar, _) if is_scalar(byte) => Some(State::Scalar),
            _ => None,
        }
    }

    fn text(&mut self, byte: u8, key: bool, escaped: bool) -> State {
        match (byte, escaped) {
            (b'\\', false) => return State::Text { key, escaped: true },
            (b'"', false) if key => {
                let name = String::from_utf8_lossy(&self.key).into_owned();
                if let Some(Frame::Object(current)) = self.path.last_mut() {
                    *current = name;
                }
                return State::Colon;
            }
            (b'"', false) => return State::After,
            _ => {}
        }
        if key && self.key.len() < LONGEST_KEY {
            self.key.push(byte);
        }
        State::Text { key, escaped: false }
    }

    fn enter(&mut self, frame: Frame, state: State) -> Option<State> {
        self.path.push(frame);
        (self.path.len() <= DEEPEST).then_some(state)
    }

    fn leave(&mut self, byte: u8) -> Option<State> {
        let fits = match self.path.pop()? {
            Frame::Array => byte == b']',
            Frame::Object(_) => byte == b'}',
        };
        fits.then_some(State::After)
    }

    /// Begins to keep the object that starts here, if it is an element.
    fn open_element(&mut self) {
        if self.element.is_some() {
            return;
        }
        let key = |at: usize| match self.path.get(at) {
            Some(Frame::Object(key)) => key.as_str(),
            _ => "[]",
        };
        let element = match (self.path.len(), key(0), key(2)) {
            (1, "[]", _) => Element::Item,
            (3, "runs", "tool") => Element::Tool,
            (4, "runs", "results") => Element::Result,
            (2, "tests", _) if key(1) == "[]" => Element::Test,
            (2, "collectors", _) if key(1) == "[]" => Element::Collector,
            (2, "warnings", _) if key(1) == "[]" => Element::Warning,
            _ => return,
        };
        self.whole = None;
        self.element = Some((element, self.path.len(), Vec::new()));
    }

    /// A value has ended.
    fn ended(&mut self, on: &mut dyn FnMut(Element, &[u8])) {
        if self.state == State::Scalar {
            self.state = State::After;
        }
        if let Some((element, _, bytes)) = self.element.take_if(|(_, depth, _)| *depth == self.path.len())
            && bytes.len() < LARGEST_ELEMENT
        {
            on(element, &bytes);
        }
        let is_run = |key: &str| key == "runs" && matches!(self.path.get(1), Some(Frame::Array));
        if self.path.len() == 2 && matches!(&self.path[0], Frame::Object(key) if is_run(key)) {
            on(Element::Run, &[]);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if let Some(whole) = &mut self.whole {
            if whole.len() + bytes.len() > LARGEST_ELEMENT {
                self.whole = None;
            } else {
                whole.extend_from_slice(bytes);
            }
        }
        if let Some((_, _, kept)) = &mut self.element {
            let room = LARGEST_ELEMENT - kept.len();
            kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }
}

fn is_scalar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

#[cfg(test)]
mod tests {
    use super::{Progress, Stream};

    #[track_caller]
    fn check(document: &str, expected: &str) {
        for size in [1, 3, document.len()] {
            let mut stream = Stream::new();
            let mut out = String::new();
            let mut last = Progress::More;
            for chunk in document.as_bytes().chunks(size) {
                let mut on = |element, bytes: &[u8], _| {
                    out.push_str(&format!("{element:?} {}; ", String::from_utf8_lossy(bytes)));
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
    fn elements_are_cut_out() {
        check(r#"{"a": [1, "}"]}"#, r#"Whole {"a": [1, "}"]}; Done"#);
        check(r#"[{"a":1}, {"b":[{}]}]"#, r#"Item {"a":1}; Item {"b":[{}]}; Done"#);
        check(
            r#"{"v":"2","runs":[{"tool":{"n":1},"results":[{"x":"\""},{}]}]}"#,
            r#"Tool {"n":1}; Result {"x":"\""}; Result {}; Run ; Done"#,
        );
        check(r#"{"tests":[{"o":null}],"x":-1.5e3}"#, r#"Test {"o":null}; Done"#);
    }

    #[test]
    fn what_is_no_json_breaks() {
        check("[INFO] built", "Broken");
        check("[1/5] x", "Broken");
        check("{ foo: 1 }", "Broken");
        check(r#"{"a":1]"#, "Broken");
        check("{\"a\"", "More");
    }
}
