use std::collections::BTreeSet;

use heal_model::{Action, LineChange};

use crate::example::Example;
use crate::message::{Freedom, spoken};
use crate::tree::words;

/// A pattern for the note that names what a rule writes of its own accord: where the message says only that types differ,
/// a note says which type is expected. `None` where the rule writes no such word, or no note holds it each time.
pub(crate) fn ground(action: &Action, examples: &[&Example]) -> Option<String> {
    let invented = invented(action, examples);
    let notes = &examples.first()?.diagnostic.notes;
    (0..notes.len()).find_map(|index| {
        let note = |example: &&Example| Some(example.diagnostic.notes.get(index)?.message.clone());
        let said: Vec<String> = examples.iter().map(note).collect::<Option<_>>()?;
        let named = |word: &&String| said.iter().all(|note| words(note).any(|own| own == **word));
        let word = invented.iter().find(named)?;
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        let mut spoken = spoken(&said, Freedom::Different)?;
        spoken.simplify(&|_| false);
        spoken.pattern.contains(word.as_str()).then_some(spoken.pattern)
    })
}

/// The words that an action writes and that stood neither in the message nor in the lines that it changes.
fn invented(action: &Action, examples: &[&Example]) -> BTreeSet<String> {
    let written = match action {
        Action::Edit(edit) => edit.replace.as_str(),
        Action::Line(line) => match &line.change {
            LineChange::Present { line, .. } => line.as_str(),
            LineChange::Absent(_) => "",
        },
        _ => "",
    };
    let is_known = |word: &str| {
        examples.iter().any(|example| {
            let mut known = words(&example.diagnostic.message).chain(words(example.lines().0));
            known.any(|own| own == word)
        })
    };
    let literal: String = written.split("{{").map(|part| part.rsplit("}}").next().unwrap_or(part)).collect();
    words(&literal).filter(|word| word.len() > 1 && !is_known(word)).map(str::to_owned).collect()
}
