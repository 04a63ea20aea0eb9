use std::cmp::Reverse;
use std::ops::Range;

use heal_model::{Action, Anchor, Occurrences, PatternKind, PatternTemplate, Step, Template, TextEdit};

use crate::compose::Piece;
use crate::draft::{Draft, Reach, about, draft, mends_all, message, said};
use crate::example::Example;
use crate::frame::Frame;
use crate::hole::Breadth;
use crate::hunk::{Hunk, hunks};
use crate::message::Freedom;
use crate::site::Site;
use crate::sketch::Generality;
use crate::template::template;
use crate::text::{line_around, line_at};
use crate::tree::{literal_weight, parse, words};

/// How many changes one rule may make.
pub(crate) const MOST_CHANGES: usize = 3;
/// How many lines around a change say where it is, at most: on each side.
const AROUND: usize = 3;
/// How many lines from the diagnostic's a change is still tied to it.
const NEAR: i64 = 3;

/// A rule for what was seen once: the same message about the same lines has the same end.
pub(crate) fn literal(examples: &[&Example]) -> Option<Draft> {
    near(examples).or_else(|| anywhere(examples))
}

/// The lines as they were, at the place that the diagnostic names.
fn near(examples: &[&Example]) -> Option<Draft> {
    let reach =
        Reach { freedom: Freedom::Different, generality: Generality::Strict, breadth: Breadth::Narrow };
    let first = examples.first()?;
    let is_other = first.site == Site::Other;
    let frames = Frame::all(first);
    frames
        .into_iter()
        .filter(|frame| matches!(frame, Frame::Above | Frame::Rows(_) | Frame::Lines(_)) || is_other)
        .find_map(|frame| draft(examples, frame, reach))
}

/// The lines as they were, in several places or far from the diagnostic: those near it where they were, the others
/// wherever in the file they stand once.
fn anywhere(examples: &[&Example]) -> Option<Draft> {
    let first = examples.first()?;
    let changes = hunks(&first.before, &first.after)?;
    if changes.is_empty() || changes.len() > MOST_CHANGES {
        return None;
    }
    let mut places: Vec<Lines> = changes.iter().map(|change| place(first, change)).collect::<Option<_>>()?;
    // From the last to the first, so that no step moves what a later one is tied to; what is moved is taken out before it
    // is put in, so that it stands there once.
    let grows = |lines: &Lines| lines.at.is_none() && lines.new.len() > lines.old.len();
    places.sort_by_key(|lines| (lines.at.is_none(), grows(lines), Reverse(lines.old.start)));
    let mut spoken = message(examples, Freedom::Different)?;
    let steps = places.iter().map(|lines| lines.step(first)).collect::<Option<_>>()?;
    let rule = about(examples, &mut spoken, steps)?;
    let says = |lines: &Lines| literal_weight(&parse(&first.before[lines.old.clone()]));
    let draft = Draft {
        words: said(&rule, &spoken),
        rule,
        frame: Frame::Anywhere,
        weight: places.iter().map(says).sum(),
        is_literal: true,
        written: places.iter().map(|lines| lines.new.len()).sum(),
    };
    mends_all(&draft.rule, examples).then_some(draft)
}

/// Lines that give way to others.
struct Lines {
    old: Range<usize>,
    new: String,
    at: Option<Anchor>,
}

impl Lines {
    /// A change with so many lines around it.
    fn around(example: &Example, change: &Hunk, count: usize) -> Self {
        let text = &example.before;
        let mut old = change.old.clone();
        for _ in 0..count {
            old.start = old.start.checked_sub(1).map_or(0, |before| line_around(text, before).start);
            old.end = (line_around(text, old.end).end + 1).min(text.len());
        }
        let (head, tail) = (&text[old.start..change.old.start], &text[change.old.end..old.end]);
        Self { new: format!("{head}{}{tail}", change.new), at: anchor(example, old.start), old }
    }

    /// Whether they say where they are: near the diagnostic any do; elsewhere they hold a word, and stand there once.
    fn are_found(&self, text: &str) -> bool {
        let old = &text[self.old.clone()];
        let starts_line = |at: &usize| *at == 0 || text[..*at].ends_with('\n');
        let count = || text.match_indices(old).map(|(at, _)| at).filter(starts_line).count();
        !old.is_empty() && (self.at.is_some() || words(old).next().is_some() && count() == 1)
    }

    fn step(&self, example: &Example) -> Option<Step> {
        let old = &example.before[self.old.clone()];
        let end = if old.ends_with('\n') { "" } else { "$" };
        let source = Template(format!("^{}{end}", regex::escape(old)));
        Some(Step::new(Action::Edit(TextEdit {
            files: vec![example.site.file(&example.path)?],
            search: PatternTemplate { source, kind: PatternKind::Regex },
            replace: template(&[Piece::Literal(self.new.clone())])?,
            occurrences: Occurrences::One,
            at: self.at.clone(),
        })))
    }
}

/// A change with as few lines around it as say where it is.
fn place(example: &Example, change: &Hunk) -> Option<Lines> {
    let widths = (0..=AROUND).map(|count| Lines::around(example, change, count));
    widths.into_iter().find(|lines| lines.are_found(&example.before))
}

/// Ties an edit to a line near the diagnostic's.
fn anchor(example: &Example, start: usize) -> Option<Anchor> {
    let line = |at: usize| i64::from(line_at(&example.before, at));
    let offset = line(start) - line(example.start());
    let said = example.site.line();
    let line = match offset {
        0 => format!("{{{{{said}}}}}"),
        offset => format!("{{{{add {said} {offset}}}}}"),
    };
    let is_near = example.site != Site::Other && offset.abs() <= NEAR;
    is_near.then(|| Anchor { line: Template(line), column: Some("1".into()), within: 0, to: None })
}
