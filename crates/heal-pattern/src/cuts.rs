use heal_model::{Engine, Pattern, PatternKind};
use regex_syntax::ast::{Ast, parse::Parser};

/// The places, in bytes of its source, where a pattern may end and still be one: each matches wherever a later one
/// does, and the last is the whole source.
///
/// Used to say how much of a pattern a line did fit. A backtracking pattern and one that is a choice have no places
/// but their end.
#[must_use]
pub fn cuts(pattern: &Pattern) -> Vec<usize> {
    let whole = pattern.source.len();
    let mut cuts: Vec<usize> = match (pattern.kind, pattern.engine) {
        (PatternKind::Text, _) => pattern.source.char_indices().map(|(at, c)| at + c.len_utf8()).collect(),
        (PatternKind::Regex, Engine::Backtracking) => Vec::new(),
        (PatternKind::Regex, Engine::Linear) => match &Parser::new().parse(&pattern.source) {
            Ok(Ast::Concat(concat)) => concat.asts.iter().map(|ast| ast.span().end.offset).collect(),
            _ => Vec::new(),
        },
    };
    if cuts.last() != Some(&whole) {
        cuts.push(whole);
    }
    cuts
}

#[cfg(test)]
mod tests {
    use heal_model::{Engine, Pattern, PatternKind};

    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let pattern = Pattern {
            source: source.to_owned(),
            kind: PatternKind::Regex,
            unicode: false,
            engine: Engine::Linear,
        };
        let found: Vec<&str> = super::cuts(&pattern).into_iter().map(|end| &source[..end]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn between_parts() {
        check(r"ab(?<n>\d+)c", &["a", "ab", r"ab(?<n>\d+)", r"ab(?<n>\d+)c"]);
        check("(?i)é+", &["(?i)", "(?i)é+"]);
        check("a|b", &["a|b"]);
        check("", &[""]);
    }
}
