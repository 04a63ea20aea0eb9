//! What holds of any stream.

use std::io::{BufReader, Read as _};
use std::sync::LazyLock;

use heal_diagnose::{Extractor, Format, Marks, Reader, Unfolded, extractors, jsonl, sarif};
use heal_model::{Applicability, Diagnostic, Level, Note, Replacement, Suggestion};
use proptest::prelude::*;

static EXTRACTORS: LazyLock<Vec<Extractor>> = LazyLock::new(extractors);

/// Lines that begin, go on and end what extractors and reports look for.
const LINES: [&str; 28] = [
    "Traceback (most recent call last):",
    "  File \"a.py\", line 3, in f",
    "ValueError: \u{201c}x\u{201d}",
    "a.c:3:5: error: no [-Wx]",
    "    3 | x",
    "      | ^",
    "error[E0308]: mismatched types",
    " --> src/main.rs:1:2",
    "  = note: x",
    "=== FAILURES ===",
    "___ test_x ___",
    "E   assert 1 == 2",
    "t.py:3: AssertionError",
    "=== short test summary info ===",
    "{\"reason\":\"compiler-message\",\"message\":{",
    "[{\"filePath\":\"a\",\"messages\":[]}",
    "]",
    "}",
    "<testsuite name=\"a\"><testcase name=\"b\"><failure>",
    "</failure></testcase></testsuite>",
    "thread 'main' panicked at src/main.rs:1:2:",
    "#5 0.1 Traceback (most recent call last):",
    "npm error code E404",
    "make[1]: Entering directory 'sub'",
    "\u{1b}[31mgo.go:1:2: x\u{1b}[0m\r",
    "not ok 1 - x",
    "  ---",
    "",
];

fn diagnose<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<Diagnostic> {
    diagnose_as(None, pieces)
}

fn diagnose_as<'a>(format: Option<Format>, pieces: impl Iterator<Item = &'a [u8]>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut reader = Reader::new(&EXTRACTORS, format);
    pieces.for_each(|piece| reader.feed(piece, &mut |one| found.push(one)));
    reader.finish(&mut |one| found.push(one));
    found
}

/// What comes out when an output is read in pieces of a size, and which lines its lines stand for.
fn unfolded(output: &str, size: usize) -> (String, Vec<u64>) {
    let mut reader =
        Unfolded::new(BufReader::with_capacity(size, output.as_bytes()), Marks::sure(&EXTRACTORS));
    let mut text = Vec::new();
    reader.read_to_end(&mut text).expect("a slice can be read");
    let text = String::from_utf8_lossy(&text).into_owned();
    let lines = (1..=text.lines().count() as u64).map(|line| reader.lines().of(line)).collect();
    (text, lines)
}

/// Parts of what the structured formats consist of.
const PARTS: [&str; 26] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\n",
    "<",
    ">",
    "</",
    "/>",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#x0;",
    "\"runs\"",
    "\"results\"",
    "\"message\"",
    "\"spans\"",
    "\"reason\":\"compiler-message\"",
    "\"filePath\"",
    "\"Action\":\"fail\"",
    "testcase",
    "-1e999",
];

fn level() -> impl Strategy<Value = Level> {
    prop::sample::select(vec![Level::Note, Level::Help, Level::Warning, Level::Error])
}

fn file() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a b.c", "/p/é.py", "C:/x.c", "src/a#%41.rs"]).prop_map(str::to_owned)
}

fn note() -> impl Strategy<Value = Note> {
    (level(), "[ -~é]{0,12}", prop::option::of((file(), 1_u32..9))).prop_map(|(level, message, place)| {
        let (file, line) = place.unzip();
        // A note says something, or where something was gone by.
        let message = if file.is_none() { format!("a{message}") } else { message };
        Note { level, message, file, line, column: None }
    })
}

fn suggestion() -> impl Strategy<Value = Suggestion> {
    let sure =
        vec![Applicability::Unspecified, Applicability::MaybeIncorrect, Applicability::MachineApplicable];
    let replacement =
        (file(), 1_u32..9, 1_u32..9, "[ -~\n]{0,8}").prop_map(|(file, line, column, text)| Replacement {
            file,
            line,
            column,
            end_line: line,
            end_column: column + 1,
            bytes: None,
            text,
            seen: Vec::new(),
        });
    let parts = prop::collection::vec(replacement, 1..3);
    (prop::sample::select(sure), parts).prop_map(|(applicability, replacements)| Suggestion {
        message: "as shown".to_owned(),
        applicability,
        replacements,
    })
}

prop_compose! {
    fn diagnostic()(
        tool in prop::sample::select(vec!["gcc", "my tool"]),
        level in level(),
        message in "[ -~é]{1,12}(\n[ -~]{1,12})?",
        code in prop::option::of("[A-Z][0-9]{1,2}"),
        file in prop::option::of(file()),
        place in prop::option::of((1_u32..9, 1_u32..9)),
        notes in prop::collection::vec(note(), 0..3),
        suggestions in prop::collection::vec(suggestion(), 0..3),
    ) -> Diagnostic {
        let (line, column) = place.unzip();
        Diagnostic { code, file, line, column, notes, suggestions, ..Diagnostic::new(tool, level, &message) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_forced_format_takes_any_parts(
        format in prop::sample::select(&Format::ALL[..]),
        parts in prop::collection::vec(prop::sample::select(&PARTS[..]), 0..60),
        size in 1_usize..40,
    ) {
        let text = parts.concat();
        let whole = diagnose_as(Some(format.0), std::iter::once(text.as_bytes()));
        prop_assert_eq!(diagnose_as(Some(format.0), text.as_bytes().chunks(size)), whole);
    }

    #[test]
    fn what_is_written_as_sarif_reads_as_it_was(all in prop::collection::vec(diagnostic(), 0..4)) {
        let log = sarif(&all);
        let again = diagnose_as(Some(Format::Sarif), std::iter::once(log.to_string().as_bytes()));
        prop_assert_eq!(again.len(), all.len());
        prop_assert_eq!(sarif(&again), log);
    }

    #[test]
    fn what_is_written_as_json_reads_as_it_was(all in prop::collection::vec(diagnostic(), 0..4)) {
        let lines = jsonl(&all);
        let again: Result<Vec<Diagnostic>, _> = lines.lines().map(serde_json::from_str).collect();
        prop_assert_eq!(again.expect("each line is one"), all);
    }

    #[test]
    fn unfolding_takes_any_parts(
        parts in prop::collection::vec(prop::sample::select(&PARTS[..]), 0..60),
        begin in prop::sample::select(vec!["", "<testsuite><testcase>", "{\"tests\":[{\"nodeid\":\"\","]),
        size in 1_usize..40,
    ) {
        let text = format!("{begin}{}", parts.concat());
        prop_assert_eq!(unfolded(&text, size), unfolded(&text, text.len().max(1)));
    }

    #[test]
    fn any_bytes_in_any_pieces(bytes in prop::collection::vec(any::<u8>(), 0..400), size in 1_usize..40) {
        prop_assert_eq!(diagnose(bytes.chunks(size)), diagnose(std::iter::once(&*bytes)));
    }

    #[test]
    fn any_lines_in_any_pieces(
        lines in prop::collection::vec(prop::sample::select(&LINES[..]), 0..30),
        size in 1_usize..40,
    ) {
        let text = lines.join("\n");
        let whole = diagnose(std::iter::once(text.as_bytes()));
        prop_assert_eq!(diagnose(text.as_bytes().chunks(size)), whole.clone());
        for one in whole {
            prop_assert!(one.span.first_line >= 1 && one.span.first_line <= one.span.last_line);
            prop_assert!(one.span.start <= one.span.end && one.span.end <= text.len() as u64);
            prop_assert!(!one.message.is_empty());
        }
    }
}
