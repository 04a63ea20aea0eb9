//! What holds of any stream.

use std::sync::LazyLock;

use heal_diagnose::{Extractor, Reader, extractors};
use heal_model::Diagnostic;
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
    let mut found = Vec::new();
    let mut reader = Reader::new(&EXTRACTORS, None);
    pieces.for_each(|piece| reader.feed(piece, &mut |one| found.push(one)));
    reader.finish(&mut |one| found.push(one));
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

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
