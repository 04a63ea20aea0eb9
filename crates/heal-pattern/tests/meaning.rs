//! What a pattern means, whatever engine runs it and whatever bytes it is given.

use heal_model::{Engine, Pattern, PatternKind};
use heal_pattern::{Compiled, Exhausted, check, literals};
use proptest::prelude::{any, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};
use proptest::{collection, prop_assert_eq};

fn pattern(source: &str) -> Pattern {
    let checked = check(source, PatternKind::Regex, false).expect("a pattern");
    Pattern { source: source.to_owned(), kind: PatternKind::Regex, unicode: false, engine: checked.engine }
}

/// The match, then `name=capture` for each group.
fn render(source: &str, text: &[u8]) -> String {
    let Some(caught) = Compiled::new(&pattern(source)).expect("it compiles").find(text) else {
        return "-".to_owned();
    };
    let part = |range: std::ops::Range<usize>| String::from_utf8_lossy(&text[range]).into_owned();
    let groups = caught.groups.iter().map(|group| format!(" {}={}", group.name, part(group.range.clone())));
    std::iter::once(part(caught.range.clone())).chain(groups).collect()
}

#[track_caller]
fn finds(source: &str, text: impl AsRef<[u8]>, expected: &str) {
    assert_eq!(render(source, text.as_ref()), expected);
}

#[track_caller]
fn refuses(source: &str, expected: &str) {
    let error = check(source, PatternKind::Regex, false).expect_err("refused");
    let span =
        error.span().map(|span| format!(" at {span:?} `{}`", &source[span.clone()])).unwrap_or_default();
    assert_eq!(format!("{error}{span}"), expected);
}

#[test]
fn classes_are_ascii_and_dots_are_characters() {
    finds(r"(?<w>\w+)", "caf\u{e9}s", "caf w=caf");
    finds(r"\d+", "\u{664}2", "2");
    finds("na(?<c>.)ve", "na\u{ef}ve", "na\u{ef}ve c=\u{ef}");
    finds(r"(?<c>[^a-z]) ok", "\u{ef} ok", "\u{ef} ok c=\u{ef}");
    finds(r"\bve\b", "na\u{ef}ve", "ve");
    finds("(?i)\u{c9}t\u{e9}", "\u{e9}T\u{c9}", "\u{e9}T\u{c9}");
    finds(r"\p{Greek}+", "ab\u{3b1}\u{3b2}", "\u{3b1}\u{3b2}");
}

#[test]
fn bytes_that_are_not_text_stay_out_of_the_way() {
    finds(r"error: (?<x>\w+)", b"\xff\xfe error: abc \xff", "error: abc x=abc");
    finds(r"(?<!no )error: (?<x>\w+)", b"\xff\xfe error: abc \xff", "error: abc x=abc");
}

#[test]
fn backtracking_means_the_same() {
    finds(r"(?<w>\w+) \1", "\u{e9}a \u{e9}a a a", "a a w=a");
    finds("(?>a+)b", "aab", "aab");
    finds(r"(?<w>\w+) \k<w>", "a b b", "b b w=b");
    finds(r"(?<!x)\bve\b", "na\u{ef}ve", "ve");
    finds(r"(?<a>[\w.]+)(?=!)", "\u{e9}a.b!", "a.b a=a.b");
}

#[test]
fn errors_have_their_place() {
    refuses("a(b", "unclosed group at 1..2 `(`");
    refuses(r"\w+ \p{Grekk}", r"Unicode property not found at 4..13 `\p{Grekk}`");
    refuses(
        "(?<!a+)b(",
        "Parsing error at position 9: Opening parenthesis without closing parenthesis at 9..9 ``",
    );
    let nested = format!("{}{}", "(".repeat(60), ")".repeat(60));
    assert_eq!(
        check(&nested, PatternKind::Regex, false).map(drop).expect_err("too deep").to_string(),
        "exceed the maximum number of nested parentheses/brackets (50)"
    );
}

#[test]
fn size_is_limited() {
    refuses(
        r"(?:\pL{500}){500}",
        "the pattern compiles to more than 1024 KiB; repeat less, or leave out `unicode: true`",
    );
    let long = "a".repeat(5000);
    assert_eq!(
        check(&long, PatternKind::Regex, false).expect_err("too long").to_string(),
        "the pattern is 5000 bytes long, of 4096 allowed"
    );
}

#[test]
fn the_backtrack_limit_is_an_answer_of_its_own() {
    let hostile = Compiled::new(&pattern(r"^(?:(?=a)a|aa)+$")).expect("it compiles");
    let line = format!("{}b", "a".repeat(64));
    assert_eq!(hostile.search(line.as_bytes(), 0), Err(Exhausted));
    assert!(!hostile.is_match(line.as_bytes()));
}

#[test]
fn text_is_taken_as_it_is() {
    let text =
        Pattern { source: "a.b(".into(), kind: PatternKind::Text, unicode: false, engine: Engine::Linear };
    let compiled = Compiled::new(&text).expect("it compiles");
    assert_eq!(compiled.find(b"aXb( a.b(").map(|caught| caught.range), Some(5..9));
}

/// Patterns from parts, and lines that hold some of the same parts.
fn parts() -> impl Strategy<Value = (String, Vec<u8>)> {
    let part = prop_oneof![
        Just("foo"),
        Just("Bar"),
        Just(r"\w+"),
        Just("(?:ab|cd)"),
        Just("[xy]"),
        Just("x?"),
        Just("(?i:kSe)"),
        Just(r"\b"),
        Just("é"),
        Just("(?:no){2}"),
        Just(".*"),
        Just("(?i)"),
    ];
    let piece = prop_oneof![
        Just("foo"),
        Just("BAR"),
        Just("Bar"),
        Just("ab"),
        Just("cd"),
        Just("x"),
        Just("y"),
        Just("kse"),
        Just("\u{212a}\u{17f}e"),
        Just(" "),
        Just("é"),
        Just("nono"),
        Just("É"),
    ];
    let source = collection::vec(part, 1..5).prop_map(|parts| parts.concat());
    let line = collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat().into_bytes());
    (source, line)
}

proptest! {
    #[test]
    fn a_match_holds_one_of_the_literals((source, line) in parts()) {
        let pattern = pattern(&source);
        if Compiled::new(&pattern).expect("it compiles").is_match(&line)
            && let Some(literals) = literals(&pattern)
        {
            let lower = line.to_ascii_lowercase();
            let held = literals.iter().any(|literal| {
                let line = if literal.folded { &lower } else { &line };
                line.windows(literal.text.len()).any(|window| window == literal.text)
            });
            prop_assert_eq!(held, true, "{} on {:?} needs {:?}", source, line, literals);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(line in collection::vec(any::<u8>(), 0..200)) {
        for source in [r"(?<a>\w+)\s*[^x]", r"(?<a>.)(?!\1)", r"(?i)é|\B"] {
            render(source, &line);
        }
    }
}
