use std::collections::BTreeSet;

use heal_model::{
    Action, Engine, FileTrigger, Line, LineChange, LinePosition, Pattern, PatternKind, PatternTemplate,
    Template, Trigger,
};

use crate::compose::{Atom, Piece, compose};
use crate::example::Example;
use crate::sketch::operations;
use crate::template::template;
use crate::text::line_around;
use crate::token::is_word;

/// Where a line is put that belongs beside others of its kind: an import, a requirement. Best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// Before the first line of its kind.
    BeforeFirst,
    /// After the last.
    AfterLast,
    /// Before all lines.
    Start,
    /// After all lines.
    End,
}

/// A line that is put in, as a step.
pub(crate) struct Put {
    pub(crate) action: Action,
    /// That there is a line of its kind.
    pub(crate) when: Option<Trigger>,
    /// How many literal characters it writes.
    pub(crate) written: usize,
    pub(crate) is_literal: bool,
}

/// Most words that lines of one kind begin with.
const MOST_WORDS: usize = 4;

impl Slot {
    pub(crate) const ALL: [Self; 4] = [Self::BeforeFirst, Self::AfterLast, Self::Start, Self::End];

    /// The step that puts each example's line in; `None` where the change is another, or the lines have no kind.
    pub(crate) fn put(self, examples: &[&Example], captures: &[(String, Vec<String>)]) -> Option<Put> {
        let first = examples.first()?;
        let lines: Vec<&str> = examples.iter().map(|example| added(example)).collect::<Option<_>>()?;
        let mut known = Atom::of(captures);
        known.extend(operations(&known));
        let composed = compose(&lines, &known)?;
        let file = first.site.file(&first.path)?;
        let like = || kind(composed.pieces.first()?, &self.beside(examples)?);
        let (position, like) = match self {
            Self::BeforeFirst => (LinePosition::Before(regex(&like()?)), Some(like()?)),
            Self::AfterLast => (LinePosition::After(regex(&like()?)), Some(like()?)),
            Self::Start => (LinePosition::Start, None),
            Self::End => (LinePosition::End, None),
        };
        let change = LineChange::Present { line: template(&composed.pieces)?, position };
        Some(Put {
            action: Action::Line(Line { file: file.clone(), change }),
            when: like.map(|like| holds(&file, like)),
            written: composed.written(),
            is_literal: composed.is_literal(),
        })
    }

    /// The first words of the lines that the new ones were put beside.
    fn beside(self, examples: &[&Example]) -> Option<BTreeSet<String>> {
        let mut words = BTreeSet::new();
        for example in examples {
            let (text, at) = (&example.before, example.rows.as_ref()?.old.start);
            let line = match self {
                Self::BeforeFirst if at < text.len() => line_around(text, at),
                Self::AfterLast if at > 0 => line_around(text, at - 1),
                _ => return None,
            };
            words.extend(first_word(&text[line]).map(str::to_owned));
        }
        Some(words)
    }
}

/// The one line that an example's change puts in.
fn added(example: &Example) -> Option<&str> {
    let rows = example.rows.as_ref().filter(|rows| rows.old.is_empty())?;
    let line = rows.new.strip_suffix('\n')?;
    (!line.trim().is_empty() && !line.contains('\n')).then_some(line)
}

/// A pattern for lines that begin as the new one does, or as those beside it.
fn kind(start: &Piece, beside: &BTreeSet<String>) -> Option<String> {
    let Piece::Literal(text) = start else { return None };
    let own = first_word(text).filter(|word| word.len() < text.len())?;
    let mut words = beside.clone();
    words.insert(own.to_owned());
    let words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
    match words.as_slice() {
        [only] => Some(format!("^{only}\\b")),
        several => (several.len() <= MOST_WORDS).then(|| format!("^(?:{})\\b", several.join("|"))),
    }
}

fn first_word(line: &str) -> Option<&str> {
    let end = line.find(|c| !is_word(c) && c != '#').unwrap_or(line.len());
    let word = &line[..end];
    word.ends_with(is_word).then_some(word)
}

fn holds(path: &Template, like: String) -> Trigger {
    let contains = Pattern { source: like, kind: PatternKind::Regex, unicode: false, engine: Engine::Linear };
    Trigger::File(FileTrigger { contains: Some(contains), ..FileTrigger::at(path) })
}

fn regex(source: &str) -> PatternTemplate {
    PatternTemplate { source: Template(source.to_owned()), kind: PatternKind::Regex }
}
