use std::ops::Range;

use crate::block::Block;
use crate::example::Example;
use crate::site::Site;
use crate::slot::Slot;
use crate::text::{line_around, line_at};
use crate::token::{is_word, tokens};

/// Which stretch of the file an edit is about, as the diagnostic's place gives it. The order is the order of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Frame {
    /// What the tool itself offers.
    Suggestion,
    /// From the diagnostic's column to its end, where all of it gives way to what the message quotes.
    Quoted,
    /// From the diagnostic's column to its end.
    Span,
    /// Nothing, at its column: something is put in.
    Insert,
    /// One word, wherever it stands on the diagnostic's line.
    Word,
    /// The change and the diagnostic's span together, with so many tokens before and after.
    Context(usize, usize),
    /// From its column to the end of the line.
    Tail,
    /// From its column to the end of the line, but for the marks that close it: a statement without its `;` or `{`.
    Rest,
    /// The last token before the diagnostic's, where that is the first of its line: what is missing there, or too much.
    Gap,
    /// The whole line that this token is on, whatever number of empty ones lies between.
    Above,
    /// Whole lines with their ends, the first of which lies so many lines after the diagnostic's: those that differ.
    Rows(i32),
    /// Whole lines, the first of which lies so many lines after the diagnostic's.
    Lines(i32),
    /// A line of its own, wherever others of its kind are.
    Slot(Slot),
    /// One more name in a list that the file has.
    Block(Block),
    /// Whole lines as they were, wherever they stand: for what was seen once, and no other.
    Anywhere,
}

/// How many tokens before and after are taken in, the fewest first.
const CONTEXTS: [(usize, usize); 9] =
    [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (2, 2)];
/// Texts of more lines are not compared.
const MOST_LINES: usize = 12;
/// Longer texts are not compared.
const LONGEST: usize = 2_000;

impl Frame {
    /// The frames to try on an example, best first.
    pub(crate) fn all(example: &Example) -> Vec<Self> {
        let slots: Vec<Self> =
            Slot::ALL.map(Self::Slot).into_iter().chain(Block::ALL.map(Self::Block)).collect();
        if example.site == Site::Other {
            return slots;
        }
        let first = line_at(&example.before, lines(example).start);
        let offset = i64::from(first) - i64::from(line_at(&example.before, example.start()));
        let whole = example.rows.as_ref().is_some_and(|rows| rows.old.is_empty() || rows.new.is_empty());
        let mut frames = vec![Self::Suggestion, Self::Quoted, Self::Span, Self::Insert, Self::Word];
        // Without a column it is what stands on both sides that says where on the line.
        let enough = |&(before, after): &(usize, usize)| example.has_column || before > 0 && after > 0;
        let contexts = CONTEXTS.into_iter().filter(enough);
        if !whole {
            frames.extend(contexts.map(|(before, after)| Self::Context(before, after)));
            frames.extend([Self::Tail, Self::Rest]);
        }
        frames.extend([Self::Gap, Self::Above]);
        let near = |offset: i64| i32::try_from(offset).ok().filter(|offset| offset.abs() <= 3);
        if let Some(rows) = &example.rows {
            let first = line_at(&example.before, rows.old.start);
            let offset = i64::from(first) - i64::from(line_at(&example.before, example.start()));
            frames.extend(near(offset).map(Self::Rows));
        }
        frames.extend(near(offset).map(Self::Lines));
        frames.extend(slots);
        frames
    }

    /// Whether it says little of where in the file its stretch is: what agrees there may do so by chance.
    pub(crate) fn is_weak(self) -> bool {
        matches!(
            self,
            Self::Context(..)
                | Self::Rest
                | Self::Tail
                | Self::Gap
                | Self::Above
                | Self::Rows(_)
                | Self::Lines(_)
        )
    }

    /// An example's old text in this frame, and its new one; `None` where the change does not lie in it.
    pub(crate) fn texts(self, example: &Example) -> Option<(&str, &str)> {
        if self == Self::Word {
            return renamed(example);
        }
        if let Self::Rows(offset) = self {
            return rows(example, offset);
        }
        let range = self.stretch(example)?;
        let (old, new) = (example.before.get(range.clone())?, example.become_of(&range)?);
        // What goes at the end of a line takes the blanks behind it along.
        Some((if self == Self::Gap { old.trim_end() } else { old }, new))
    }

    /// Where an example's old text is in this frame, if it is one stretch of the file.
    pub(crate) fn stretch(self, example: &Example) -> Option<Range<usize>> {
        let (text, start, edit) = (&example.before, example.pivot(), &example.edit);
        let after = example.span.end.max(edit.end);
        let range = match self {
            Self::Suggestion
            | Self::Word
            | Self::Rows(_)
            | Self::Slot(_)
            | Self::Block(_)
            | Self::Anywhere => return None,
            Self::Quoted | Self::Span | Self::Insert | Self::Rest | Self::Tail if !example.has_column => {
                return None;
            }
            Self::Quoted | Self::Span => (!example.span.is_empty()).then(|| example.span.clone())?,
            Self::Insert => {
                let next = text[start..].chars().next()?;
                (edit.is_empty() && edit.start == start).then(|| start..start + next.len_utf8())?
            }
            Self::Context(before, more) => {
                let mut first = word_start(text, edit.start.min(start));
                let mut last = covering(text, start, word_end(text, after));
                if edit.start >= start && before == 0 {
                    first = start;
                }
                first = (0..before).fold(first, |at, _| token_before(text, at));
                last = (0..more).fold(last, |at, _| token_after(text, at));
                first..last
            }
            Self::Tail => start..line_around(text, edit.end).end,
            Self::Rest => start..closed(text, line_around(text, edit.end))?,
            Self::Gap => last_before(text, start, edit)?,
            Self::Above => {
                let line = line_around(text, last_before(text, start, edit)?.end);
                (line.start <= edit.start).then_some(line)?
            }
            Self::Lines(offset) => {
                let lines = lines(example);
                let found = i64::from(line_at(text, lines.start)) - i64::from(line_at(text, start));
                (found == i64::from(offset)).then_some(lines)?
            }
        };
        let old = text.get(range.clone())?;
        let fits = |text: &str| text.len() <= LONGEST && text.lines().count() <= MOST_LINES;
        let new = example.become_of(&range)?;
        let is_nothing = old.is_empty() && !matches!(self, Self::Lines(_) | Self::Gap);
        (fits(old) && fits(new) && !is_nothing).then_some(range)
    }
}

/// The marks that close a line.
pub(crate) const CLOSING: [char; 4] = [';', '{', ',', ':'];

/// The end of a line without the marks that close it.
fn closed(text: &str, line: Range<usize>) -> Option<usize> {
    let bare = text[line.clone()].trim_end_matches(|c| CLOSING.contains(&c) || c == ' ' || c == '\t');
    (!bare.is_empty()).then_some(line.start + bare.len())
}

/// The last token before a place that is the first of its line; nothing, where something is only put in after it.
fn last_before(text: &str, at: usize, edit: &Range<usize>) -> Option<Range<usize>> {
    let end = text[..at].trim_end().len();
    if end == 0 || !text[end..at].contains('\n') {
        return None;
    }
    let start = if edit.is_empty() && edit.start == end { end } else { token_before(text, end) };
    let last = if edit.end > end { line_around(text, end).end } else { end };
    (start <= edit.start && edit.end <= last).then_some(start..last)
}

fn rows(example: &Example, offset: i32) -> Option<(&str, &str)> {
    let rows = example.rows.as_ref()?;
    let first = i64::from(line_at(&example.before, rows.old.start));
    let old = &example.before[rows.old.clone()];
    let here = first - i64::from(line_at(&example.before, example.start())) == i64::from(offset);
    let short = |text: &str| text.lines().count() <= MOST_LINES && text.len() <= LONGEST;
    (here && short(old) && short(&rows.new)).then_some((old, rows.new.as_str()))
}

/// The word that the change replaces, all over the diagnostic's line and nowhere else, and what it becomes.
fn renamed(example: &Example) -> Option<(&str, &str)> {
    let line = line_around(&example.before, example.start());
    let (old, new) = (tokens(&example.before[line.clone()]), tokens(example.become_of(&line)?));
    if old.len() != new.len() {
        return None;
    }
    let pairs = || old.iter().zip(&new).map(|(old, new)| (old.text, new.text));
    let (from, to) = pairs().find(|(old, new)| old != new)?;
    let fits =
        from.chars().all(is_word) && pairs().all(|(old, new)| new == if old == from { to } else { old });
    fits.then_some((from, to))
}

/// The lines that the change lies on.
fn lines(example: &Example) -> Range<usize> {
    let text = &example.before;
    line_around(text, example.edit.start).start..line_around(text, example.edit.end).end
}

/// An end after a column: at least the token there is inside.
fn covering(text: &str, column: usize, end: usize) -> usize {
    let next = text[column..].chars().next().map_or(0, char::len_utf8);
    end.max(word_end(text, column + next))
}

fn word_end(text: &str, at: usize) -> usize {
    let inside = text[..at].ends_with(is_word);
    let rest = &text[at..];
    if inside { at + rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { at }
}

fn word_start(text: &str, at: usize) -> usize {
    let inside = text[at..].starts_with(is_word);
    if inside { before_word(text, at) } else { at }
}

fn before_word(text: &str, at: usize) -> usize {
    text[..at].char_indices().rev().take_while(|&(_, c)| is_word(c)).last().map_or(at, |(start, _)| start)
}

/// Past the token after a place, blanks between them included; the line's end is the last place.
fn token_after(text: &str, at: usize) -> usize {
    let end = line_around(text, at).end;
    let rest = &text[at..end];
    let blank = rest.len() - rest.trim_start().len();
    let Some(first) = rest[blank..].chars().next() else { return end };
    if is_word(first) { word_end(text, at + blank + first.len_utf8()) } else { at + blank + first.len_utf8() }
}

/// Before the token that ends before a place; the line's start is the first place.
fn token_before(text: &str, at: usize) -> usize {
    let start = line_around(text, at).start;
    let head = text[start..at].trim_end();
    let Some(last) = head.chars().next_back() else { return start };
    let end = start + head.len();
    if is_word(last) { before_word(text, end) } else { end - last.len_utf8() }
}
