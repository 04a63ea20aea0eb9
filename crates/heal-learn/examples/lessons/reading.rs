//! Records as incidents, with the diagnostic that heal reads from what the tool printed.

use std::sync::LazyLock;

use heal_diagnose::{Extractor, Reader, extractors, plain};
use heal_model::{Bytes, ChangedFile, Diagnostic, Ending, Incident, Level, Mender, RelPath, Time};

use crate::data::Record;

static EXTRACTORS: LazyLock<Vec<Extractor>> = LazyLock::new(extractors);

impl Record {
    /// The incident as it would have been recorded.
    pub(crate) fn incident(&self) -> Incident {
        let own = (self.path.clone(), self.before.clone(), self.after.clone());
        let change = |(path, before, after): (String, String, String)| ChangedFile {
            path: RelPath::new(&path).expect("a path"),
            before: Some(Bytes::from(before)),
            after: Some(Bytes::from(after)),
        };
        let changes = self.beside.clone().into_iter().chain([own]).map(change).collect();
        Incident {
            id: self.id.clone(),
            at: Time(0),
            command: None,
            exit: Some(1),
            diagnostics: vec![read(self)],
            output: self.output.clone(),
            ending: Some(Ending { changes, output: String::new(), by: Mender::Person }),
        }
    }
}

/// The diagnostic with the record's message and place; where the output holds none, the message and the place alone.
fn read(record: &Record) -> Diagnostic {
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
