use std::ops::Range;

use heal_model::{
    Absence, Applicability, Count, DiagnosticTrigger, LinePattern, Offered, OutputTrigger, Pattern,
    PatternKind, Trigger,
};

use super::{Lower, exact};
use crate::Code;
use crate::template::Scope;
use crate::written::trigger::{self as written, AbsenceMap, CountMap};
use crate::written::{self as words, Short, Sure};
use crate::yaml::Node;

impl Lower<'_> {
    pub(super) fn trigger(&mut self, written: &written::Trigger, scope: &Scope, at: &Node) -> Trigger {
        if let Some(output) = &written.output {
            Trigger::Output(match output {
                Short::Short(regex) => {
                    let line = self.line(regex, at.at("output"));
                    self.says_something(&line.pattern, at.at("output"));
                    OutputTrigger { lines: vec![line], ..anywhere() }
                }
                Short::Long(map) => self.output(map, at.at("output")),
            })
        } else if let Some(diagnostic) = &written.diagnostic {
            Trigger::Diagnostic(self.diagnostic(diagnostic, at.at("diagnostic")))
        } else if let Some(all) = &written.all {
            Trigger::All(self.triggers(all, scope, at.at("all")))
        } else if let Some(any) = &written.any {
            Trigger::Any(self.triggers(any, scope, at.at("any")))
        } else if let Some(not) = &written.not {
            Trigger::Not(Box::new(self.trigger(not, scope, at.at("not"))))
        } else {
            self.state(written, scope, at)
        }
    }

    fn triggers(&mut self, written: &[written::Trigger], scope: &Scope, at: &Node) -> Vec<Trigger> {
        written.iter().zip(at.items()).map(|(written, at)| self.trigger(written, scope, at)).collect()
    }

    /// A trigger that decides and finds nothing: there is no output to look at where it stands.
    pub(super) fn condition(&mut self, written: &written::Trigger, scope: &Scope, at: &Node) -> Trigger {
        self.no_output(at);
        self.trigger(written, scope, at)
    }

    /// A condition that may be there.
    pub(super) fn condition_of(
        &mut self,
        written: Option<&written::Trigger>,
        scope: &Scope,
        at: &Node,
    ) -> Option<Trigger> {
        written.map(|written| self.condition(written, scope, at))
    }

    fn no_output(&mut self, at: &Node) {
        for entry in at.entries() {
            match entry.key.as_str() {
                "output" | "diagnostic" => {
                    let message = format!("a condition can't look for `{}`", entry.key);
                    let problem = crate::Problem::new(Code::Condition, entry.key_span.clone(), message);
                    self.note(problem.label("not here").help(
                        "put it into the rule's `trigger`; a condition looks at files, documents, processes, the environment or values",
                    ));
                }
                "all" | "any" => entry.value.items().iter().for_each(|item| self.no_output(item)),
                "not" => self.no_output(&entry.value),
                _ => {}
            }
        }
    }

    fn output(&mut self, map: &written::OutputTrigger, at: &Node) -> OutputTrigger {
        let unicode = map.unicode.unwrap_or_default();
        let lines = match map
            .lines
            .as_ref()
            .map(|lines| (lines, "lines"))
            .or(map.sequence.as_ref().map(|lines| (lines, "sequence")))
        {
            Some((lines, key)) => self.lines(lines, at.at(key)),
            None => {
                let pattern = self.either(map.regex.as_deref(), map.text.as_deref(), unicode, at);
                self.one_line(&pattern, at.at(if map.text.is_some() { "text" } else { "regex" }));
                if map.command.is_none() && map.exit.is_none() && map.not.is_none() {
                    self.says_something(&pattern, at.at("regex"));
                }
                vec![LinePattern { pattern, optional: false }]
            }
        };
        self.within(map, at);
        OutputTrigger {
            lines,
            within: map.within.as_ref().map(exact::lines),
            not: map.not.as_ref().map(|not| self.absence(not, at.at("not"))),
            count: map.count.as_ref().map(count),
            command: self.pattern_of(map.command.as_ref(), at.at("command")),
            exit: map.exit.as_ref().map(exact::exit),
            stream: map.stream.map(|stream| stream.0),
        }
    }

    fn within(&mut self, map: &written::OutputTrigger, at: &Node) {
        let problem = match (&map.sequence, &map.within) {
            (Some(_), None) => self
                .wrong(Code::Within, at.at("sequence"), "`sequence` needs `within`")
                .label("how far apart may these lie?")
                .help("add `within: 20 lines`, or use `lines:` for lines that follow each other directly"),
            (None, Some(_)) => self
                .wrong(Code::Within, at.at("within"), "`within` belongs to `sequence`")
                .label("means nothing here")
                .help("take it out, or use `sequence:`"),
            _ => return,
        };
        self.note(problem);
    }

    fn line(&mut self, regex: &str, at: &Node) -> LinePattern {
        let pattern = self.regex(regex, false, at);
        self.one_line(&pattern, at);
        LinePattern { pattern, optional: false }
    }

    fn lines(&mut self, written: &[words::LinePattern], at: &Node) -> Vec<LinePattern> {
        let lines: Vec<LinePattern> = written
            .iter()
            .zip(at.items())
            .map(|(written, at)| match written {
                Short::Short(regex) => self.line(regex, at),
                Short::Long(map) => {
                    let unicode = map.unicode.unwrap_or_default();
                    let pattern = self.either(map.regex.as_deref(), map.text.as_deref(), unicode, at);
                    self.one_line(&pattern, at.at(if map.text.is_some() { "text" } else { "regex" }));
                    LinePattern { pattern, optional: map.optional.unwrap_or_default() }
                }
            })
            .collect();
        if lines.first().is_some_and(|line| line.optional) {
            let problem = self.wrong(Code::InvalidValue, &at.items()[0], "the first line can't be optional");
            self.note(problem.label("nothing starts here").help("leave it out: the others match without it"));
        }
        lines
    }

    fn absence(&mut self, written: &Short<String, AbsenceMap>, at: &Node) -> Absence {
        match written {
            Short::Short(regex) => {
                Absence { pattern: self.line(regex, at).pattern, before: None, after: None }
            }
            Short::Long(map) => {
                let unicode = map.unicode.unwrap_or_default();
                let pattern = self.either(map.regex.as_deref(), map.text.as_deref(), unicode, at);
                self.one_line(&pattern, at.at(if map.text.is_some() { "text" } else { "regex" }));
                Absence { pattern, before: map.before, after: map.after }
            }
        }
    }

    /// A pattern that is searched within one line never finds a line's end.
    fn one_line(&mut self, pattern: &Pattern, at: &Node) {
        let found = match pattern.kind {
            PatternKind::Regex => line_break(&pattern.source),
            PatternKind::Text => pattern.source.find('\n').map(|at| at..at + 1),
        };
        let Some(part) = found else { return };
        let last = part.end == pattern.source.len();
        let problem = self.wrong_in(Code::LineBreak, at, &part, "this pattern holds a line break");
        self.note(problem.label("never found within one line").help(if last {
            "take it out; in a block, write `|-` instead of `|`"
        } else {
            "write one pattern a line: under `lines:`, or under `sequence:` with `within:`"
        }));
    }

    /// A pattern that is found on every line makes a rule that fires on every output.
    fn says_something(&mut self, pattern: &Pattern, at: &Node) {
        if !pattern.source.is_empty() && heal_pattern::is_everywhere(pattern) {
            let problem = self.wrong(Code::Everywhere, at, "this pattern is found on every line");
            self.note(problem.label("fires on any output").help("write what the failure's line holds"));
        }
    }

    fn diagnostic(&mut self, map: &written::DiagnosticTrigger, at: &Node) -> DiagnosticTrigger {
        if let Some(glob) = &map.file {
            self.plain_glob(glob, at.at("file"));
        }
        DiagnosticTrigger {
            tool: map.tool.clone(),
            code: self.pattern_of(map.code.as_ref(), at.at("code")),
            level: map.level.map(|level| level.0),
            message: self.pattern_of(map.message.as_ref(), at.at("message")),
            file: map.file.clone(),
            help: self.pattern_of(map.help.as_ref(), at.at("help")),
            suggestion: map.suggestion.map(|sure| match sure {
                Sure::Yes(false) => Offered::Nothing,
                Sure::Yes(true) => Offered::AtLeast(Applicability::Unspecified),
                Sure::AtLeast(least) => Offered::AtLeast(least),
                Sure::Unsure => Offered::Unsure,
            }),
            not: map.not.as_ref().map(|not| Box::new(self.diagnostic(not, at.at("not")))),
        }
    }
}

/// Nothing to look for yet, in any command's output.
fn anywhere() -> OutputTrigger {
    OutputTrigger {
        lines: Vec::new(),
        within: None,
        not: None,
        count: None,
        command: None,
        exit: None,
        stream: None,
    }
}

fn count(written: &Short<u32, CountMap>) -> Count {
    match written {
        Short::Short(at_least) => Count { at_least: *at_least, within: None },
        Short::Long(map) => Count { at_least: map.at_least, within: map.within.as_ref().map(exact::lines) },
    }
}

/// The first line break that a regular expression asks for; one in a class is only allowed by it.
fn line_break(source: &str) -> Option<Range<usize>> {
    let bytes = source.as_bytes();
    let mut in_class = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if !in_class && bytes.get(at + 1) == Some(&b'n') => return Some(at..at + 2),
            b'\\' => at += 1,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'\n' if !in_class => return Some(at..at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::line_break;

    #[test]
    fn line_breaks_are_asked_for_outside_of_classes() {
        assert_eq!(line_break(r"a\nb"), Some(1..3));
        assert_eq!(line_break("ab\n"), Some(2..3));
        assert_eq!(line_break(r"[^\n]+\\n[a\]\n]"), None);
    }
}
