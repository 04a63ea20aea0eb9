/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// Letters, digits and `_`.
    Word,
    /// Blanks within a line.
    Space,
    /// A line end with the blanks after it.
    Break,
    /// One character of any other kind.
    Mark,
    /// All that stands between two quotes.
    Quoted,
}

/// A stretch of a text that is never split when texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

/// Splits a text into tokens; joined again they are the text.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (kind, len) = match first {
            '\n' => (Kind::Break, 1 + run(&rest[1..], is_blank)),
            first if is_word(first) => (Kind::Word, run(rest, is_word)),
            first if is_blank(first) => (Kind::Space, run(rest, is_blank)),
            first => (Kind::Mark, first.len_utf8()),
        };
        tokens.push(Token { kind, text: &rest[..len] });
        rest = &rest[len..];
    }
    tokens
}

/// Whether a character belongs in a word.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t')
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|character| !belongs(character)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = super::tokens(text).into_iter().map(|token| token.text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn tokens_of_a_text() {
        check("a_1 +=\t'é';\n\t x", &["a_1", " ", "+", "=", "\t", "'", "é", "'", ";", "\n\t ", "x"]);
        check("", &[]);
    }
}
