use heal_model::{Diagnostic, Level, Note};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A test case of a JUnit report, as far as it counts here.
#[derive(Debug, Default)]
struct Case {
    name: String,
    class: String,
    file: Option<String>,
    line: Option<u32>,
    failures: Vec<Failure>,
    /// What it printed.
    outputs: Vec<Text>,
    /// What the text is part of that is being read.
    inside: Inside,
}

/// An element whose text counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    Failure,
    Output,
}

/// The text of an element, and how many lines of the test case lie above it.
#[derive(Debug, Default)]
struct Text {
    text: String,
    above: u64,
}

/// `<failure>` or `<error>`.
#[derive(Debug, Default)]
struct Failure {
    message: Option<String>,
    kind: Option<String>,
    text: Text,
}

/// The diagnostics of a test case, each with the whole text that the report gives for it.
pub(crate) fn case(bytes: &[u8], suite: &str) -> Vec<(Diagnostic, String)> {
    let case = read(&String::from_utf8_lossy(bytes));
    let tool = if suite == "pytest" { "pytest" } else { "junit" };
    case.failures
        .iter()
        .filter_map(|failure| Some((diagnostic(&case, failure, tool)?, failure.text.text.clone())))
        .collect()
}

/// What a test case printed if it failed: of each failure its text, then its output; each with how many lines of the
/// case lie above it.
pub(crate) fn printed(bytes: &[u8]) -> Vec<(String, u64)> {
    let case = read(&String::from_utf8_lossy(bytes));
    if case.failures.is_empty() {
        return Vec::new();
    }
    let failures = case.failures.into_iter().map(Failure::said);
    let texts = failures.chain(case.outputs).filter(|text| !text.text.trim().is_empty());
    texts.map(|text| (text.text, text.above)).collect()
}

/// The name of a suite, from its opening tag.
pub(crate) fn suite(tag: &[u8]) -> Option<String> {
    let tag = String::from_utf8_lossy(tag);
    let mut reader = Reader::from_str(&tag);
    reader.config_mut().check_end_names = false;
    match reader.read_event().ok()? {
        Event::Start(start) | Event::Empty(start) => attribute(&start, "name"),
        _ => None,
    }
}

fn diagnostic(case: &Case, failure: &Failure, tool: &str) -> Option<Diagnostic> {
    let own = failure.message.as_deref().map(str::trim).filter(|message| !message.is_empty());
    let whole = own.or_else(|| failure.text.text.trim().lines().next())?;
    let (code, message) = match whole.split_once(": ") {
        Some((name, message)) if failure.kind.is_none() && is_exception(name) => {
            (Some(name.to_owned()), message)
        }
        Some((name, message)) if failure.kind.as_deref().is_some_and(|kind| kind == name) => {
            (failure.kind.clone(), message)
        }
        _ => (failure.kind.clone(), whole),
    };
    let name =
        if case.class.is_empty() { case.name.clone() } else { format!("{}.{}", case.class, case.name) };
    let note =
        Note { level: Level::Note, message: format!("test {name}"), file: None, line: None, column: None };
    Some(Diagnostic {
        code,
        file: case.file.clone(),
        line: case.line,
        notes: vec![note],
        ..Diagnostic::new(tool, Level::Error, message.trim())
    })
}

fn is_exception(name: &str) -> bool {
    let known = ["Error", "Exception", "Failed", "Warning"].iter().any(|end| name.ends_with(end));
    known && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}

fn read(text: &str) -> Case {
    let mut reader = Reader::from_str(text);
    let mut case = Case::default();
    loop {
        let event = reader.read_event();
        let above = |reader: &Reader<&[u8]>| lines(text, reader.buffer_position());
        match event {
            Ok(Event::Start(start)) => {
                case.inside = case.open(&start, above(&reader)).unwrap_or(case.inside);
            }
            Ok(Event::Empty(start)) => {
                case.open(&start, 0);
            }
            Ok(Event::End(end)) if inside(end.local_name().as_ref()).is_some() => {
                case.inside = Inside::Nothing;
            }
            Ok(Event::Text(text)) => case.add(&text),
            Ok(Event::CData(data)) => case.add(&data),
            Ok(Event::GeneralRef(entity)) => case.add(&unescaped(&format!("&{};", &*entity))),
            Ok(Event::Eof) | Err(_) => return case,
            Ok(_) => {}
        }
    }
}

/// How many lines end before an offset.
fn lines(text: &str, offset: u64) -> u64 {
    let end = usize::try_from(offset).unwrap_or(text.len()).min(text.len());
    memchr::memchr_iter(b'\n', &text.as_bytes()[..end]).count() as u64
}

/// What an element's text belongs to; nothing where it does not count.
fn inside(name: &str) -> Option<Inside> {
    match name {
        "failure" | "error" => Some(Inside::Failure),
        "system-out" | "system-err" => Some(Inside::Output),
        _ => None,
    }
}

impl Case {
    /// Takes a tag's attributes; what the text that follows belongs to, where that changes.
    fn open(&mut self, start: &BytesStart<'_>, above: u64) -> Option<Inside> {
        let name = start.local_name();
        if name.as_ref() == "testcase" {
            self.name = attribute(start, "name").unwrap_or_default();
            self.class = attribute(start, "classname").unwrap_or_default();
            self.file = attribute(start, "file").map(|file| file.replace('\\', "/"));
            self.line = attribute(start, "line").and_then(|line| line.parse().ok());
        }
        let text = Text { text: String::new(), above };
        let inside = inside(name.as_ref())?;
        match inside {
            Inside::Failure => self.failures.push(Failure {
                message: attribute(start, "message"),
                kind: attribute(start, "type"),
                text,
            }),
            Inside::Output => self.outputs.push(text),
            Inside::Nothing => {}
        }
        Some(inside)
    }

    /// Takes text.
    fn add(&mut self, text: &str) {
        let current = match self.inside {
            Inside::Nothing => None,
            Inside::Failure => self.failures.last_mut().map(|failure| &mut failure.text),
            Inside::Output => self.outputs.last_mut(),
        };
        if let Some(current) = current {
            current.text.push_str(text);
        }
    }
}

impl Failure {
    /// Its text, or what its attributes say where it has none.
    fn said(self) -> Text {
        if !self.text.text.trim().is_empty() {
            return self.text;
        }
        let words: Vec<String> = self.kind.into_iter().chain(self.message).collect();
        Text { text: words.join(": "), ..self.text }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    let text = unescaped(&found.value);
    Some(text).filter(|text| !text.is_empty())
}

fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}
