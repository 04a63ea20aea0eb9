use std::fmt;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::{Problem, Severity};

/// Why a playbook can't be used: everything that is wrong with it, in the order of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// Where it was read from.
    pub path: String,
    /// Its text, as far as it can be shown.
    pub text: String,
    /// What is wrong; at least one of them is an error.
    pub problems: Vec<Problem>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            let line_end = if index == 0 { "" } else { "\n" };
            let Problem { line, column, message, code, .. } = problem;
            write!(out, "{line_end}{}:{line}:{column}: {message} [{code}]", self.path)?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadError {}

/// One problem with its playbook's text, as miette shows it.
#[derive(Debug)]
pub struct Report<'a> {
    problem: &'a Problem,
    path: &'a str,
    text: &'a str,
}

impl<'a> Report<'a> {
    /// Puts a problem beside the text it is about.
    #[must_use]
    pub fn new(problem: &'a Problem, path: &'a str, text: &'a str) -> Self {
        Self { problem, path, text }
    }
}

impl SourceCode for Report<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let part = self.text.read_span(span, before, after)?;
        let (data, place, line, column) = (part.data(), *part.span(), part.line(), part.column());
        let path = self.path.to_owned();
        let named = MietteSpanContents::new_named(path, data, place, line, column, part.line_count());
        Ok(Box::new(named.with_language("yaml")))
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.problem.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.problem.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Advice => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.problem.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_with_span(Some(self.problem.label.clone()), self.problem.span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

#[cfg(test)]
mod tests {
    use miette::Diagnostic;

    use super::{LoadError, Report};
    use crate::source::Source;
    use crate::{Code, Problem};

    #[test]
    fn a_problem_is_told_with_its_place() {
        let source = Source::new("heal: 1\nnome: a\n".to_owned());
        let mut problem =
            Problem::new(Code::UnknownKey, 8..12, "unknown key `nome`").help("did you mean `name`?");
        problem.locate(&source);
        let report = Report::new(&problem, "a.yaml", &source.text);
        let label = report.labels().and_then(|mut labels| labels.next()).expect("one label");
        let told = (
            report.to_string(),
            report.code().map(|code| code.to_string()),
            report.help().map(|help| help.to_string()),
        );
        let expected = ("unknown key `nome`", "heal::unknown-key", "did you mean `name`?");
        assert_eq!(told, (expected.0.to_owned(), Some(expected.1.to_owned()), Some(expected.2.to_owned())));
        assert_eq!((label.offset(), label.len(), label.label()), (8, 4, Some("here")));
        let shown = report
            .source_code()
            .and_then(|source| source.read_span(label.inner(), 0, 0).ok())
            .expect("in the text");
        assert_eq!((shown.name(), shown.data()), (Some("a.yaml"), &b"nome"[..]));
        let error = LoadError {
            path: "a.yaml".to_owned(),
            text: source.text.clone(),
            problems: vec![problem.clone(), problem.clone()],
        };
        let line = "a.yaml:2:1: unknown key `nome` [heal::unknown-key]";
        assert_eq!(error.to_string(), format!("{line}\n{line}"));
    }
}
