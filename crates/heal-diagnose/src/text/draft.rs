use std::collections::BTreeMap;

use heal_model::Span;

use crate::LinePlace;
use crate::extractor::{Captured, Keep, Target, fill};

/// Fields and other captures, by name.
pub(crate) type Values = BTreeMap<String, String>;

/// A diagnostic while its lines come in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) values: Values,
    pub(crate) notes: Vec<Values>,
    pub(crate) suggestions: Vec<Values>,
    pub(crate) span: Span,
    /// The lines after the first, which may show source and what is drawn below it.
    pub(crate) lines: Vec<String>,
}

/// How the captures of one line are taken.
pub(crate) struct How<'a> {
    pub(crate) to: Target,
    pub(crate) keep: Keep,
    pub(crate) join: &'a str,
    pub(crate) set: &'a Values,
}

/// How much of one text is kept, in bytes, and how many notes and suggestions.
const LONGEST: usize = 16 * 1024;
const MOST: usize = 100;
/// Longer lines are no drawing, in bytes.
const LONGEST_DRAWN: usize = 1024;

impl Draft {
    /// Takes what one line caught.
    pub(crate) fn take(&mut self, captured: &[Captured], how: &How<'_>) {
        let mut fresh = fields(captured);
        for (name, text) in how.set {
            let value = |name: &str| fresh.get(name).or_else(|| self.values.get(name)).cloned();
            if let Some(text) = fill(text, value) {
                fresh.insert(name.clone(), text);
            }
        }
        match how.to {
            Target::Nothing | Target::Drop => {}
            Target::Diagnostic => self.own(fresh, how),
            Target::Note => push(&mut self.notes, fresh),
            Target::Suggestion => push(&mut self.suggestions, fresh),
            Target::Both => {
                let note = fresh.clone();
                fresh.remove("message");
                self.own(fresh, how);
                push(&mut self.notes, note);
            }
            Target::Last => match self.notes.last_mut() {
                Some(note) => fresh.into_iter().for_each(|(name, text)| put(note, name, text, how)),
                None => self.own(fresh, how),
            },
        }
    }

    /// Grows its span by a line.
    pub(crate) fn reach(&mut self, place: LinePlace) {
        if self.span.first_line == 0 {
            (self.span.first_line, self.span.start) = (place.number, place.start);
        }
        (self.span.last_line, self.span.end) = (place.number, place.end);
    }

    /// Keeps a line for what may be drawn in it.
    pub(crate) fn keep(&mut self, line: &[u8]) {
        if self.lines.len() < MOST && line.len() < LONGEST_DRAWN {
            self.lines.push(String::from_utf8_lossy(line).into_owned());
        }
    }

    /// Whether these groups caught what is known of them already.
    pub(crate) fn agrees(&self, captured: &[Captured], names: &[String]) -> bool {
        let same = |one: &Captured| self.values.get(&one.name) == Some(&one.text);
        captured.iter().filter(|one| names.contains(&one.name)).all(same)
    }

    /// Whether a field is known.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    fn own(&mut self, fresh: Values, how: &How<'_>) {
        for (name, text) in fresh {
            match name.as_str() {
                "note" | "help" => {
                    let note = [("level".to_owned(), name), ("message".to_owned(), text)];
                    push(&mut self.notes, note.into_iter().collect());
                }
                _ => put(&mut self.values, name, text, how),
            }
        }
    }
}

fn push(all: &mut Vec<Values>, one: Values) {
    if all.len() < MOST {
        all.push(one);
    }
}

fn put(values: &mut Values, name: String, text: String, how: &How<'_>) {
    let Some(old) = values.get_mut(&name) else {
        values.insert(name, text);
        return;
    };
    if how.keep == Keep::Last {
        *old = text;
    } else if name == "message" && old.len() + text.len() < LONGEST {
        old.push_str(how.join);
        old.push_str(&text);
    }
}

/// The captures that say something, a caret's place turned into columns.
fn fields(captured: &[Captured]) -> Values {
    let mut values = Values::new();
    for Captured { name, text } in captured {
        let kept = match name.as_str() {
            "fix" | "escaped_fix" => text.as_str(),
            "message" => text.trim_end(),
            "caret" => continue,
            _ => text.trim(),
        };
        if !kept.is_empty() || name.ends_with("fix") {
            values.insert(name.clone(), kept.to_owned());
        }
    }
    if let Some(column) = values.remove("column0").and_then(|text| text.parse::<u32>().ok()) {
        values.insert("column".to_owned(), column.saturating_add(1).to_string());
    }
    if let Some(caret) = captured.iter().find(|one| one.name == "caret") {
        let column = caret.text.chars().count() + 1;
        values.insert("column".to_owned(), column.to_string());
        if let Some(underline) = values.remove("underline") {
            values.insert("end_column".to_owned(), (column + underline.chars().count()).to_string());
        }
    }
    values
}
