//! The diagnostic that an incident is about, as heal reads it from what the tool printed.

use std::sync::LazyLock;

use heal_diagnose::{Extractor, Reader, extractors, plain};
use heal_model::{Diagnostic, Level};

use crate::data::Record;

static EXTRACTORS: LazyLock<Vec<Extractor>> = LazyLock::new(extractors);

/// The diagnostic with the record's message and place; where the output holds none, the message and the place alone.
pub(crate) fn read(record: &Record) -> Diagnostic {
    let said = plain(record.msg.as_bytes());
    let mut found: Option<Diagnostic> = None;
    let mut take = |diagnostic: Diagnostic| {
        let there = (diagnostic.line, diagnostic.column) == (Some(record.line), Some(record.column));
        if there && found.is_none() && said.contains(first_line(&diagnostic.message)) {
            found = Some(diagnostic);
        }
    };
    let mut reader = Reader::new(&EXTRACTORS, None);
    reader.feed(record.output.as_bytes(), &mut take);
    reader.finish(&mut take);
    let mut diagnostic = found.unwrap_or_else(|| Diagnostic::new(&record.tool, Level::Error, &said));
    diagnostic.file = Some(record.path.clone());
    diagnostic.line = Some(record.line);
    diagnostic.column = Some(record.column);
    diagnostic
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
