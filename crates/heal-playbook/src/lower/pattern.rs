use heal_model::{Engine, Pattern, PatternKind, PatternTemplate};
use heal_pattern::PatternError;

use super::Lower;
use crate::template::{Scope, blanked};
use crate::written::{self, Short};
use crate::yaml::Node;
use crate::{Code, Problem};

impl Lower<'_> {
    pub(super) fn pattern(&mut self, written: &written::Pattern, at: &Node) -> Pattern {
        match written {
            Short::Short(regex) => self.regex(regex, false, at),
            Short::Long(map) => {
                let unicode = map.unicode.unwrap_or_default();
                self.either(map.regex.as_deref(), map.text.as_deref(), unicode, at)
            }
        }
    }

    /// A pattern that may be there.
    pub(super) fn pattern_of(&mut self, written: Option<&written::Pattern>, at: &Node) -> Option<Pattern> {
        written.map(|written| self.pattern(written, at))
    }

    pub(super) fn patterns(&mut self, written: &[written::Pattern], at: &Node) -> Vec<Pattern> {
        written.iter().zip(at.items()).map(|(written, at)| self.pattern(written, at)).collect()
    }

    /// The pattern of a map with one of `regex` and `text`.
    pub(super) fn either(
        &mut self,
        regex: Option<&str>,
        text: Option<&str>,
        unicode: bool,
        at: &Node,
    ) -> Pattern {
        match (regex, text) {
            (None, Some(text)) => {
                let pattern = plain(text, PatternKind::Text, unicode);
                self.check_pattern(&pattern.source, PatternKind::Text, unicode, at.at("text"));
                pattern
            }
            (regex, _) => self.regex(regex.unwrap_or_default(), unicode, at.at("regex")),
        }
    }

    pub(super) fn regex(&mut self, source: &str, unicode: bool, at: &Node) -> Pattern {
        let engine = self.check_pattern(source, PatternKind::Regex, unicode, at);
        Pattern { engine, ..plain(source, PatternKind::Regex, unicode) }
    }

    /// A pattern whose templates are filled in later; what they become is escaped, so the rest must be right now.
    pub(super) fn pattern_template(
        &mut self,
        source: &str,
        kind: PatternKind,
        scope: &Scope,
        at: &Node,
    ) -> PatternTemplate {
        let source = self.template(source, scope, at);
        if let Some(plain) = blanked(source.as_str()) {
            self.check_pattern(&plain, kind, false, at);
        }
        PatternTemplate { source, kind }
    }

    fn check_pattern(&mut self, source: &str, kind: PatternKind, unicode: bool, at: &Node) -> Engine {
        if source.is_empty() {
            let problem = self.wrong(Code::Empty, at, "the pattern is empty: it would be found everywhere");
            self.note(problem.label("nothing to look for").help("write what the line holds"));
            return Engine::Linear;
        }
        match heal_pattern::check(source, kind, unicode) {
            Ok(checked) => {
                if checked.engine == Engine::Backtracking {
                    let problem =
                        self.wrong(Code::Backtracking, at, "this pattern is searched by backtracking");
                    self.note(problem.label("look-around or a back-reference").help(
                        "it is slower, and given up on a line that takes too long; a `not:` may do the same",
                    ));
                }
                checked.engine
            }
            Err(error) => {
                let problem = self.bad_pattern(&error, at);
                self.note(problem);
                Engine::Linear
            }
        }
    }

    fn bad_pattern(&self, error: &PatternError, at: &Node) -> Problem {
        let message = format!("this pattern does not compile: {error}");
        match error.span() {
            Some(span) => {
                let end = span.end.max(span.start + 1);
                self.wrong_in(Code::Regex, at, &(span.start..end), message)
                    .label("here")
                    .maybe_help(advice(error))
            }
            None => self
                .wrong(Code::Regex, at, message)
                .label("this pattern")
                .help("repeat less, or look for less"),
        }
    }
}

fn plain(source: &str, kind: PatternKind, unicode: bool) -> Pattern {
    Pattern { source: source.to_owned(), kind, unicode, engine: Engine::Linear }
}

/// What to type where a regular expression was meant to be plain text.
fn advice(error: &PatternError) -> Option<String> {
    let message = error.to_string();
    let help = if message.contains("unclosed group") || message.contains("unopened group") {
        "write `\\(` or `\\)` for the character itself"
    } else if message.contains("duplicate capture") {
        "give each group a name of its own; `(?:…)` groups without one"
    } else if message.contains("character class") {
        "write `\\[` for the character itself"
    } else if message.contains("repetition") {
        "write `\\*`, `\\+`, `\\?` or `\\{` for the character itself"
    } else if message.contains("escape sequence") {
        "write `\\\\` for a backslash"
    } else {
        "use `text:` instead of `regex:` for a text that is to be found as it stands"
    };
    Some(help.to_owned())
}
