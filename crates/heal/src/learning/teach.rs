use heal_learn::{Policy, Refused, distil, refused};
use heal_model::{Asset, Incident, Lesson, Origin, Playbook, World};
use heal_playbook::{Input, load};

use super::Settings;
use super::covered::Known;
use super::write::amended;
use crate::Reading;
use crate::rule_test::rule_tests;

/// What is on record, and what counts as known: what lessons are drawn from and held against.
pub struct Record<'a> {
    /// Each failure, however it ended.
    pub incidents: &'a [Incident],
    /// What passing runs printed.
    pub passing: &'a [String],
    /// The playbooks that count in the project.
    pub playbooks: &'a [Playbook],
    /// How diagnostics are read there.
    pub reading: &'a Reading,
    /// The project as it is, which rules may look at.
    pub world: &'a dyn World,
}

/// What the record teaches.
#[derive(Clone, Debug, Default)]
pub struct Taught {
    /// Rules that may be written, the most specific first: each has passed all gates and its own tests.
    pub lessons: Vec<Lesson>,
    /// What was not learned, and why.
    pub refused: Vec<Refused>,
}

/// Draws lessons from the record. `name` is that of the playbook they would be written to.
#[must_use]
pub fn teach(record: &Record<'_>, settings: &Settings, name: &str) -> Taught {
    let policy = Policy { min_occurrences: settings.min_occurrences, playbook: name.to_owned() };
    let all = distil(record.incidents, record.playbooks, record.passing, &policy);
    let mut taught = Taught { refused: refused(record.incidents, &all), ..Taught::default() };
    let mut passed = all.into_iter().filter(|lesson| lesson.gates.iter().all(|gate| gate.passed)).peekable();
    if passed.peek().is_none() {
        return taught;
    }
    let known = Known::new(record.playbooks, record.reading, record.world);
    for lesson in passed {
        match fit(&lesson, record, &known) {
            Ok(lesson) => taught.lessons.push(lesson),
            Err(reason) => taught.refused.push(Refused {
                title: lesson.rule.title.to_string(),
                incidents: lesson.evidence.incidents,
                reason,
            }),
        }
    }
    taught
}

/// The lesson as it may be written, if no rule of the project does the same and its own tests pass.
fn fit(lesson: &Lesson, record: &Record<'_>, known: &Known<'_>) -> Result<Lesson, String> {
    let ids = &lesson.evidence.incidents;
    let own: Vec<&Incident> = record.incidents.iter().filter(|incident| ids.contains(&incident.id)).collect();
    if let Some(rule) = known.mends(&own) {
        return Err(format!("{rule} already mends them"));
    }
    let tidy = tidied(lesson.clone());
    let reading = record.reading;
    tried(&tidy, reading).map(|()| tidy).or_else(|_| tried(lesson, reading).map(|()| lesson.clone()))
}

/// A lesson whose tests hold no blanks at line ends, which is easier to read in a playbook.
fn tidied(mut lesson: Lesson) -> Lesson {
    for output in lesson.rule.tests.iter_mut().filter_map(|test| test.input.output.as_mut()) {
        *output = output.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    }
    lesson
}

/// Writes a lesson into a playbook of its own, and runs its tests there as `heal test` will.
///
/// # Errors
/// Says what speaks against it.
pub fn tried(lesson: &Lesson, reading: &Reading) -> Result<(), String> {
    let text = amended("", std::slice::from_ref(lesson)).map_err(|error| error.to_string())?;
    let assets = |path: &str| Asset { path: path.to_owned(), content: None };
    let input = Input { origin: Origin::Named("lesson".to_owned()), text: text.as_bytes(), assets: &assets };
    let playbook = load(&input).map_err(|error| error.to_string())?.playbook;
    let tested = rule_tests(&[playbook], reading);
    match tested.iter().find(|(_, one)| !one.verdict.passed()) {
        Some((_, one)) => Err(format!("its own test `{}` is {}", one.test, one.verdict.word())),
        None => Ok(()),
    }
}
