//! Recorded output of real tools, each with every diagnostic in it: `tests/corpus/diagnostics`.
#![expect(clippy::disallowed_methods, reason = "a test reads and, when asked, writes its expectations")]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use std::sync::LazyLock;

use heal_diagnose::{Extractor, LinePlace, Reader, extractors};
use heal_model::{Diagnostic, Level, Note, Span, Suggestion};

/// Where the recordings are.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus");

/// Loaded once: what they compile is kept in them.
static EXTRACTORS: LazyLock<Vec<Extractor>> = LazyLock::new(extractors);

#[test]
fn every_diagnostic_of_every_recording() {
    let update = std::env::var_os("HEAL_UPDATE").is_some();
    let mut wrong = Vec::new();
    for path in recordings("diagnostics") {
        let found = render(&diagnose(&fs::read(&path).unwrap(), usize::MAX));
        let beside = expected(&path);
        if update {
            fs::write(&beside, &found).unwrap();
        } else if fs::read_to_string(&beside).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "HEAL_UPDATE=1 rewrites what is expected; these differ:\n{}", wrong.join("\n"));
}

#[test]
fn pieces_of_any_size_say_the_same() {
    for path in recordings("diagnostics") {
        let bytes = fs::read(&path).unwrap();
        let whole = diagnose(&bytes, usize::MAX);
        for size in [5, 4096] {
            assert_eq!(diagnose(&bytes, size), whole, "{} in pieces of {size}", path.display());
        }
    }
}

/// Lines that mean nothing are passed over where bytes are fed, and not where lines are.
#[test]
fn what_is_passed_over_means_nothing() {
    let quiet = |count| "compiling part of a large crate\r\n  and its 12 parts\n\nüber 3 %\n".repeat(count);
    let mut stream = quiet(300).into_bytes();
    for path in recordings("diagnostics").into_iter().chain(recordings("passing")) {
        stream.extend(fs::read(&path).unwrap());
        stream.extend(format!("\n{}", quiet(12)).bytes());
    }
    let mut expected = Vec::new();
    let mut reader = Reader::new(&EXTRACTORS, None);
    let mut place = LinePlace { number: 1, start: 0, end: 0 };
    for line in stream.split_inclusive(|byte| *byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        place.end = place.start + text.len() as u64;
        reader.line(text, place, &mut |one| expected.push(one));
        place.start += line.len() as u64;
        place.number += 1;
    }
    reader.finish(&mut |one| expected.push(one));
    expected.retain(|one| !reader.runs().has_passed(one.span));
    let found = diagnose(&stream, 64 * 1024);
    assert!(found.len() > 500, "{} diagnostics", found.len());
    assert_eq!(found, expected);
}

/// What services of CI, containers and several commands at once put before each line.
const PASSED_ON: [&str; 8] = [
    "2026-03-04T12:34:56.1234567Z ",
    "build\tRun make\t2026-03-04T12:34:56.1234567Z ",
    "[2026-03-04T12:34:56.123Z] ",
    "web-1  | ",
    "12:34:56 web.1   | ",
    "[0] ",
    "@shop/web:build: ",
    "2026-03-04T12:34:56.1234567Z #7 12.34 ",
];

#[test]
fn what_is_passed_on_says_the_same() {
    let texts = texts();
    let mut wrong = Vec::new();
    for (number, (path, text)) in texts.iter().enumerate() {
        let mark = PASSED_ON[number % PASSED_ON.len()];
        let marked: String = text.lines().map(|line| format!("{mark}{line}\n")).collect();
        let found = diagnose(marked.as_bytes(), usize::MAX);
        if render(&found) != render(&diagnose(text.as_bytes(), usize::MAX)) {
            wrong.push(format!("{mark}{}:\n{}", path.display(), render(&found)));
        }
    }
    assert!(wrong.is_empty(), "these differ:\n{}", wrong.join("\n"));
}

/// Lines of progress have a lane of their own: between all lines of a recording they change nothing.
#[test]
fn progress_interrupts_nothing() {
    let progress =
        ["[ 42%] Building C object b.c.o", "   Compiling serde v1.0.228", "[3/17] Linking shop", " 63%"];
    let mut wrong = Vec::new();
    for (number, (path, text)) in texts().iter().enumerate() {
        let line = progress[number % progress.len()];
        let woven: String = text.lines().map(|own| format!("{own}\n{line}\n")).collect();
        let found = said(&diagnose(woven.as_bytes(), usize::MAX));
        if found != said(&diagnose(text.as_bytes(), usize::MAX)) {
            wrong.push(format!("{line} in {}:\n{}", path.display(), found.concat()));
        }
    }
    assert!(wrong.is_empty(), "these differ:\n{}", wrong.join("\n"));
}

/// A line of another process, after the first and the fourth of each diagnostic, splits none of what most tools say.
#[test]
fn another_process_interrupts_little() {
    let read = |text: &str| diagnose(text.as_bytes(), usize::MAX);
    let brief = |one: &Diagnostic| format!("{} {:?} {:?} {}", one.tool, one.file, one.line, one.message);
    let names =
        ["python/chained.txt", "cargo/check.txt", "npm/errors.txt", "ruff/full.txt", "gcc/errors.txt"];
    let names = names.iter().chain(&["tsc/pretty.txt", "tap/perl.tap", "java/exception.txt"]);
    let names = names.chain(&["shellcheck/tty.txt", "black/diff.txt", "go/test-verbose.txt"]);
    let names = names.chain(&["terraform/plan.txt", "docker/build.txt", "go/test.txt"]);
    for name in names {
        let path = Path::new(CORPUS).join("diagnostics").join(name);
        let text = fs::read_to_string(&path).expect("it can be read");
        let plain = read(&text);
        let places = plain.iter().flat_map(|one| [0, 3].map(|below| one.span.first_line + below));
        let places: BTreeSet<u64> = places.collect();
        let mut woven = String::new();
        for (number, line) in (1..).zip(text.lines()) {
            let other = if places.contains(&number) { "server listening on port 3000\n" } else { "" };
            woven.push_str(&format!("{line}\n{other}"));
        }
        let all = |found: &[Diagnostic]| found.iter().map(brief).collect::<BTreeSet<_>>();
        assert_eq!(all(&read(&woven)), all(&plain), "{name}");
    }
}

/// Two commands at once, each with its mark: what one of them says is not cut off by the other.
#[test]
fn what_is_passed_on_together_says_the_same() {
    let texts = texts();
    let mut wrong = Vec::new();
    for pair in texts.windows(2) {
        let [(path, one), (_, other)] = pair else { continue };
        let mut woven = String::new();
        let (mut one, mut other) = (one.lines(), other.lines());
        loop {
            let (left, right) = (one.next(), other.next());
            left.iter().for_each(|line| woven.push_str(&format!("web_1  | {line}\n")));
            right.iter().for_each(|line| woven.push_str(&format!("api_1  | {line}\n")));
            if left.is_none() && right.is_none() {
                break;
            }
        }
        let found = said(&diagnose(woven.as_bytes(), usize::MAX));
        let alone = pair.iter().flat_map(|(_, text)| said(&diagnose(text.as_bytes(), usize::MAX)));
        let mut expected: Vec<String> = alone.collect();
        expected.sort();
        if found != expected {
            wrong.push(format!("{} and the next:\n{}", path.display(), found.concat()));
        }
    }
    assert!(wrong.is_empty(), "these differ:\n{}", wrong.join("\n"));
}

#[test]
fn output_of_what_passes_says_nothing_bad() {
    let mut wrong = Vec::new();
    for path in recordings("passing") {
        let found: Vec<Diagnostic> = diagnose(&fs::read(&path).unwrap(), usize::MAX);
        let errors: Vec<Diagnostic> = found.into_iter().filter(|one| one.level == Level::Error).collect();
        if !errors.is_empty() {
            wrong.push(format!("{}:\n{}", path.display(), render(&errors)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn diagnose(bytes: &[u8], size: usize) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut reader = Reader::new(&EXTRACTORS, None);
    for piece in bytes.chunks(size.min(bytes.len().max(1))) {
        reader.feed(piece, &mut |diagnostic| found.push(diagnostic));
    }
    reader.finish(&mut |diagnostic| found.push(diagnostic));
    found.retain(|one| !reader.runs().has_passed(one.span));
    found
}

/// The recordings that are text, line for line as a terminal shows it: no report, and nothing overwritten.
fn texts() -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    for path in recordings("diagnostics") {
        let is_report =
            ["json", "jsonl", "xml", "sarif"].iter().any(|end| path.extension() == Some(OsStr::new(end)));
        let text = String::from_utf8_lossy(&fs::read(&path).expect("it can be read")).into_owned();
        if !is_report && !text.contains('\r') && !text.lines().any(|line| line.starts_with(['{', '<'])) {
            all.push((path, text));
        }
    }
    all
}

/// What diagnostics say, wherever in the output, in alphabetical order.
fn said(diagnostics: &[Diagnostic]) -> Vec<String> {
    let placeless = |one: &Diagnostic| render(&[Diagnostic { span: Span::default(), ..one.clone() }]);
    let mut all: Vec<String> = diagnostics.iter().map(placeless).collect();
    all.sort();
    all
}

/// The recorded outputs below a folder of the corpus, in order.
fn recordings(folder: &str) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut open = vec![Path::new(CORPUS).join(folder)];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).expect("the corpus is there");
        for path in entries.map(|entry| entry.expect("the corpus can be listed").path()) {
            if path.is_dir() {
                open.push(path);
            } else if !path.extension().is_some_and(|end| end == "expected" || end == "md") {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

fn expected(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".expected");
    PathBuf::from(name)
}

/// Diagnostics in a form to read: the place in the output, the place in the project, and what is said; below it the
/// notes and the edits.
fn render(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(one).collect()
}

fn one(diagnostic: &Diagnostic) -> String {
    let span = diagnostic.span;
    let code = diagnostic.code.as_ref().map(|code| format!("[{code}]")).unwrap_or_default();
    let end = place(None, diagnostic.end_line, diagnostic.end_column);
    let mut text = format!(
        "{}-{} {} {}{code}{}{}: {}\n",
        span.first_line,
        span.last_line,
        diagnostic.tool,
        level(diagnostic.level),
        place(diagnostic.file.as_deref(), diagnostic.line, diagnostic.column),
        if end.is_empty() { end } else { format!(" to{end}") },
        indented(&diagnostic.message),
    );
    diagnostic.notes.iter().for_each(|note| text.push_str(&of_note(note)));
    diagnostic.suggestions.iter().for_each(|suggestion| text.push_str(&of_suggestion(suggestion)));
    text
}

fn of_note(note: &Note) -> String {
    let place = place(note.file.as_deref(), note.line, note.column);
    format!("    {}{place}: {}\n", level(note.level), indented(&note.message))
}

fn of_suggestion(suggestion: &Suggestion) -> String {
    let mut text = format!("    fix ({:?}): {}\n", suggestion.applicability, indented(&suggestion.message));
    for part in &suggestion.replacements {
        let bytes = part.bytes.map(|(start, end)| format!(" (bytes {start} to {end})")).unwrap_or_default();
        text.push_str(&format!(
            "        {}:{}:{} to {}:{}{bytes}: {:?}\n",
            part.file, part.line, part.column, part.end_line, part.end_column, part.text
        ));
    }
    text
}

fn place(file: Option<&str>, line: Option<u32>, column: Option<u32>) -> String {
    let mut text = file.map(|file| format!(" {file}")).unwrap_or_default();
    for number in [line, column].into_iter().flatten() {
        text.push_str(&format!(":{number}"));
    }
    text
}

fn level(level: Level) -> String {
    format!("{level:?}").to_lowercase()
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n        ")
}
