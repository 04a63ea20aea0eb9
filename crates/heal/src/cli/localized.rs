use heal_exec::Host;
use heal_model::{Capture, Diagnostic, Finding, Location, RelPath, World};

/// Takes the files that a finding names as files of the project.
///
/// Tools print absolute paths, and paths from where they run: one that is a file as seen from the working directory is
/// that file; any other counts from the project's root.
pub(super) fn localized(host: &Host, mut finding: Finding) -> Finding {
    for name in ["file", "path"] {
        let Some(text) = finding.capture(name).map(str::to_owned) else { continue };
        let Some(path) = absolute(host, &text).or_else(|| below(host, &text)) else { continue };
        finding.captures.insert(name.to_owned(), Capture(path.to_string()));
        let number = |name| finding.capture(name).and_then(|number| number.parse().ok());
        let (line, column) = (number("line"), number("column"));
        match &mut finding.location {
            Some(location) if location.path.as_str() == text => location.path = path,
            Some(_) => {}
            None => finding.location = Some(Location { path, line, column }),
        }
    }
    finding.diagnostic.iter_mut().for_each(|diagnostic| files_of(host, diagnostic));
    finding
}

/// Takes the files that a diagnostic names as files of the project, where they are.
pub(super) fn files_of(host: &Host, diagnostic: &mut Diagnostic) {
    let edits = diagnostic.suggestions.iter_mut().flat_map(|suggestion| &mut suggestion.replacements);
    let notes = diagnostic.notes.iter_mut().filter_map(|note| note.file.as_mut());
    for file in edits.map(|edit| &mut edit.file).chain(notes).chain(&mut diagnostic.file) {
        if let Some(path) = absolute(host, file).or_else(|| below(host, file)) {
            *file = path.to_string();
        }
    }
}

fn absolute(host: &Host, text: &str) -> Option<RelPath> {
    host.relative(text).ok().filter(|_| text.starts_with('/'))
}

/// A path from the working directory, where that is below the root and there is such a file.
fn below(host: &Host, text: &str) -> Option<RelPath> {
    let path = host.relative(text).ok().filter(|path| !text.starts_with('/') && path.as_str() != text)?;
    host.stat(&path).ok().flatten().map(|_| path)
}
