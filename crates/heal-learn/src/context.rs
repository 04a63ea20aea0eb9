use std::collections::BTreeSet;

use heal_model::{Engine, FileTrigger, Pattern, PatternKind, Template, Trigger};

use crate::compose::Piece;
use crate::example::Example;
use crate::token::is_word;
use crate::tree::words;

/// What a replacement takes from the file it is put in: names that it writes of its own accord, and that stood elsewhere
/// in the file of every example. Where the file at hand has no such name, the edit would name what is not there.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Taken {
    /// Names that are written out.
    pub(crate) names: Vec<String>,
    /// Whether a name is made of a value and letters of the replacement: which one it is, no pattern can say.
    pub(crate) is_composed: bool,
}

/// Finds what the examples' new texts name, their old lines and messages do not, and the rest of each file does.
pub(crate) fn taken(pieces: &[Piece], examples: &[&Example]) -> Taken {
    let mut all = examples.iter().map(|example| borrowed(example));
    let Some(first) = all.next() else { return Taken::default() };
    let each: Vec<BTreeSet<String>> = std::iter::once(first).chain(all).collect();
    if each.iter().any(BTreeSet::is_empty) {
        return Taken::default();
    }
    let is_common = |name: &&String| each.iter().all(|names| names.contains(*name));
    let literal: String =
        pieces.iter().map(|piece| if let Piece::Literal(text) = piece { text } else { " " }).collect();
    let is_written = |name: &&String| words(&literal).any(|own| own == name.as_str());
    let names: Vec<String> = each[0].iter().filter(is_common).filter(is_written).cloned().collect();
    let is_composed = names.is_empty() && pieces.windows(2).any(grow_together);
    Taken { names, is_composed }
}

/// That the file has each of these names.
pub(crate) fn holds(file: &Template, names: &[String]) -> Option<Trigger> {
    let has = |name: &String| {
        let source = format!(r"\b{}\b", regex::escape(name));
        let contains = Pattern { source, kind: PatternKind::Regex, unicode: false, engine: Engine::Linear };
        Trigger::File(FileTrigger { contains: Some(contains), ..FileTrigger::at(file) })
    };
    match names {
        [] => None,
        [only] => Some(has(only)),
        several => Some(Trigger::All(several.iter().map(has).collect())),
    }
}

/// The names that an example's new lines hold, its old ones and its message do not, and other lines of its file do.
fn borrowed(example: &Example) -> BTreeSet<String> {
    let (old, new) = example.lines();
    let is_name = |word: &&str| word.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let mut known: BTreeSet<&str> = words(old).chain(words(&example.diagnostic.message)).collect();
    known.extend(example.diagnostic.notes.iter().flat_map(|note| words(&note.message)));
    let there: BTreeSet<&str> = words(&example.before).collect();
    words(new)
        .filter(is_name)
        .filter(|word| !known.contains(word) && there.contains(word))
        .map(str::to_owned)
        .collect()
}

/// Whether a value and literal text beside it make one word.
fn grow_together(pair: &[Piece]) -> bool {
    match pair {
        [Piece::Literal(text), Piece::Value(_)] => text.ends_with(is_word),
        [Piece::Value(_), Piece::Literal(text)] => text.starts_with(is_word),
        _ => false,
    }
}
