use std::ops::Range;

use granit_parser::ErrorKind;

use crate::source::Source;
use crate::{Code, Problem};

/// A place where the text stops being YAML.
pub(super) struct Slip<'a> {
    pub(super) source: &'a Source,
    /// Where the parser noticed.
    pub(super) at: usize,
    /// Where the innermost `[` or `{` opens that is not closed yet.
    pub(super) bracket: Option<usize>,
}

/// What is said of a slip: where it is, what it is, a few words there, and what to type instead.
struct Told(Range<usize>, String, &'static str, String);

impl Slip<'_> {
    /// Says what is wrong, as who wrote it would put it; `words` are the parser's own.
    pub(super) fn problem(&self, kind: &ErrorKind, words: &str) -> Problem {
        let Told(span, message, label, help) = self.told(kind, words);
        Problem::new(Code::Syntax, span, message).label(label).help(help)
    }

    fn told(&self, kind: &ErrorKind, words: &str) -> Told {
        use ErrorKind as K;
        match kind {
            K::UnclosedQuotedScalar | K::InvalidQuotedScalarIndent | K::DocumentIndicatorInQuotedScalar => {
                self.open_quote()
            }
            K::TabNotAllowed
            | K::TabInBlockIndentation
            | K::TabInIndentation
            | K::TabInPlainScalar
            | K::TabAtBlockScalarStart => self.tab(),
            K::SimpleKeyExpected | K::InvalidSimpleKey => self.no_colon(),
            K::MappingValueNotAllowed | K::InvalidColonPlacement => self.colon(),
            K::ExpectedBlockSequenceEntry
            | K::ExpectedBlockMappingKey
            | K::ExpectedNodeContent
            | K::InvalidIndentation
            | K::InvalidFlowScalarIndent => self.indentation(),
            K::UnexpectedCharacter { character } => self.character(*character),
            K::UnknownQuotedScalarEscape => self.escape(),
            K::ExpectedFlowMappingSeparator
            | K::ExpectedFlowSequenceSeparator
            | K::UnclosedFlowCollection { .. }
            | K::MismatchedFlowCollectionEnd { .. }
            | K::MisplacedFlowCollectionEnd => self.brackets(kind),
            _ => self.rest(kind, words),
        }
    }

    fn rest(&self, kind: &ErrorKind, words: &str) -> Told {
        use ErrorKind as K;
        let (message, help) = match kind {
            K::InvalidTrailingSingleQuotedScalar => {
                ("there is more after the closing quote", "write `''` for a quote inside the text")
            }
            K::InvalidTrailingDoubleQuotedScalar => {
                ("there is more after the closing quote", "write `\\\"` for a quote inside the text")
            }
            K::BlockSequenceEntryNotAllowed | K::BlockEntryInFlowCollection => (
                "a list can't start here",
                "put each `- ` on a line of its own, below the key; or write `[a, b]`",
            ),
            K::InvalidBlockScalarHeader => (
                "the text of a block starts on the next line",
                "start it there, indented deeper than its key",
            ),
            K::InvalidBlockScalarIndent | K::ZeroBlockScalarIndent => {
                ("this block is not indented evenly", "indent its first line no deeper than the others")
            }
            K::CommentNotSeparated => ("a comment starts without a space", "put a space before `#`"),
            _ => (words, "look for an open quote or bracket in the lines above, and at their indentation"),
        };
        Told(self.here(), message.to_owned(), "here", help.to_owned())
    }

    fn open_quote(&self) -> Told {
        let text = &self.source.text;
        let mut line_end = text[..self.at].trim_end().len();
        let opened = loop {
            let start = text[..line_end].rfind('\n').map_or(0, |at| at + 1);
            if let Some(at) = unclosed_quote(&text[start..line_end]) {
                break start + at;
            }
            if start == 0 {
                break self.at.min(text.len().saturating_sub(1));
            }
            line_end = start - 1;
        };
        let quote = text[opened..].chars().next().unwrap_or('"');
        let line = &text[opened..opened + text[opened..].find('\n').unwrap_or(text.len() - opened)];
        Told(
            opened..opened + line.trim_end().len(),
            format!("the quote in line {} is not closed", self.line(opened)),
            "opens here",
            format!("close it with `{quote}`; a text of several lines goes below `key: |-`, without quotes"),
        )
    }

    fn tab(&self) -> Told {
        let text = &self.source.text;
        let line = text[..self.at].rfind('\n').map_or(0, |at| at + 1);
        let at = text[line..].find('\t').map_or(self.at, |at| line + at);
        let end = at + text[at..].len() - text[at..].trim_start_matches('\t').len();
        let message = "a tab stands where the indentation is".to_owned();
        Told(at..end, message, "a tab", "indent with spaces: YAML takes no tabs".to_owned())
    }

    fn no_colon(&self) -> Told {
        let span = self.rest_of_line();
        let line = &self.source.text[span.clone()];
        let split = line.split_once(':').or_else(|| line.split_once(' '));
        let help = match split {
            Some((key, value)) => format!("write `{key}: {}`", value.trim_start()),
            None => format!("write `{line}: …`"),
        };
        let label = if line.contains(':') { "no space after the colon" } else { "no colon" };
        Told(span, "this line is no `key: value`".to_owned(), label, help)
    }

    /// The first colon of a line belongs to a key that stands too far to the right; a later one to a text.
    fn colon(&self) -> Told {
        let text = &self.source.text;
        let start = text[..self.at].rfind('\n').map_or(0, |at| at + 1);
        let before = &text[start..self.at];
        if before.contains(": ") {
            let message = "this text holds `: `, which starts a value".to_owned();
            return Told(self.here(), message, "a second value", "put quotes around the text".to_owned());
        }
        let key = start + before.len() - before.trim_start().len();
        let message = "this key is indented deeper than the line it belongs to".to_owned();
        Told(
            key..self.at,
            message,
            "too far right",
            "start it at the column of the keys beside it".to_owned(),
        )
    }

    fn indentation(&self) -> Told {
        let message = "this line starts at no column that is open".to_owned();
        let help = "start it below its neighbours: keys below keys, `-` below `-`".to_owned();
        Told(self.rest_of_line(), message, "starts here", help)
    }

    fn character(&self, found: char) -> Told {
        if found.is_control() {
            let at = self.source.text[self.at..].find(found).map_or(self.at, |at| self.at + at);
            let message = format!("a control character, U+{:04X}", found as u32);
            return Told(at..at + found.len_utf8(), message, "here", "take it out".to_owned());
        }
        let help = "put quotes around a text that starts with this character".to_owned();
        Told(self.here(), format!("a text can't start with `{found}`"), "here", help)
    }

    fn escape(&self) -> Told {
        let text = &self.source.text[self.at..];
        let mut at = 0;
        let found = loop {
            let Some(next) = text[at..].find('\\').map(|next| at + next) else { break None };
            match text[next + 1..].chars().next() {
                Some(c) if !"0abtnvfre \"/\\N_LPxuU\t\n\r".contains(c) => break Some((next, c)),
                Some(c) => at = next + 1 + c.len_utf8(),
                None => break None,
            }
        };
        let Some((start, c)) = found else {
            let help = "write `\\\\` for a backslash".to_owned();
            return Told(self.here(), "this text holds an unknown escape".to_owned(), "here", help);
        };
        let start = self.at + start;
        Told(
            start..start + 1 + c.len_utf8(),
            format!("`\\{c}` means nothing in double quotes"),
            "no such escape",
            format!("write `\\\\{c}`, or put the text in single quotes, where `\\` is itself"),
        )
    }

    fn brackets(&self, kind: &ErrorKind) -> Told {
        use ErrorKind as K;
        let of = |open: char| if open == '[' { ']' } else { '}' };
        let line = self.line(self.bracket.unwrap_or(self.at));
        let (message, label, help) = match kind {
            K::UnclosedFlowCollection { open } => (
                format!("the `{open}` in line {} is not closed", self.line(self.at)),
                "opens here",
                format!("close it with `{}`, or put quotes around the text", of(*open)),
            ),
            K::MismatchedFlowCollectionEnd { open, close } => (
                format!("`{open}` is closed by `{close}`"),
                "opens here",
                format!("close it with `{}` first", of(*open)),
            ),
            K::MisplacedFlowCollectionEnd => (
                "this bracket closes nothing".to_owned(),
                "never opened",
                "take it out, or put quotes around the text".to_owned(),
            ),
            _ => {
                let open = if matches!(kind, K::ExpectedFlowMappingSeparator) { '{' } else { '[' };
                let close = of(open);
                (
                    format!("the `{open}` in line {line} goes on without `,` or `{close}`"),
                    "here",
                    format!(
                        "close it with `{close}`, put a comma between its entries, or quotes around a text"
                    ),
                )
            }
        };
        Told(self.here(), message, label, help)
    }

    fn line(&self, at: usize) -> u32 {
        self.source.place(at).0
    }

    /// The character where the parser noticed.
    fn here(&self) -> Range<usize> {
        let here = self.source.text[self.at..].chars().next();
        self.at..self.at + here.map_or(0, char::len_utf8)
    }

    fn rest_of_line(&self) -> Range<usize> {
        let line = self.source.text[self.at..].lines().next().unwrap_or_default().trim_end();
        self.at..self.at + line.len()
    }
}

/// Where a quote opens in a line that does not close in it.
fn unclosed_quote(line: &str) -> Option<usize> {
    let (mut at, mut before) = (0, ' ');
    while let Some(c) = line[at..].chars().next() {
        if c == '#' && before == ' ' {
            return None;
        }
        if matches!(c, '"' | '\'') && " [{,:-".contains(before) {
            let Some(end) = closing(&line[at + 1..], c) else { return Some(at) };
            at += 1 + end;
        }
        before = c;
        at += c.len_utf8();
    }
    None
}

/// Where a quote closes, in what follows it.
fn closing(rest: &str, quote: char) -> Option<usize> {
    let mut characters = rest.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let is_doubled = quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == quote);
        match c {
            '\\' if quote == '"' => drop(characters.next()),
            c if c == quote && is_doubled => drop(characters.next()),
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_quote_that_stays_open_is_found() {
        let found = |line| super::unclosed_quote(line);
        assert_eq!(found(r#"a: "b"#), Some(3));
        assert_eq!(found(r#"a: "b\" c" # "d"#), None);
        assert_eq!(found("a: it's, ['it''s', 'x"), Some(19));
        assert_eq!(found(r#"- "é" : "x\\", 'y'"#), None);
    }
}
