use std::collections::BTreeMap;

use heal_model::{Bytes, Expectation, Place, Rule, RuleTest, TestInput};

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
            output: Some(excerpt(example)),
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

/// The output, or the part of it with the diagnostic.
fn excerpt(example: &Example) -> String {
    if example.output.len() <= LONGEST_OUTPUT {
        return example.output.clone();
    }
    let span = example.diagnostic.span;
    let first = usize::try_from(span.first_line).unwrap_or(0).saturating_sub(1);
    let lines = example.output.lines().skip(first);
    let mut out = String::new();
    for line in lines {
        if out.len() + line.len() > LONGEST_OUTPUT {
            break;
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}
