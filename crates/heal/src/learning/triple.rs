use heal_exec::{Host, Side};
use heal_model::{ChangedFile, Ending, Incident, Mender, RelPath, Time, Unreadable};

use super::excerpt::excerpt;
use super::named::files;
use crate::{Diagnostics, Extractors};

/// How many files of a folder are compared.
const MOST_COMPARED: usize = 4_000;

/// A failure that somebody has kept: what was printed, and the files before and after it was mended.
pub struct Triple<'a> {
    /// The command that failed; empty where that is not known.
    pub command: &'a str,
    /// What it printed.
    pub failed: &'a [u8],
    /// What it printed when it passed; empty where that was not kept.
    pub passed: &'a [u8],
    /// The files at the failure.
    pub before: &'a Side,
    /// The files at the pass.
    pub after: &'a Side,
}

/// Makes an incident of a triple: the files that its diagnostics name and, of folders and revisions, all that differ.
///
/// # Errors
/// When a file can't be read, or a revision is not there.
pub fn incident(host: &Host, triple: &Triple<'_>) -> Result<Incident, Unreadable> {
    let root = format!("{}/", host.root().display());
    let text = heal_diagnose::plain(triple.failed).replace(&root, "");
    let mut diagnostics = Diagnostics::wanted(&Extractors::open(host).whole());
    diagnostics.feed(text.as_bytes());
    let (output, diagnostics) = excerpt(text, diagnostics.finish());
    let named = diagnostics.iter().flat_map(files);
    let mut paths: Vec<RelPath> =
        named.filter_map(|file| RelPath::new(file.trim_start_matches("./")).ok()).collect();
    paths.extend(triple.before.files(MOST_COMPARED));
    paths.extend(triple.after.files(MOST_COMPARED));
    paths.extend(triple.before.differing(triple.after, host, MOST_COMPARED));
    let mut changes: Vec<ChangedFile> = Vec::new();
    for path in paths {
        if changes.iter().any(|change| change.path == path) {
            continue;
        }
        let (before, after) = (triple.before.read(host, &path)?, triple.after.read(host, &path)?);
        if before != after {
            changes.push(ChangedFile { path, before, after });
        }
    }
    Ok(Incident {
        id: String::new(),
        at: Time::default(),
        command: Some(triple.command.to_owned()).filter(|command| !command.is_empty()),
        exit: None,
        diagnostics,
        output,
        ending: Some(Ending { changes, output: heal_diagnose::plain(triple.passed), by: Mender::Person }),
    })
}
