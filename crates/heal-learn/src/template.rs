use heal_model::Template;

use crate::compose::Piece;

/// Writes pieces as a template: a brace of its own before another brace goes through a helper, for `{{` opens a value.
/// `None` where a backslash would hide a value.
pub(crate) fn template(pieces: &[Piece]) -> Option<Template> {
    let mut out = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Value(source) => out.push_str(&format!("{{{{{source}}}}}")),
            Piece::Literal(text) => {
                let mut rest = text.chars().peekable();
                while let Some(character) = rest.next() {
                    let brace_next = match rest.peek() {
                        Some(next) => *next == '{',
                        None => index + 1 < pieces.len(),
                    };
                    match character {
                        '{' if brace_next => out.push_str("{{lower \"{\"}}"),
                        '\\' if brace_next => return None,
                        other => out.push(other),
                    }
                }
            }
        }
    }
    Some(Template(out))
}
