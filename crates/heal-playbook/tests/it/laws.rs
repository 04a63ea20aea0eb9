//! What holds for any bytes.

use proptest::prelude::{
    ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use proptest::sample::{Index, select};

const EVERY_KEY: &str = include_str!("every-key.yaml");

/// What a mutation puts in: pieces that mean something to YAML, patterns or templates.
const PIECES: &[&str] = &[
    "{{",
    "}}",
    "{{#each ",
    "{{/if}}",
    "(?<",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    ": ",
    "- ",
    "\n",
    "\n    ",
    "\t",
    "|",
    ">-",
    "&a ",
    "*a",
    "!!x ",
    "---\n",
    "#",
    "\u{feff}",
    "é",
    "\0",
    "\r\n",
    "..",
    "/",
    "~",
    "null",
    "yes",
    "1e999",
    "(",
    "a{99}{99}",
    "\\pL",
    "@root.",
    "this.",
    "$",
    "%",
];

/// A playbook in which a few pieces are taken out, put in or doubled.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<Index>(), 0..12_usize, select(PIECES), any::<bool>());
    prop::collection::vec(change, 1..6).prop_map(|changes| {
        let mut text = EVERY_KEY.to_owned();
        for (at, len, piece, keep) in changes {
            let start = text.floor_char_boundary(at.index(text.len()));
            let end = text.ceil_char_boundary((start + len).min(text.len()));
            let middle = if keep { format!("{piece}{}", &text[start..end]) } else { piece.to_owned() };
            text.replace_range(start..end, &middle);
        }
        text.into_bytes()
    })
}

/// Lines of a playbook, some left out.
fn thinned() -> impl Strategy<Value = Vec<u8>> {
    let lines: Vec<&str> = EVERY_KEY.split_inclusive('\n').collect();
    let len = lines.len();
    prop::sample::subsequence(lines, len - 4..len).prop_map(|lines| lines.concat().into_bytes())
}

fn texts() -> impl Strategy<Value = Vec<u8>> {
    let soup = prop::collection::vec(select(PIECES), 0..40).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![mutated(), thinned(), soup, prop::collection::vec(any::<u8>(), 0..200)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing panics, an error says at least one thing, and every place lies in the text and is the same in bytes as in
    /// lines and columns.
    #[test]
    fn every_problem_has_its_place(bytes in texts()) {
        let (problems, text) = match crate::load(&bytes) {
            Ok(loaded) => (loaded.warnings, String::from_utf8(bytes).expect("it loaded")),
            Err(error) => {
                prop_assert!(!error.problems.is_empty());
                (error.problems, error.text)
            }
        };
        for problem in &problems {
            prop_assert!(text.get(problem.span.clone()).is_some(), "{problem:?}");
            prop_assert_eq!(offset(&text, problem.line, problem.column), problem.span.start);
            prop_assert_eq!(offset(&text, problem.end_line, problem.end_column), problem.span.end);
            prop_assert!(!problem.message.is_empty() && !problem.message.ends_with('.'), "{}", problem.message);
        }
        prop_assert!(problems.is_sorted_by_key(|problem| problem.span.start));
    }
}

/// The offset of a line and column, both from 1, counted anew.
fn offset(text: &str, line: u32, column: u32) -> usize {
    let start: usize = text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum();
    let first = &text[start..];
    let mark = if line == 1 && first.starts_with('\u{feff}') { 3 } else { 0 };
    let characters = first[mark..].chars().take(column as usize - 1).map(char::len_utf8).sum::<usize>();
    start + mark + characters
}
