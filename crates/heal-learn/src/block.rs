use heal_model::{Action, Occurrences, PatternKind, PatternTemplate, Template, TextEdit};

use crate::compose::{Atom, Piece, compose};
use crate::example::Example;
use crate::sketch::operations;
use crate::slot::Put;
use crate::template::template;
use crate::text::line_around;
use crate::token::is_word;

/// Where a name is put into a list that the file has in brackets, or on one line: an import of several names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Block {
    /// On a line of its own, before the others.
    First,
    /// On a line of its own, after them.
    Last,
    /// Behind the last one of a line.
    Line,
}

/// A name that was put into a list.
struct Added<'a> {
    /// What the list begins with: the line that opens it, or what stands before its first name.
    head: &'a str,
    name: &'a str,
    /// What closes it.
    close: &'a str,
}

/// What closes a list on one line, the longest first; nothing closes one without brackets.
const CLOSES: [&str; 6] = ["};", "];", ")", "}", "]", ""];
/// What may stand in a list: anything but brackets.
const INSIDE: &str = r"[^()\[\]{}]*";

impl Block {
    pub(crate) const ALL: [Self; 3] = [Self::First, Self::Last, Self::Line];

    /// The step that puts each example's name in; `None` where the change is another, or the lists begin otherwise.
    pub(crate) fn put(self, examples: &[&Example], captures: &[(String, Vec<String>)]) -> Option<Put> {
        let first = examples.first()?;
        let added: Vec<Added<'_>> =
            examples.iter().map(|example| self.added(example)).collect::<Option<_>>()?;
        let close = added.first()?.close;
        if added.iter().any(|one| one.close != close) {
            return None;
        }
        let mut known = Atom::of(captures);
        known.extend(operations(&known));
        let heads: Vec<&str> = added.iter().map(|one| one.head).collect();
        let names: Vec<&str> = added.iter().map(|one| one.name).collect();
        let (head, name) = (compose(&heads, &known)?, compose(&names, &known)?);
        let files = vec![first.site.file(&first.path)?];
        let search = Template(self.pattern(&pattern(&head.pieces), &pattern(&name.pieces), close));
        Some(Put {
            action: Action::Edit(TextEdit {
                files,
                search: PatternTemplate { source: search, kind: PatternKind::Regex },
                replace: template(&self.replacement(&name.pieces, close))?,
                occurrences: Occurrences::One,
                at: None,
            }),
            when: None,
            written: name.written(),
            is_literal: name.is_literal(),
        })
    }

    /// A pattern for the list, if the name is not in it yet.
    fn pattern(self, head: &str, name: &str, close: &str) -> String {
        let absent = format!(r"(?!{INSIDE}(?<!\w){name}(?!\w))");
        let close =
            if close.is_empty() { String::new() } else { format!("(?<close>{})", regex::escape(close)) };
        match self {
            Self::First => format!(r"^(?<head>{head}[ \t]*\n{absent})(?<indent>[ \t]+)"),
            Self::Last => format!(
                r"^(?<head>{head}[ \t]*\n{absent}(?:{INSIDE}\n)?)(?<indent>[ \t]+)(?<last>[^()\[\]{{}}\s][^()\[\]{{}}\n]*,)\n(?<edge>[ \t]*){close}"
            ),
            Self::Line => format!(
                r"^(?<head>{head}(?![^\n]*(?<!\w){name}(?!\w))[^()\[\]{{}}\n]*[^()\[\]{{}}\s,]){close}$"
            ),
        }
    }

    /// What the pattern's match becomes.
    fn replacement(self, name: &[Piece], close: &str) -> Vec<Piece> {
        let value = |name: &str| Piece::Value(name.to_owned());
        let text = |text: &str| Piece::Literal(text.to_owned());
        let (before, behind) = match self {
            Self::First => (vec![value("head"), value("indent")], vec![text(",\n"), value("indent")]),
            Self::Last => (
                vec![value("head"), value("indent"), value("last"), text("\n"), value("indent")],
                vec![text(",\n"), value("edge"), value("close")],
            ),
            Self::Line if close.is_empty() => (vec![value("head"), text(", ")], Vec::new()),
            Self::Line => (vec![value("head"), text(", ")], vec![value("close")]),
        };
        [&before[..], name, &behind[..]].concat()
    }

    fn added(self, example: &Example) -> Option<Added<'_>> {
        match self {
            Self::First | Self::Last => on_a_line(example, self),
            Self::Line => behind_others(example),
        }
    }
}

/// A name on a line of its own, right behind the line that opens the list or right before the one that closes it.
fn on_a_line(example: &Example, place: Block) -> Option<Added<'_>> {
    let rows = example.rows.as_ref().filter(|rows| rows.old.is_empty())?;
    let name = rows.new.strip_suffix(",\n")?;
    let name = name.starts_with([' ', '\t']).then(|| name.trim_start())?;
    let (text, at) = (&example.before, rows.old.start);
    let before = &text[..at];
    let opens = before.rfind(['(', '[', '{', ')', ']', '}'])?;
    let head = &text[line_around(text, opens)];
    let inside = &text[opens + 1..];
    let end = inside.find(['(', '[', '{', ')', ']', '}'])?;
    let is_list = head.ends_with(['(', '[', '{']) && opens + 1 < at && opens + 1 + end >= at;
    let is_there = match place {
        Block::First => text[opens + 1..at].trim().is_empty(),
        Block::Last | Block::Line => text[at..opens + 1 + end].trim().is_empty(),
    };
    let close = &inside[end..=end];
    (is_list && is_there && is_one(name)).then_some(Added { head, name, close })
}

/// A name behind the last one of a line.
fn behind_others(example: &Example) -> Option<Added<'_>> {
    let rows = example.rows.as_ref()?;
    let old = example.before[rows.old.clone()].strip_suffix('\n')?;
    let new = rows.new.strip_suffix('\n').filter(|_| !old.contains('\n'))?;
    CLOSES.iter().find_map(|&close| {
        let name = new.strip_suffix(close)?.strip_prefix(old.strip_suffix(close)?)?.strip_prefix(", ")?;
        let opens = match close.chars().next() {
            Some(mark) => old.rfind(opening(mark))? + 1,
            None => old.find(" import ")? + " import ".len(),
        };
        is_one(name).then_some(Added { head: &old[..opens], name, close })
    })
}

fn opening(close: char) -> char {
    match close {
        ')' => '(',
        ']' => '[',
        _ => '{',
    }
}

/// Whether a text is one name: of a module too, or with another that it is given.
fn is_one(name: &str) -> bool {
    let fits = |c: char| is_word(c) || matches!(c, '.' | ':' | ' ');
    name.starts_with(is_word) && name.ends_with(is_word) && name.chars().all(fits)
}

fn pattern(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match piece {
        Piece::Literal(text) => regex::escape(text),
        Piece::Value(source) => format!("{{{{{source}}}}}"),
    };
    pieces.iter().map(one).collect()
}
