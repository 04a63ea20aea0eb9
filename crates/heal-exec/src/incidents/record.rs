use heal_model::{Bytes, ChangedFile, Diagnostic, Ending, Incident, Mender, RelPath, Time};
use serde::{Deserialize, Serialize};

use crate::hash::sha256;
use crate::ids;
use crate::secrets::Secrets;

/// The version of records; what an older heal can't read has a higher one.
pub(super) const VERSION: u32 = 1;
/// How many digits name an incident, and a command.
const DIGITS: usize = 12;

/// One failure as it is written, and how it ended, once it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) v: u32,
    pub(super) id: String,
    pub(super) at: Time,
    pub(super) command: String,
    pub(super) exit: Option<i32>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) output: String,
    /// The files as they were at the failure.
    pub(super) files: Vec<Kept>,
    pub(super) passed: Option<Passed>,
}

/// The pass that ended a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Passed {
    pub(super) at: Time,
    pub(super) output: String,
    /// The same files as they were then.
    pub(super) files: Vec<Kept>,
    #[serde(default)]
    pub(super) by: Mender,
}

/// One file; `text` is absent where there was none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    pub(super) path: RelPath,
    pub(super) text: Option<String>,
}

/// What a command printed when it passed last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pass {
    pub(super) v: u32,
    pub(super) command: String,
    pub(super) at: Time,
    pub(super) output: String,
}

/// What the name of an incident's file says: `time-id-command.open` or `….ended`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stored {
    /// When it was recorded, as it is written in ids: names sort by it.
    pub(super) time: String,
    pub(super) id: String,
    /// The command's key.
    pub(super) command: String,
    pub(super) is_open: bool,
}

impl Record {
    /// A record with its id: a hash of the command, what it complained of, and the files.
    pub(super) fn new(mut record: Self) -> Self {
        let said: Vec<_> = record
            .diagnostics
            .iter()
            .map(|one| (&one.tool, &one.code, &one.message, &one.file, one.line, one.column))
            .collect();
        // Without a diagnostic only what was printed tells failures apart.
        let printed = if said.is_empty() { record.output.as_str() } else { "" };
        let whole = (&record.command, record.exit, said, printed, &record.files);
        let text = serde_json::to_string(&whole).expect("an incident has text keys alone");
        record.id = sha256(text.as_bytes())[..DIGITS].to_owned();
        record
    }

    /// A record of an incident that was taken over: the file contents are those that have changed.
    pub(super) fn of(incident: &Incident, at: Time, secrets: &Secrets) -> Self {
        let text = |content: &Option<Bytes>| content.as_ref()?.text().map(|text| secrets.hide(text));
        let changes = incident.ending.iter().flat_map(|ending| &ending.changes);
        let kept = |text: Option<String>, change: &ChangedFile| Kept { path: change.path.clone(), text };
        let before = changes.clone().map(|change| kept(text(&change.before), change)).collect();
        let after = changes.map(|change| kept(text(&change.after), change)).collect();
        let passed = incident.ending.as_ref().map(|ending| Passed {
            at,
            output: secrets.hide(&ending.output),
            files: after,
            by: ending.by,
        });
        Self::new(Self {
            v: VERSION,
            id: String::new(),
            at,
            command: secrets.hide(incident.command.as_deref().unwrap_or_default()),
            exit: incident.exit,
            diagnostics: redacted(incident.diagnostics.iter(), secrets),
            output: secrets.hide(&incident.output),
            files: before,
            passed,
        })
    }

    /// The record with what its files became taken from an incident; what that does not name stays.
    pub(super) fn ended_by(mut self, incident: &Incident) -> Self {
        let changes = incident.ending.iter().flat_map(|ending| &ending.changes);
        for change in changes {
            let files = self.passed.iter_mut().flat_map(|passed| &mut passed.files);
            let text = || change.after.as_ref().and_then(Bytes::text).map(str::to_owned);
            files.filter(|file| file.path == change.path).for_each(|file| file.text = text());
        }
        self
    }

    /// The record as the stages see it.
    pub(super) fn incident(self) -> Incident {
        let ending = self.passed.map(|passed| {
            let Passed { output, files, by, .. } = passed;
            Ending { changes: changes(self.files, files), output, by }
        });
        Incident {
            id: self.id,
            at: self.at,
            command: Some(self.command).filter(|command| !command.is_empty()),
            exit: self.exit,
            diagnostics: self.diagnostics,
            output: self.output,
            ending,
        }
    }
}

fn changes(before: Vec<Kept>, after: Vec<Kept>) -> Vec<ChangedFile> {
    let both = before.into_iter().zip(after).filter(|(before, after)| before.text != after.text);
    both.map(|(before, after)| ChangedFile {
        path: before.path,
        before: before.text.map(Bytes::from),
        after: after.text.map(Bytes::from),
    })
    .collect()
}

impl Stored {
    /// Where a record is written: behind the last one, even if it was written in the same millisecond.
    pub(super) fn of(record: &Record, last: Option<&str>) -> Self {
        Self {
            time: ids::after(last, record.at),
            id: record.id.clone(),
            command: key(&record.command),
            is_open: record.passed.is_none(),
        }
    }

    /// Takes a file's name apart, if it is one of an incident.
    pub(super) fn read(name: &str) -> Option<Self> {
        let (stem, state) = name.split_once('.')?;
        let is_open = match state {
            "open" => true,
            "ended" => false,
            _ => return None,
        };
        let [time, id, command] = stem.split('-').collect::<Vec<_>>()[..] else { return None };
        ids::time(time)?;
        let [time, id, command] = [time, id, command].map(str::to_owned);
        Some(Self { time, id, command, is_open })
    }

    /// The file's name.
    pub(super) fn name(&self) -> String {
        let state = if self.is_open { "open" } else { "ended" };
        format!("{}-{}-{}.{state}", self.time, self.id, self.command)
    }
}

/// What a command's files are found by.
pub(super) fn key(command: &str) -> String {
    sha256(command.as_bytes())[..DIGITS].to_owned()
}

/// Diagnostics without secrets.
pub(super) fn redacted<'a>(
    diagnostics: impl Iterator<Item = &'a Diagnostic>,
    secrets: &Secrets,
) -> Vec<Diagnostic> {
    let hide = |text: &mut String| *text = secrets.hide(text);
    let redact = |diagnostic: &Diagnostic| {
        let mut diagnostic = diagnostic.clone();
        hide(&mut diagnostic.message);
        diagnostic.notes.iter_mut().for_each(|note| hide(&mut note.message));
        for suggestion in &mut diagnostic.suggestions {
            hide(&mut suggestion.message);
            suggestion.replacements.iter_mut().for_each(|replacement| hide(&mut replacement.text));
        }
        diagnostic
    };
    diagnostics.map(redact).collect()
}

#[cfg(test)]
mod tests {
    use super::Stored;

    #[test]
    fn names_say_what_is_needed_and_others_are_passed_over() {
        let name = "01m3250v00-0123456789ab-ba9876543210.open";
        let stored = Stored::read(name).expect("it is a name");
        assert_eq!((stored.name().as_str(), stored.is_open), (name, true));
        for other in ["", "x.open", "01m3250v00-0123456789ab.open", "01m3250v00-a-b.tmp", "a-b-c.open"] {
            assert_eq!(Stored::read(other), None, "{other}");
        }
    }
}
