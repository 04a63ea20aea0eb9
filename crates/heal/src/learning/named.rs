use std::collections::BTreeSet;

use heal_exec::Host;
use heal_model::{Diagnostic, RelPath, World as _};

/// How many words of an output are tried as paths.
const MOST_TRIED: usize = 500;

/// The project's files that an output names: those of its diagnostics first, then any word that is a file's path.
pub(super) fn named(host: &Host, text: &str, diagnostics: &[Diagnostic]) -> Vec<RelPath> {
    let of_diagnostics = diagnostics.iter().flat_map(files);
    let mut tried = BTreeSet::new();
    let candidates = of_diagnostics.chain(words(text)).filter(|said| tried.insert((*said).to_owned()));
    let mut named = Vec::new();
    for said in candidates.take(MOST_TRIED) {
        if let Some(path) = path(host, said).filter(|path| !named.contains(path)) {
            named.push(path);
        }
    }
    named
}

/// The files that a diagnostic names: its own, those of its notes, and those that it offers to change.
pub(super) fn files(diagnostic: &Diagnostic) -> impl Iterator<Item = &str> {
    let notes = diagnostic.notes.iter().filter_map(|note| note.file.as_deref());
    let offers = diagnostic.suggestions.iter().flat_map(|suggestion| &suggestion.replacements);
    diagnostic.file.as_deref().into_iter().chain(notes).chain(offers.map(|offer| offer.file.as_str()))
}

/// Words that look like paths, without the line numbers behind them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| c.is_whitespace() || "'\"`()[]{}<>,;|=".contains(c);
    let words = text.split(ends).map(|word| {
        let number = word.find(':').unwrap_or(word.len());
        word[..number].trim_end_matches('.')
    });
    words.filter(|word| word.len() > 2 && word.contains(['.', '/']) && !word.contains("//"))
}

/// A file of the project, by a path from the working directory or from the root.
fn path(host: &Host, said: &str) -> Option<RelPath> {
    let is_file =
        |path: &RelPath| host.stat(path).is_ok_and(|found| found.is_some_and(|stat| stat.is_file()));
    let here = host.relative(said).ok().filter(is_file);
    here.or_else(|| RelPath::new(said).ok().filter(is_file))
}
