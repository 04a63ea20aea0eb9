use heal_model::{Action, Diagnostic, Gate, Playbook, Trigger};
use regex::RegexSet;

use crate::draft::Draft;
use crate::example::Example;
use crate::frame::Frame;
use crate::group::{Outcomes, distinct};
use crate::honest::dishonest;
use crate::hunk::{Hunk, hunks};
use crate::once::MOST_CHANGES;
use crate::policy::Policy;
use crate::signature::plain;
use crate::text::{line_around, line_at};
use crate::trial::Trial;

/// The most lines that one learned edit may change.
const MOST_LINES: usize = 12;

/// What a rule is checked against before it may be written.
pub(crate) struct Checks<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) playbooks: &'a [Playbook],
    /// Outputs of runs that passed.
    pub(crate) passing: &'a [String],
}

impl Checks<'_> {
    /// Checks a rule that was made of these examples and does so on all of them.
    pub(crate) fn gates(&self, draft: &Draft, examples: &[&Example], outcomes: Outcomes) -> Vec<Gate> {
        let Some(trial) = Trial::new(&draft.rule) else { return Vec::new() };
        vec![
            self.often(examples),
            reproduces(&trial, examples),
            honest(examples),
            self.silent(draft),
            right(outcomes),
            specific(draft),
            small(examples),
            idempotent(&trial, draft, examples),
            self.new_to(examples),
        ]
    }

    fn often(&self, examples: &[&Example]) -> Gate {
        let (seen, needed) = (distinct(examples), self.policy.min_occurrences as usize);
        let times = |count: usize| if count == 1 { "once".to_owned() } else { format!("{count} times") };
        gate(
            "often",
            seen >= needed,
            if seen >= needed {
                format!("seen {}", times(seen))
            } else {
                format!("seen {}, of {needed} needed", times(seen))
            },
        )
    }

    fn silent(&self, draft: &Draft) -> Gate {
        let Trigger::Diagnostic(trigger) = &draft.rule.trigger else {
            return gate("silent", false, "it is not about a diagnostic".to_owned());
        };
        let source = trigger.message.as_ref().map_or("", |message| message.source.as_str());
        let loose = source.trim_start_matches('^').trim_end_matches('$');
        let Ok(set) = RegexSet::new([loose]) else {
            return gate("silent", false, "its message can't be searched for in passing runs".to_owned());
        };
        let said = self.passing.iter().find(|output| plain(output).lines().any(|line| set.is_match(line)));
        match said {
            Some(output) => {
                let first = output.lines().find(|line| set.is_match(&plain(line))).unwrap_or_default();
                gate("silent", false, format!("it also matches a passing run: {}", first.trim()))
            }
            None => gate(
                "silent",
                true,
                format!("matches none of {}", counted(self.passing.len(), "passing run")),
            ),
        }
    }

    fn new_to(&self, examples: &[&Example]) -> Gate {
        let rules = self.playbooks.iter().flat_map(|playbook| &playbook.rules);
        let covers = |rule: &&heal_model::Rule| {
            Trial::new(rule).is_some_and(|trial| examples.iter().all(|example| mends(&trial, example)))
        };
        match rules.into_iter().find(covers) {
            Some(rule) => gate("new", false, format!("{} already mends them", rule.id)),
            None => gate("new", true, "no rule mends them yet".to_owned()),
        }
    }
}

fn gate(name: &str, passed: bool, detail: String) -> Gate {
    Gate { name: name.to_owned(), passed, detail }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn mends(trial: &Trial<'_>, example: &Example) -> bool {
    trial
        .mend(&example.diagnostic, &example.path, &example.content)
        .is_some_and(|found| found.as_bytes() == &*example.mended)
}

fn reproduces(trial: &Trial<'_>, examples: &[&Example]) -> Gate {
    let right = examples.iter().filter(|example| mends(trial, example)).count();
    gate(
        "reproduces",
        right == examples.len(),
        format!("{right} of its {}, byte for byte", counted(examples.len(), "incident")),
    )
}

/// Whether the rule leaves alone what it made: the same complaint about it, its end moved with the text, finds nothing
/// more to do. What the tool itself offers is offered anew each time.
fn idempotent(trial: &Trial<'_>, draft: &Draft, examples: &[&Example]) -> Gate {
    let is_offer = draft.rule.steps.iter().any(|step| matches!(step.action, Action::Suggestions(_)));
    let again = |example: &&&Example| {
        let diagnostic = moved(example);
        trial
            .mend(&diagnostic, &example.path, &example.mended)
            .is_some_and(|found| found.as_bytes() != &*example.mended)
    };
    match examples.iter().find(again).filter(|_| !is_offer) {
        Some(example) => {
            gate("idempotent", false, format!("applied twice to incident {} it changes more", example.id))
        }
        None => gate("idempotent", true, "applied twice it changes nothing more".to_owned()),
    }
}

/// The diagnostic as it would be about the mended text.
fn moved(example: &Example) -> Diagnostic {
    let mut diagnostic = example.diagnostic.clone();
    if example.diagnostic.end_column.is_some()
        && let Some(end) = example.span.end.checked_add_signed(example.growth)
        && example.after.is_char_boundary(end)
        && end >= example.span.start
    {
        let line = line_around(&example.after, end);
        let column = example.after[line.start..end].chars().count() + 1;
        diagnostic.end_line = Some(line_at(&example.after, end));
        diagnostic.end_column = u32::try_from(column).ok();
    }
    diagnostic
}

fn right(outcomes: Outcomes) -> Gate {
    let Outcomes { right, wrong } = outcomes;
    gate(
        "right",
        outcomes.holds(),
        format!("right on {} on record, wrong on {wrong}", counted(right, "incident")),
    )
}

fn specific(draft: &Draft) -> Gate {
    let bound = matches!(
        draft.frame,
        Frame::Suggestion
            | Frame::Quoted
            | Frame::Span
            | Frame::Insert
            | Frame::Word
            | Frame::Slot(_)
            | Frame::Block(_)
            | Frame::Rest
            | Frame::Gap
    );
    let passed = draft.words >= 2 && (bound || draft.weight > 0);
    gate("specific", passed, format!("the message has {} of its own", counted(draft.words, "word")))
}

fn small(examples: &[&Example]) -> Gate {
    let changes: Vec<Vec<Hunk>> =
        examples.iter().filter_map(|example| hunks(&example.before, &example.after)).collect();
    let several = changes.iter().map(Vec::len).max().unwrap_or(0);
    if several > MOST_CHANGES {
        return gate("small", false, format!("makes {several} changes, of {MOST_CHANGES} allowed"));
    }
    let sizes = examples.iter().zip(&changes).flat_map(|(example, changes)| {
        changes.iter().map(|one| example.before[one.old.clone()].lines().count().max(one.new.lines().count()))
    });
    let most = sizes.max().unwrap_or(0);
    gate("small", most <= MOST_LINES, format!("changes {}, of {MOST_LINES} allowed", counted(most, "line")))
}

fn honest(examples: &[&Example]) -> Gate {
    let found = examples.iter().find_map(|example| dishonest(&example.path, &example.before, &example.after));
    gate("honest", found.is_none(), found.unwrap_or_else(|| "silences nothing".to_owned()))
}
