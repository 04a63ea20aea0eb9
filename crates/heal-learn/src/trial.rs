use std::collections::BTreeMap;
use std::ops::Range;

use heal_model::{
    Action, Anchor, Diagnostic, DiagnosticTrigger, Incident, Occurrences, Pattern, Rule, Step, Suggestions,
    Template, TextEdit, Trigger,
};
use heal_pattern::{Caught, Compiled};

use crate::compiled::compiled;
use crate::example::Example;
use crate::fill::{Escape, fill};
use crate::lined::{holds, lined};
use crate::site::names;
use crate::text::{Text, line_around, line_at, offset_of};
use crate::token::is_word;

type Captures = BTreeMap<String, String>;

/// A learned rule tried out on one diagnostic and one file, as the stages that match and plan would apply it.
///
/// It knows just the part of the language that learned rules are written in; any other rule mends nothing here.
#[derive(Debug)]
pub struct Trial<'a> {
    trigger: &'a DiagnosticTrigger,
    code: Option<Compiled>,
    message: Option<Compiled>,
    help: Option<Compiled>,
    steps: &'a [Step],
}

impl<'a> Trial<'a> {
    /// Compiles a rule's trigger; `None` where the rule is not of the learned kind.
    #[must_use]
    pub fn new(rule: &'a Rule) -> Option<Self> {
        let Trigger::Diagnostic(trigger) = &rule.trigger else { return None };
        if trigger.file.is_some() || rule.steps.is_empty() {
            return None;
        }
        let compile = |pattern: &Option<Pattern>| match pattern {
            Some(pattern) => Compiled::new(pattern).ok().map(Some),
            None => Some(None),
        };
        Some(Self {
            trigger,
            code: compile(&trigger.code)?,
            message: compile(&trigger.message)?,
            help: compile(&trigger.help)?,
            steps: &rule.steps,
        })
    }

    /// What the trigger's patterns catch; `None` where the diagnostic is another.
    #[must_use]
    pub fn captures(&self, diagnostic: &Diagnostic) -> Option<BTreeMap<String, String>> {
        let trigger = self.trigger;
        let fits = trigger.tool.as_ref().is_none_or(|tool| *tool == diagnostic.tool)
            && trigger.level.is_none_or(|least| diagnostic.level >= least)
            && trigger.suggestion.is_none_or(|offered| offered.fits(&diagnostic.suggestions));
        if !fits {
            return None;
        }
        let mut captures = Captures::new();
        catch(self.message.as_ref(), &diagnostic.message, &mut captures)?;
        catch(self.code.as_ref(), diagnostic.code.as_deref().unwrap_or_default(), &mut captures)?;
        if self.help.is_some() {
            let notes = diagnostic.notes.iter();
            notes
                .map(|note| catch(self.help.as_ref(), &note.message, &mut captures))
                .find(Option::is_some)?;
        }
        for (name, value) in diagnostic.places().into_iter().filter_map(|(name, value)| Some((name, value?)))
        {
            captures.entry(name.to_owned()).or_insert(value);
        }
        Some(captures)
    }

    /// Whether it does with an incident what a person did, byte for byte.
    #[must_use]
    pub fn mends(&self, incident: &Incident) -> bool {
        let Ok(example) = Example::of(incident) else { return false };
        self.mend(&example.diagnostic, &example.path, &example.content)
            .is_some_and(|found| found.as_bytes() == &*example.mended)
    }

    /// What becomes of the file at a path; `None` where the rule does not fit, an edit finds nothing, or it would change
    /// another file.
    #[must_use]
    pub fn mend(&self, diagnostic: &Diagnostic, path: &str, content: &[u8]) -> Option<String> {
        let captures = self.captures(diagnostic)?;
        let mut content = std::str::from_utf8(content).ok()?.to_owned();
        for step in self.steps {
            let text = Text::new(content.as_bytes())?;
            let file = match &step.action {
                Action::Edit(edit) => edit.files.first()?.as_str(),
                Action::Line(line) => line.file.as_str(),
                _ => "{{file}}",
            };
            if !names(&fill(file, &captures, Escape::Plain)?, path) || !holds(step.when.as_ref(), &text.plain)
            {
                return None;
            }
            let splices = match &step.action {
                Action::Line(line) => lined(line, &text.plain, &captures)?,
                Action::Edit(edit) => edited(edit, &text.plain, &captures)?,
                Action::Suggestions(suggestions) => suggested(suggestions, diagnostic, &text.plain)?,
                _ => return None,
            };
            content = text.spliced(&splices);
        }
        Some(content)
    }
}

fn catch(pattern: Option<&Compiled>, text: &str, captures: &mut Captures) -> Option<()> {
    let Some(pattern) = pattern else { return Some(()) };
    for group in pattern.find(text.as_bytes())?.groups {
        captures.entry(group.name).or_insert(text.get(group.range)?.to_owned());
    }
    Some(())
}

fn edited(edit: &TextEdit, text: &str, captures: &Captures) -> Option<Vec<(Range<usize>, String)>> {
    let mut places = match &edit.at {
        Some(anchor) => anchored(edit, anchor, text, captures)?,
        None => anywhere(text, &compiled(&edit.search, captures, false)?, &|_| Some(true))?,
    };
    match edit.occurrences {
        Occurrences::All => {}
        Occurrences::First => places.truncate(1),
        Occurrences::One if places.len() > 1 => return None,
        Occurrences::One => {}
    }
    let is_whole = edit.at.as_ref().is_some_and(|anchor| anchor.to.is_some());
    let replaced = |caught: Caught| {
        let mut captures = captures.clone();
        for group in caught.groups {
            captures.insert(group.name, text.get(group.range)?.to_owned());
        }
        let new = fill(edit.replace.as_str(), &captures, Escape::Plain)?;
        (!is_whole || is_apart(text, &caught.range, &new)).then_some((caught.range, new))
    };
    let splices: Option<Vec<_>> = places.into_iter().map(replaced).collect();
    splices.filter(|splices| !splices.is_empty())
}

/// Where an edit finds its pattern near the place that it is tied to.
fn anchored(edit: &TextEdit, anchor: &Anchor, text: &str, captures: &Captures) -> Option<Vec<Caught>> {
    let number =
        |template: &Template| fill(template.as_str(), captures, Escape::Plain)?.trim().parse::<u32>().ok();
    let line = number(&anchor.line)?;
    let start = match &anchor.column {
        Some(column) => Some(offset_of(text, line, number(column)?)?),
        None => None,
    };
    match (&anchor.to, start) {
        (Some(to), Some(start)) => {
            let end = offset_of(text, number(&to.line)?, number(&to.column)?)?;
            let pattern = compiled(&edit.search, captures, true)?;
            let found = pattern.find(text.get(start..end)?.as_bytes());
            Some(found.map(|caught| moved(caught, start)).into_iter().collect())
        }
        (Some(_), None) => None,
        (None, start) => near(text, &compiled(&edit.search, captures, false)?, anchor, line, start),
    }
}

/// Whether what takes a stretch's place grows together with nothing beside it, as the engine demands of an edit that is
/// tied to both ends.
fn is_apart(text: &str, range: &Range<usize>, new: &str) -> bool {
    let (head, old, tail) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
    let joints = |middle: &str| {
        let (first, last) = if middle.is_empty() { (tail, head) } else { (middle, middle) };
        [grows(head, first), grows(last, tail)]
    };
    range.is_empty() || joints(new).iter().zip(joints(old)).all(|(new, old)| !new || old)
}

/// Whether two texts side by side make one word of two.
fn grows(left: &str, right: &str) -> bool {
    left.ends_with(is_word) && right.starts_with(is_word)
}

fn moved(mut caught: Caught, by: usize) -> Caught {
    caught.range = caught.range.start + by..caught.range.end + by;
    for group in &mut caught.groups {
        group.range = group.range.start + by..group.range.end + by;
    }
    caught
}

/// How often one pattern may be found in one file.
const MOST: usize = 10_000;

fn near(
    text: &str,
    pattern: &Compiled,
    anchor: &Anchor,
    line: u32,
    start: Option<usize>,
) -> Option<Vec<Caught>> {
    if let Some(start) = start {
        let at = pattern.find_at(text.as_bytes(), start).filter(|caught| caught.range.start == start);
        if let Some(caught) = at {
            return Some(vec![caught]);
        }
    }
    anywhere(text, pattern, &|range| covers(text, range, anchor, line, start))
}

/// Where a pattern is found, of the places that count.
fn anywhere(
    text: &str,
    pattern: &Compiled,
    counts: &dyn Fn(&Range<usize>) -> Option<bool>,
) -> Option<Vec<Caught>> {
    let mut places = Vec::new();
    let mut from = 0;
    let mut count = 0;
    while let Some(caught) = (from <= text.len()).then(|| pattern.find_at(text.as_bytes(), from)).flatten() {
        count += 1;
        if count > MOST {
            return None;
        }
        from = caught.range.end + usize::from(caught.range.is_empty());
        if counts(&caught.range)? {
            places.push(caught);
        }
    }
    Some(places)
}

fn covers(
    text: &str,
    range: &Range<usize>,
    anchor: &Anchor,
    line: u32,
    start: Option<usize>,
) -> Option<bool> {
    let found = text.get(range.clone())?;
    let first = line_at(text, range.start);
    let last = line_at(text, range.end);
    let near = first.saturating_sub(anchor.within) <= line && line <= last.saturating_add(anchor.within);
    Some(
        near && start.is_none_or(|start| {
            // Columns are counted from the match's first line, as the engine does.
            let own = line_around(text, range.start);
            let column = text[line_around(text, start).start..start].chars().count();
            let first = text[own.start..range.start].chars().count();
            first <= column && column < first + found.chars().count().max(1)
        }),
    )
}

fn suggested(
    suggestions: &Suggestions,
    diagnostic: &Diagnostic,
    text: &str,
) -> Option<Vec<(Range<usize>, String)>> {
    let fit: Vec<_> =
        diagnostic.suggestions.iter().filter(|one| one.applicability >= suggestions.applicability).collect();
    let sure = fit.iter().all(|one| one.applicability == heal_model::Applicability::MachineApplicable);
    if fit.is_empty() || fit.len() > 1 && !sure {
        return None;
    }
    let mut splices = Vec::new();
    for replacement in fit.iter().flat_map(|one| &one.replacements) {
        if Some(&replacement.file) != diagnostic.file.as_ref() {
            return None;
        }
        let start = offset_of(text, replacement.line, replacement.column)?;
        let end = offset_of(text, replacement.end_line, replacement.end_column)?;
        if start > end {
            return None;
        }
        splices.push((start..end, replacement.text.clone()));
    }
    splices.sort_by_key(|(range, _)| (range.start, range.end));
    splices.dedup();
    let apart = splices.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start);
    (apart && !splices.is_empty()).then_some(splices)
}
