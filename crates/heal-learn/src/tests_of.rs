use std::collections::BTreeMap;

use heal_model::{Bytes, Expectation, Place, Rule, RuleTest, Span, TestInput};

use crate::example::Example;
use crate::text::{line_around, line_at};
use crate::trial::Trial;

/// How many of its incidents a rule carries as tests.
const MOST: usize = 3;
/// How much of a tool's output a test holds, in bytes.
const LONGEST_OUTPUT: usize = 4 * 1024;
/// How many lines around the change a test's file keeps; those before them become empty, so that numbers hold.
const AROUND: usize = 3;

/// A rule's incidents as its own tests.
pub(crate) fn tests_of(rule: &Rule, examples: &[&Example]) -> Vec<RuleTest> {
    let Some(trial) = Trial::new(rule) else { return Vec::new() };
    examples.iter().filter_map(|example| test_of(&trial, example)).take(MOST).collect()
}

fn test_of(trial: &Trial<'_>, example: &Example) -> Option<RuleTest> {
    // The output names it from where the tool ran, which in a test is the root.
    let said = example.site.said(&example.diagnostic).map(|(file, ..)| file.trim_start_matches("./"));
    let file = said.filter(|file| !file.starts_with('/')).unwrap_or(&example.path).to_owned();
    let (before, after) = reduced(trial, example)
        .or_else(|| Some((example.content.text()?.to_owned(), example.mended.text()?.to_owned())))?;
    Some(RuleTest {
        name: Some(format!("incident {}", example.id)),
        input: TestInput {
            output: Some(excerpt(trial, example)),
            files: BTreeMap::from([(file.clone(), before)]),
            ..TestInput::default()
        },
        expect: Expectation { files: BTreeMap::from([(file, Some(after))]), ..Expectation::default() },
        place: Place::default(),
    })
}

/// The file with little more than the lines of the change, where the rule does the same to it.
fn reduced(trial: &Trial<'_>, example: &Example) -> Option<(String, String)> {
    let text = &example.before;
    let number = |offset: usize| line_at(text, offset) as usize;
    let first = number(example.edit.start.min(example.span.start)).saturating_sub(AROUND);
    let last = number(example.edit.end.max(example.span.end)) + AROUND;
    let kept = |(index, line): (usize, &str)| {
        let number = index + 1;
        if number >= first && number <= last {
            Some(format!("{}\n", line.trim_end_matches('\r')))
        } else {
            (number < first).then(|| "\n".to_owned())
        }
    };
    let before: String = text
        .split_inclusive('\n')
        .map(|line| line.trim_end_matches('\n'))
        .enumerate()
        .filter_map(kept)
        .collect();
    let after = trial.mend(&example.diagnostic, &example.path, &Bytes::from(before.as_str()))?;
    let lines = line_around(text, example.edit.start).start..line_around(text, example.edit.end).end;
    (after.contains(example.become_of(&lines)?) && after != before).then_some((before, after))
}

/// The output without what else in it the rule fits; of a long one the part with the diagnostic.
fn excerpt(trial: &Trial<'_>, example: &Example) -> String {
    let covers = |span: Span, line: u64| span.first_line <= line && line <= span.last_line;
    let own = example.diagnostic.span;
    let fitting = example.others.iter().filter(|other| trial.captures(other).is_some());
    let others: Vec<Span> = fitting.map(|other| other.span).collect();
    let is_others = |line: u64| !covers(own, line) && others.iter().any(|other| covers(*other, line));
    let lines = (1..).zip(example.output.split_inclusive('\n')).filter(|(line, _)| !is_others(*line));
    let whole: String = lines.clone().map(|(_, text)| text).collect();
    if whole.len() <= LONGEST_OUTPUT {
        return whole;
    }
    let mut out = String::new();
    for (_, text) in lines.skip_while(|(line, _)| *line < own.first_line) {
        if out.len() + text.len() > LONGEST_OUTPUT {
            break;
        }
        out.push_str(text);
    }
    out
}
