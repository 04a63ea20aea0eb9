use std::collections::BTreeMap;

use heal_model::{Applicability, Diagnostic, Level, Note, Replacement, Suggestion};

use super::draft::{Draft, Values};
use super::drawing;
use super::offer::{Point, offers};
use crate::extractor::{Shape, fill};

/// Turns a draft into a diagnostic; `None` where it says nothing.
pub(crate) fn finish(draft: &Draft, shape: &Shape, folder: Option<&String>) -> Option<Diagnostic> {
    let own = |name: &str| draft.values.get(name).cloned();
    let set = |name: &str| shape.set.get(name).and_then(|text| fill(text, own));
    let get = |name: &str| own(name).or_else(|| set(name)).filter(|text| !text.is_empty());
    let message = get("message")?;
    let tool = get("tool").unwrap_or_else(|| shape.tool().to_owned());
    let level = get("level").map_or(Level::Error, |text| level(&text, &shape.levels, Level::Error));
    let file = get("file").map(|file| path(&file, folder));
    let number = |name: &str| get(name).and_then(|text| from_one(&text));
    let (line, column) = (number("line"), number("column"));
    let drawn = line.zip(column).and_then(|(line, column)| drawing::end(&draft.lines, line, column));
    let (end_line, end_column) = match (number("end_line"), number("end_column")) {
        (None, None) => drawn.unzip(),
        given => given,
    };
    let start = line.zip(column);
    let end = end_line.zip(end_column);
    let plain = |level, message| Note { level, message, file: None, line: None, column: None };
    let set_note = set("note").map(|text| plain(Level::Note, text)).into_iter();
    let set_note = set_note.chain(set("help").map(|text| plain(Level::Help, text)));
    Some(Diagnostic {
        code: get("code"),
        line,
        column,
        end_line,
        end_column,
        notes: set_note.chain(draft.notes.iter().filter_map(|values| note(values, shape, folder))).collect(),
        suggestions: suggestions(draft, folder, file.as_deref().zip(start), end),
        file,
        span: draft.span,
        ..Diagnostic::new(&tool, level, message.trim())
    })
}

/// A line or column, from 1: tools that know none write 0.
fn from_one(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number > 0)
}

/// The level that a word stands for.
fn level(text: &str, known: &BTreeMap<String, Level>, otherwise: Level) -> Level {
    let text = text.trim().to_ascii_lowercase();
    if let Some((_, level)) = known.iter().find(|(word, _)| word.to_ascii_lowercase() == text) {
        return *level;
    }
    match text.as_str() {
        "error" | "err" | "e" | "fatal" | "fatal error" | "f" | "critical" | "failure" => Level::Error,
        "warning" | "warn" | "w" => Level::Warning,
        "help" | "hint" | "h" => Level::Help,
        "note" | "info" | "information" | "i" | "n" | "style" => Level::Note,
        _ => otherwise,
    }
}

/// A file as the tool names it, `/` between its parts, below the folder that the output is in.
pub(crate) fn path(file: &str, folder: Option<&String>) -> String {
    let file = file.strip_prefix("file://").unwrap_or(file);
    let file = file.strip_prefix(r"\\?\").unwrap_or(file).replace('\\', "/");
    let drive = |text: &str| text.as_bytes().get(1) == Some(&b':');
    let file = file.strip_prefix('/').filter(|rest| drive(rest)).unwrap_or(&file);
    let file = file.strip_prefix("./").unwrap_or(file);
    match folder {
        Some(folder) if !file.starts_with('/') && !drive(file) => format!("{folder}/{file}"),
        _ => file.to_owned(),
    }
}

fn note(values: &Values, shape: &Shape, folder: Option<&String>) -> Option<Note> {
    let number = |name: &str| values.get(name).and_then(|text| from_one(text));
    let message = values.get("message").map(|text| text.trim().to_owned());
    let file = values.get("file").map(|file| path(file, folder));
    if message.is_none() && file.is_none() {
        return None;
    }
    Some(Note {
        level: values.get("level").map_or(Level::Note, |text| level(text, &shape.levels, Level::Note)),
        message: message.unwrap_or_default(),
        file,
        line: number("line"),
        column: number("column"),
    })
}

/// The edits that the extractor reads, or else those that are drawn.
fn suggestions(
    draft: &Draft,
    folder: Option<&String>,
    about: Option<(&str, Point)>,
    end: Option<Point>,
) -> Vec<Suggestion> {
    let read = draft.suggestions.iter().filter_map(|values| suggestion(values, draft, folder));
    let read: Vec<Suggestion> = read.collect();
    match about {
        Some((file, start)) if read.is_empty() => offers(&draft.lines, file, start, end),
        _ => read,
    }
}

/// An edit; what it does not say of its place is the diagnostic's own.
fn suggestion(values: &Values, draft: &Draft, folder: Option<&String>) -> Option<Suggestion> {
    let text =
        values.get("fix").cloned().or_else(|| values.get("escaped_fix").map(|text| unescaped(text)))?;
    let get = |name: &str, own: &str| values.get(name).or_else(|| draft.values.get(own));
    let number = |name: &str, own: &str| get(name, own).and_then(|text| text.parse::<u32>().ok());
    let line = number("fix_line", "line")?;
    let replacement = Replacement {
        file: path(get("fix_file", "file")?, folder),
        line,
        column: number("fix_column", "column")?,
        end_line: number("fix_end_line", "end_line").unwrap_or(line),
        end_column: number("fix_end_column", "end_column")?,
        seen: Vec::new(),
        bytes: None,
        text,
    };
    let applicability = match values.get("applicability").map(String::as_str) {
        Some("machine-applicable") => Applicability::MachineApplicable,
        Some("maybe-incorrect") => Applicability::MaybeIncorrect,
        Some("has-placeholders") => Applicability::HasPlaceholders,
        _ => Applicability::Unspecified,
    };
    let message = values.get("message").map_or("", |text| text.trim()).to_owned();
    Some(Suggestion { message, applicability, replacements: vec![replacement] })
}

/// A text of a C literal: `\\n`, `\\"` and octal bytes for what they stand for.
fn unescaped(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let octal = after.get(..3).filter(|digits| digits.iter().all(|digit| (b'0'..=b'7').contains(digit)));
        rest = match (byte, octal, after.first()) {
            (b'\\', Some(digits), _) => {
                out.push(
                    digits.iter().fold(0, |all: u8, digit| all.wrapping_mul(8).wrapping_add(digit - b'0')),
                );
                &after[3..]
            }
            (b'\\', None, Some(escaped)) => {
                out.push(match escaped {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    other => *other,
                });
                &after[1..]
            }
            _ => {
                out.push(byte);
                after
            }
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{path, unescaped};

    #[test]
    fn escapes_of_c() {
        assert_eq!(unescaped(r#"a\"\\\n\303\251"#), "a\"\\\né");
    }

    #[track_caller]
    fn check(file: &str, expected: &str) {
        assert_eq!(path(file, Some(&"/w/sub".to_owned())), expected);
    }

    #[test]
    fn files_as_paths() {
        check("./a.c", "/w/sub/a.c");
        check(r"C:\x\y.c", "C:/x/y.c");
        check(r"\\?\C:\x\y.c", "C:/x/y.c");
        check("file:///C:/x.mjs", "C:/x.mjs");
        check("file:///home/x.mjs", "/home/x.mjs");
        check(r"\\server\share\a.c", "//server/share/a.c");
    }
}
