use serde::{Deserialize, Serialize};

use crate::Span;

/// One thing a tool complains of, in a form that does not depend on the tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The tool's name: `rustc`, `pytest`, `eslint` …
    pub tool: String,
    /// Its code or rule: `E0382`, `F401`, `no-unused-vars`.
    pub code: Option<String>,
    /// How bad it says it is.
    pub level: Level,
    /// What it says, without place or code.
    pub message: String,
    /// The file as the tool names it, `/` between its parts.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// From 1, in characters.
    pub column: Option<u32>,
    /// From 1; the last line of it.
    pub end_line: Option<u32>,
    /// From 1, exclusive.
    pub end_column: Option<u32>,
    /// Help, notes and hints that go with it, in order.
    pub notes: Vec<Note>,
    /// Edits that the tool offers.
    pub suggestions: Vec<Suggestion>,
    /// Where in the output it was.
    pub span: Span,
}

/// How bad a diagnostic is, from least to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// A remark.
    Note,
    /// A hint.
    Help,
    /// A warning.
    Warning,
    /// An error, or a failed test.
    Error,
}

/// A text that goes with a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What kind it is.
    pub level: Level,
    /// What it says.
    pub message: String,
    /// The file it points at.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// From 1.
    pub column: Option<u32>,
}

/// An edit that a tool offers: all of its replacements, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What the tool says of it.
    pub message: String,
    /// How sure the tool is.
    pub applicability: Applicability,
    /// What is replaced.
    pub replacements: Vec<Replacement>,
}

/// How sure a tool is of its suggestion, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// It did not say.
    Unspecified,
    /// It holds placeholders to fill in.
    HasPlaceholders,
    /// It may not be what was meant.
    MaybeIncorrect,
    /// It can be applied as it is.
    MachineApplicable,
}

/// One span of one file, and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// The file as the tool names it.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// From 1.
    pub end_line: u32,
    /// From 1, exclusive, in characters.
    pub end_column: u32,
    /// Byte offsets in the file, where the tool gives them: they win over lines and columns.
    pub bytes: Option<(u64, u64)>,
    /// What takes its place.
    pub text: String,
    /// The lines it lies in as the tool saw them, where it shows them: no others may be changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic with a tool, a level and a message, and nothing else known.
    #[must_use]
    pub fn new(tool: &str, level: Level, message: &str) -> Self {
        Self {
            tool: tool.to_owned(),
            code: None,
            level,
            message: message.to_owned(),
            file: None,
            line: None,
            column: None,
            end_line: None,
            end_column: None,
            notes: Vec::new(),
            suggestions: Vec::new(),
            span: Span::default(),
        }
    }

    /// The names of what every finding of a diagnostic captures, as far as the diagnostic tells it.
    pub const CAPTURES: [&str; 11] = [
        "tool",
        "code",
        "level",
        "message",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "caller_file",
        "caller_line",
    ];

    /// What it says of the place it is about and of its caller's, as captures.
    #[must_use]
    pub fn places(&self) -> [(&'static str, Option<String>); 7] {
        let number = |number: Option<u32>| number.map(|number| number.to_string());
        let caller = self.caller();
        [
            ("file", self.file.clone()),
            ("line", number(self.line)),
            ("column", number(self.column)),
            ("end_line", number(self.end_line)),
            ("end_column", number(self.end_column)),
            ("caller_file", caller.map(|(file, _)| file.to_owned())),
            ("caller_line", number(caller.map(|(_, line)| line))),
        ]
    }

    /// The place that its notes name beside its own: in a stack of calls the one next to it, where it was called from;
    /// else the last. Places outside of the project, which have absolute paths, do not count.
    #[must_use]
    pub fn caller(&self) -> Option<(&str, u32)> {
        let places = self.notes.iter().filter_map(|note| Some((note.file.as_deref()?, note.line?)));
        let is_inside = |file: &str| !file.starts_with(['/', '<', '~']) && !file.contains(':');
        let places: Vec<(&str, u32)> = places.filter(|(file, _)| is_inside(file)).collect();
        let own = self.file.as_deref().zip(self.line);
        let others = |found: &&(&str, u32)| Some(**found) != own;
        match places.iter().rposition(|place| Some(*place) == own) {
            Some(at) => places[..at].iter().rfind(others).or_else(|| places[at..].iter().find(others)),
            None => places.last(),
        }
        .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Level, Note};

    #[track_caller]
    fn check(own: (&str, u32), notes: &[(&str, u32)], expected: Option<(&str, u32)>) {
        let mut diagnostic = Diagnostic::new("tool", Level::Error, "no");
        (diagnostic.file, diagnostic.line) = (Some(own.0.to_owned()), Some(own.1));
        let note = |(file, line): &(&str, u32)| Note {
            level: Level::Note,
            message: String::new(),
            file: Some((*file).to_owned()),
            line: Some(*line),
            column: None,
        };
        diagnostic.notes = notes.iter().map(note).collect();
        assert_eq!(diagnostic.caller(), expected);
    }

    #[test]
    fn the_place_beside_its_own() {
        check(("b.py", 2), &[("t.py", 9), ("a.py", 5), ("b.py", 2)], Some(("a.py", 5)));
        check(("b.js", 2), &[("b.js", 2), ("a.js", 5), ("t.js", 9)], Some(("a.js", 5)));
        check(("b.py", 2), &[("a.py", 5), ("/usr/lib/x.py", 7), ("b.py", 2)], Some(("a.py", 5)));
        check(("b.py", 2), &[("b.py", 2), ("b.py", 2)], None);
        check(("b.c", 2), &[("a.h", 5), ("b.c", 9)], Some(("b.c", 9)));
        check(("b.js", 2), &[("b.js", 2), ("node:internal", 7)], None);
        check(("b.py", 2), &[], None);
    }
}
