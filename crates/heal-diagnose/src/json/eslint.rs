use heal_model::{Applicability, Diagnostic, Level, Replacement, Suggestion};
use serde_json::Value;

use super::value::{file, list, number, owned, place, text};

/// One file of eslint's report. `None` where it is none.
pub(crate) fn eslint(value: &Value) -> Option<Vec<Diagnostic>> {
    let path = file(value, "filePath")?;
    value["messages"].as_array()?;
    let source = value["source"].as_str().map(Source::new);
    let message = |message: &Value| diagnostic(message, &path, source.as_ref());
    Some(list(value, "messages").iter().filter_map(message).collect())
}

fn diagnostic(message: &Value, path: &str, source: Option<&Source<'_>>) -> Option<Diagnostic> {
    let level = if message["severity"] == 1 { Level::Warning } else { Level::Error };
    let mut diagnostic = Diagnostic::new("eslint", level, text(message, "message")?);
    diagnostic.code = owned(message, "ruleId");
    place(&mut diagnostic, Some(path.to_owned()), number(message, "line"), number(message, "column"));
    diagnostic.end_line = number(message, "endLine");
    diagnostic.end_column = number(message, "endColumn");
    let Some(source) = source else { return Some(diagnostic) };
    let edit = |fix: &Value, message: &str, applicability| {
        let replacement = source.replacement(fix, path)?;
        Some(Suggestion { message: message.to_owned(), applicability, replacements: vec![replacement] })
    };
    diagnostic.suggestions.extend(edit(&message["fix"], "fix", Applicability::MachineApplicable));
    for offered in list(message, "suggestions") {
        let words = text(offered, "desc").unwrap_or_default();
        diagnostic.suggestions.extend(edit(&offered["fix"], words, Applicability::MaybeIncorrect));
    }
    Some(diagnostic)
}

/// A file's text, whose places eslint counts in units of UTF-16.
struct Source<'a>(&'a str);

impl<'a> Source<'a> {
    fn new(text: &'a str) -> Self {
        Self(text)
    }

    fn replacement(&self, fix: &Value, path: &str) -> Option<Replacement> {
        let [from, to] = list(fix, "range") else { return None };
        let (start, end) = (self.byte(from.as_u64()?)?, self.byte(to.as_u64()?)?);
        let ((line, column), (end_line, end_column)) = (self.place(start)?, self.place(end)?);
        // eslint takes a byte order mark off before it counts.
        let text = text_of(fix)?;
        Some(Replacement {
            file: path.to_owned(),
            line,
            column,
            end_line,
            end_column,
            seen: Vec::new(),
            bytes: Some((start as u64, end as u64)),
            text,
        })
    }

    fn byte(&self, units: u64) -> Option<usize> {
        let mut left = units;
        for (at, c) in self.0.char_indices() {
            if left == 0 {
                return Some(at);
            }
            left = left.checked_sub(c.len_utf16() as u64)?;
        }
        (left == 0).then_some(self.0.len())
    }

    fn place(&self, byte: usize) -> Option<(u32, u32)> {
        let before = self.0.get(..byte)?;
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[start..].chars().count() + 1;
        Some((u32::try_from(line).ok()?, u32::try_from(column).ok()?))
    }
}

fn text_of(fix: &Value) -> Option<String> {
    fix["text"].as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn units_of_utf_16_become_bytes_and_characters() {
        let source = Source::new("a😀\nbé!");
        assert_eq!(source.byte(3), Some(5));
        assert_eq!(source.byte(6), Some(9));
        assert_eq!(source.place(9), Some((2, 3)));
        assert_eq!(source.byte(8), None);
    }
}
