use std::ops::Range;

use heal_model::{Bytes, ChangedFile, Diagnostic, Incident, Level, Mender, Time};

use crate::attributed::{attributed, distance};
use crate::hunk::{Hunk, applied, hunks, least};
use crate::site::{Said, Site, names};
use crate::text::{Text, line_around, offset_of};
use crate::token::is_word;

/// One incident as the learner sees it: a diagnostic, and the change of the file it names that ended it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    /// The incident's id.
    pub(crate) id: String,
    /// How the diagnostic leads to the file that was changed.
    pub(crate) site: Site,
    /// That file.
    pub(crate) path: String,
    /// Whether the diagnostic says at which column.
    pub(crate) has_column: bool,
    /// When it was.
    pub(crate) at: Time,
    pub(crate) diagnostic: Diagnostic,
    /// What else was complained of in the same run.
    pub(crate) others: Vec<Diagnostic>,
    /// What the tool printed.
    pub(crate) output: String,
    /// The file at the failure.
    pub(crate) content: Bytes,
    /// The file as heal would have left it: with the changes that are about the diagnostic, and no other.
    pub(crate) mended: Bytes,
    /// The same two with `\n` line ends.
    pub(crate) before: String,
    pub(crate) after: String,
    /// What the diagnostic points at: from its column to its end, or nothing where it tells no end.
    pub(crate) span: Range<usize>,
    /// The lines that differ, where they are one run.
    pub(crate) rows: Option<Hunk>,
    /// The smallest stretch of `before` that differs.
    pub(crate) edit: Range<usize>,
    /// How much longer the text has become.
    pub(crate) growth: isize,
}

/// How far a file is from a diagnostic that does not name it.
const FARTHEST: u64 = u64::MAX / 4;
/// How far a change is moved to where the diagnostic points, in bytes.
const FURTHEST: usize = 256;

/// Why nothing can be learned from an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Unfit {
    /// It has not ended.
    Open,
    /// A rule has ended it: what heal does itself is no evidence that it is right.
    Own,
    /// It passed without a change.
    Flaky,
    /// No diagnostic names a file that was changed, with a place in it.
    Elsewhere,
    /// The change is not of text, or too large.
    Large,
}

impl Example {
    /// Takes the diagnostic that lies nearest to a change of the file it names, and the changes that belong to it.
    pub(crate) fn of(incident: &Incident) -> Result<Self, Unfit> {
        let ending = incident.ending.as_ref().ok_or(Unfit::Open)?;
        let changes: Vec<&ChangedFile> =
            ending.changes.iter().filter(|change| change.before != change.after).collect();
        if changes.is_empty() {
            return Err(Unfit::Flaky);
        }
        if ending.by == Mender::Heal {
            return Err(Unfit::Own);
        }
        let mut nearest: Option<(u64, Self)> = None;
        let mut unfit = Unfit::Elsewhere;
        for diagnostic in &incident.diagnostics {
            for site in Site::ALL {
                match Self::about(incident, diagnostic, site, &changes) {
                    Ok((distance, example)) => {
                        if nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
                            nearest = Some((distance, example));
                        }
                    }
                    Err(other) => unfit = unfit.max(other),
                }
            }
        }
        nearest.map(|(_, example)| example).ok_or(unfit)
    }

    fn about(
        incident: &Incident,
        diagnostic: &Diagnostic,
        site: Site,
        changes: &[&ChangedFile],
    ) -> Result<(u64, Self), Unfit> {
        let said = site.said(diagnostic);
        if said.is_none() && site != Site::Other {
            return Err(Unfit::Elsewhere);
        }
        let change = changed(diagnostic, said, changes).ok_or(Unfit::Elsewhere)?;
        let (Some(content), Some(mended)) = (&change.before, &change.after) else { return Err(Unfit::Large) };
        let (Some(text), Some(after)) = (Text::new(content), Text::new(mended)) else {
            return Err(Unfit::Large);
        };
        let before = text.plain.clone();
        let column = said.and_then(|(_, _, column)| column);
        let (_, line, _) = said.unwrap_or(("", 1, None));
        let start = offset_of(&before, line, column.unwrap_or(1)).ok_or(Unfit::Elsewhere)?;
        let end = diagnostic.end_line.zip(diagnostic.end_column).filter(|_| site == Site::Own);
        let end = end.and_then(|(line, column)| offset_of(&before, line, column)).filter(|&end| end >= start);
        let span = start..end.unwrap_or(start);
        let all = hunks(&before, &after.plain).ok_or(Unfit::Large)?;
        let kept = attributed(&before, &all, &span, &diagnostic.message);
        let lines = kept.iter().map(|hunk| u64::from(distance(&before, hunk, &span))).min();
        let distance = if said.is_some() { lines.unwrap_or(0) } else { FARTHEST };
        let after = applied(&before, &kept);
        let (edit, len) = least(&before, &after);
        let growth = len.cast_signed() - edit.len().cast_signed();
        let edit = whole_words(&before, &after, slid(&before, &after, edit, growth, &span), growth);
        let rows = match kept.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        let splices: Vec<(Range<usize>, String)> =
            kept.into_iter().map(|hunk| (hunk.old, hunk.new)).collect();
        let severity = u64::from(diagnostic.level < Level::Warning);
        Ok((
            distance * 2 + severity,
            Self {
                id: incident.id.clone(),
                site,
                path: change.path.to_string(),
                has_column: column.is_some(),
                at: incident.at,
                diagnostic: diagnostic.clone(),
                others: incident.diagnostics.iter().filter(|one| *one != diagnostic).cloned().collect(),
                output: incident.output.clone(),
                content: content.clone(),
                mended: text.spliced(&splices).into(),
                before,
                after,
                span,
                rows,
                edit,
                growth,
            },
        ))
    }

    /// Where what is changed on the diagnostic's line begins: at its column or, where it tells none, with the change.
    pub(crate) fn pivot(&self) -> usize {
        let line = line_around(&self.before, self.span.start);
        let is_there = !self.has_column && line.start <= self.edit.start && self.edit.start <= line.end;
        if is_there { self.edit.start } else { self.span.start }
    }

    /// Whether another is about a file that is named the same way, and a place that is.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.site == other.site
            && self.has_column == other.has_column
            && (self.site != Site::Other || self.path == other.path)
    }

    /// What examples are ordered by, so that it does not count in which order incidents come.
    pub(crate) fn rank(&self) -> impl Ord + use<'_> {
        (
            &self.id,
            &self.diagnostic.message,
            self.diagnostic.line,
            self.diagnostic.column,
            &self.content,
            &self.mended,
        )
    }

    /// Where the diagnostic points.
    pub(crate) fn start(&self) -> usize {
        self.span.start
    }

    /// What a stretch of the old text, which must hold the whole change, has become.
    pub(crate) fn become_of(&self, range: &Range<usize>) -> Option<&str> {
        (range.start <= self.edit.start && self.edit.end <= range.end)
            .then(|| self.after.get(range.start..range.end.checked_add_signed(self.growth)?))
            .flatten()
    }

    /// The lines that the change lies on, as they were and as they became.
    pub(crate) fn lines(&self) -> (&str, &str) {
        let text = &self.before;
        let lines = line_around(text, self.edit.start).start..line_around(text, self.edit.end).end;
        (&text[lines.clone()], self.become_of(&lines).unwrap_or_default())
    }

    /// What must differ for two incidents to be two: message, old text, new text.
    pub(crate) fn essence(&self) -> (&str, &str, &str) {
        let (old, new) = self.lines();
        (&self.diagnostic.message, old, new)
    }

    /// The same among other lines: every word outside those that changed is another.
    pub(crate) fn elsewhere(&self) -> Option<Self> {
        let other = |text: &str| text.chars().map(|c| if is_word(c) { 'x' } else { c }).collect::<String>();
        let (mut before, mut after, mut copied) = (String::new(), String::new(), 0);
        for hunk in hunks(&self.before, &self.after)? {
            let kept = other(&self.before[copied..hunk.old.start]);
            before.extend([kept.as_str(), &self.before[hunk.old.clone()]]);
            after.extend([kept.as_str(), &hunk.new]);
            copied = hunk.old.end;
        }
        let rest = other(&self.before[copied..]);
        Some(Self { content: (before + &rest).into(), mended: (after + &rest).into(), ..self.clone() })
    }
}

/// The change of the file that is said; where none is, the only change of a file that the diagnostic does not name.
fn changed<'a>(
    diagnostic: &Diagnostic,
    said: Option<Said<'_>>,
    changes: &[&'a ChangedFile],
) -> Option<&'a ChangedFile> {
    if let Some((file, ..)) = said {
        let file = file.trim_start_matches("./");
        let same = changes.iter().find(|change| change.path.as_str() == file);
        let mut below = changes.iter().filter(|change| names(file, change.path.as_str()));
        return match (same, below.next(), below.next()) {
            (Some(same), ..) => Some(same),
            (None, found, None) => found.copied(),
            // From which folder it was called nobody knows any more.
            (None, _, Some(_)) => None,
        };
    }
    let named: Vec<&str> =
        Site::ALL.iter().filter_map(|site| site.said(diagnostic)).map(|(file, ..)| file).collect();
    match changes {
        [only] if !named.iter().any(|file| names(file, only.path.as_str())) => Some(only),
        _ => None,
    }
}

/// A change of part of a word is one of the word.
fn whole_words(before: &str, after: &str, edit: Range<usize>, growth: isize) -> Range<usize> {
    let new =
        edit.end.checked_add_signed(growth).and_then(|end| after.get(edit.start..end)).unwrap_or_default();
    let (head, old, tail) = (&before[..edit.start], &before[edit.clone()], &before[edit.end..]);
    let starts = |text: &str| text.starts_with(is_word);
    let ends = |text: &str| text.ends_with(is_word);
    let joins_head = ends(head) && (starts(old) || starts(new) || old.is_empty() && starts(tail));
    let joins_tail = starts(tail) && (ends(old) || ends(new) || old.is_empty() && ends(head));
    let word = |text: &str| text.len() - text.trim_end_matches(is_word).len();
    let start = if joins_head { edit.start - word(head) } else { edit.start };
    let rest = tail.trim_start_matches(is_word).len();
    let end = if joins_tail { before.len() - rest } else { edit.end };
    start..end
}

/// A change may often be seen at several places next to each other, as when one of two equal brackets goes: takes the
/// one at the diagnostic's start, or inside its span.
fn slid(before: &str, after: &str, edit: Range<usize>, growth: isize, span: &Range<usize>) -> Range<usize> {
    let same = |at: usize| {
        let end = at + edit.len();
        let (Some(head), Some(tail)) = (before.get(..at), before.get(end..)) else { return false };
        let rest = end.checked_add_signed(growth).and_then(|from| after.get(from..));
        after.get(..at) == Some(head) && rest == Some(tail)
    };
    let reach = edit.len().max(edit.len().saturating_add_signed(growth));
    let lowest = edit.start.saturating_sub(reach.min(FURTHEST));
    let places: Vec<usize> = (lowest..=edit.start).rev().filter(|&at| same(at)).collect();
    let moved = |at: usize| at..at + edit.len();
    if places.contains(&span.start) {
        return moved(span.start);
    }
    let inside = places.iter().find(|&&at| span.start <= at && at + edit.len() <= span.end);
    inside.map_or(edit.clone(), |&at| moved(at))
}
