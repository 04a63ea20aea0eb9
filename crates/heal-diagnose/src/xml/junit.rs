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
}

/// `<failure>` or `<error>`.
#[derive(Debug, Default)]
struct Failure {
    message: Option<String>,
    kind: Option<String>,
    text: String,
}

/// The diagnostics of a test case, each with the whole text that the report gives for it.
pub(crate) fn case(bytes: &[u8], suite: &str) -> Vec<(Diagnostic, String)> {
    let case = read(&String::from_utf8_lossy(bytes));
    let tool = if suite == "pytest" { "pytest" } else { "junit" };
    case.failures
        .iter()
        .filter_map(|failure| Some((diagnostic(&case, failure, tool)?, failure.text.clone())))
        .collect()
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
    let whole = own.or_else(|| failure.text.trim().lines().next())?;
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
    let mut inside = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => inside = open(&mut case, &start) || inside,
            Ok(Event::Empty(start)) => {
                open(&mut case, &start);
            }
            Ok(Event::End(end)) if matches!(end.local_name().as_ref(), "failure" | "error") => inside = false,
            Ok(Event::Text(text)) if inside => add(&mut case, &text),
            Ok(Event::CData(data)) if inside => add(&mut case, &data),
            Ok(Event::GeneralRef(entity)) if inside => {
                add(&mut case, &unescaped(&format!("&{};", &*entity)));
            }
            Ok(Event::Eof) | Err(_) => return case,
            Ok(_) => {}
        }
    }
}

fn add(case: &mut Case, text: &str) {
    if let Some(failure) = case.failures.last_mut() {
        failure.text.push_str(text);
    }
}

/// Takes a tag's attributes; whether it is a failure.
fn open(case: &mut Case, start: &BytesStart<'_>) -> bool {
    match start.local_name().as_ref() {
        "testcase" => {
            case.name = attribute(start, "name").unwrap_or_default();
            case.class = attribute(start, "classname").unwrap_or_default();
            case.file = attribute(start, "file").map(|file| file.replace('\\', "/"));
            case.line = attribute(start, "line").and_then(|line| line.parse().ok());
            false
        }
        "failure" | "error" => {
            case.failures.push(Failure {
                message: attribute(start, "message"),
                kind: attribute(start, "type"),
                text: String::new(),
            });
            true
        }
        _ => false,
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
