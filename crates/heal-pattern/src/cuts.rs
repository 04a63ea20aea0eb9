use heal_model::{Engine, Pattern, PatternKind};
use regex_syntax::ast::{Ast, parse::Parser};

/// A place where a pattern may end and still be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// In bytes of its source.
    pub end: usize,
    /// The character that the part before it stands for, where that is a single one.
    pub literal: Option<char>,
}

/// The places where a pattern may be cut: what is before one is found wherever what is before a later one is, and
/// the last is the end of the source.
///
/// Used to say how much of a pattern a line did fit. A backtracking pattern and one that is a choice have no places
/// but their end.
#[must_use]
pub fn cuts(pattern: &Pattern) -> Vec<Cut> {
    let whole = pattern.source.len();
    let mut cuts: Vec<Cut> = match (pattern.kind, pattern.engine) {
        (PatternKind::Text, _) => {
            let chars = pattern.source.char_indices();
            chars.map(|(at, c)| Cut { end: at + c.len_utf8(), literal: Some(c) }).collect()
        }
        (PatternKind::Regex, Engine::Backtracking) => Vec::new(),
        (PatternKind::Regex, Engine::Linear) => match &Parser::new().parse(&pattern.source) {
            Ok(Ast::Concat(concat)) => concat.asts.iter().map(cut).collect(),
            _ => Vec::new(),
        },
    };
    if cuts.last().is_none_or(|cut| cut.end != whole) {
        cuts.push(Cut { end: whole, literal: None });
    }
    cuts
}

fn cut(ast: &Ast) -> Cut {
    let literal = match ast {
        Ast::Literal(literal) => Some(literal.c),
        _ => None,
    };
    Cut { end: ast.span().end.offset, literal }
}

#[cfg(test)]
mod tests {
    use heal_model::{Engine, Pattern, PatternKind};

    #[track_caller]
    fn check(source: &str, expected: &[(&str, Option<char>)]) {
        let pattern = Pattern {
            source: source.to_owned(),
            kind: PatternKind::Regex,
            unicode: false,
            engine: Engine::Linear,
        };
        let found: Vec<_> =
            super::cuts(&pattern).into_iter().map(|cut| (&source[..cut.end], cut.literal)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn between_parts() {
        check(
            r"a\.(?<n>\d+)c",
            &[("a", Some('a')), (r"a\.", Some('.')), (r"a\.(?<n>\d+)", None), (r"a\.(?<n>\d+)c", Some('c'))],
        );
        check("(?i)é+", &[("(?i)", None), ("(?i)é+", None)]);
        check("a|b", &[("a|b", None)]);
        check("", &[("", None)]);
    }
}
