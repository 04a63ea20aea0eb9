//! How lessons do on incidents that were not learned from.

use std::collections::BTreeSet;

use heal_learn::{Policy, Trial, distil};
use heal_model::{Incident, Lesson};

use crate::data::Record;

/// What came of one run.
#[derive(Clone, Copy, Default)]
pub(crate) struct Score {
    /// Incidents tried that differ from all that were learned from.
    pub(crate) novel: usize,
    /// Those that a rule was applied to.
    pub(crate) dared: usize,
    /// Those that came out as a person left them, byte for byte.
    pub(crate) exact: usize,
    /// The same two for rules that pass all gates.
    pub(crate) gated: (usize, usize),
    /// Incidents that had been seen, and those of them that came out right.
    pub(crate) repeats: (usize, usize),
    /// The same of the very incidents that were learned from.
    pub(crate) known: (usize, usize),
    /// Lessons, and those that pass all gates.
    pub(crate) lessons: (usize, usize),
    /// Time to learn, for each incident.
    pub(crate) micros: u128,
}

/// Learns from some records.
pub(crate) fn learn(train: &[Record]) -> (Vec<Lesson>, u128) {
    let incidents: Vec<Incident> = train.iter().map(Record::incident).collect();
    let start = std::time::Instant::now();
    let lessons = distil(&incidents, &[], &[], &Policy::default());
    (lessons, start.elapsed().as_micros() / train.len().max(1) as u128)
}

/// Whether a lesson may be written.
pub(crate) fn passes(lesson: &Lesson) -> bool {
    lesson.gates.iter().all(|gate| gate.passed)
}

/// What an incident that is tried is to what was learned from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It was learned from itself.
    Known,
    /// Another of the same message, old and new text was.
    Again,
    /// Neither.
    Novel,
}

/// What is told of each incident tried; of those that had been seen, only where they do not come out right.
pub(crate) struct Tried<'a> {
    pub(crate) record: &'a Record,
    pub(crate) kind: Kind,
    /// The lesson that was applied, and what came of it.
    pub(crate) found: Option<(&'a Lesson, String)>,
}

/// Tries lessons on records: the first that fits counts. What was seen once is only ever tried on repeats.
pub(crate) fn score(train: &[Record], test: &[Record], each: &mut dyn FnMut(&Tried<'_>)) -> Score {
    let (lessons, micros) = learn(train);
    let trials: Vec<(&Lesson, Trial<'_>)> =
        lessons.iter().filter_map(|lesson| Some((lesson, Trial::new(&lesson.rule)?))).collect();
    let seen: BTreeSet<_> = train.iter().map(Record::essence).collect();
    let gated = lessons.iter().filter(|lesson| passes(lesson)).count();
    let mut score = Score { lessons: (lessons.len(), gated), micros, ..Score::default() };
    let found = |record: &Record, again: bool| {
        let diagnostic = &record.incident().diagnostics[0];
        let apply = |(lesson, trial): &(&'_ Lesson, Trial<'_>)| {
            let may = again || lesson.evidence.distinct > 1;
            may.then(|| trial.mend(diagnostic, &record.path, record.before.as_bytes())).flatten()
        };
        trials.iter().find_map(|trial| Some((trial.0, apply(trial)?)))
    };
    score.known.0 = train.len();
    for record in train {
        let found = found(record, true);
        if found.as_ref().is_some_and(|(_, found)| *found == record.after) {
            score.known.1 += 1;
        } else {
            each(&Tried { record, kind: Kind::Known, found });
        }
    }
    for record in test {
        let again = seen.contains(&record.essence());
        let found = found(record, again);
        let exact = found.as_ref().is_some_and(|(_, found)| *found == record.after);
        if again {
            score.repeats.0 += 1;
            score.repeats.1 += usize::from(exact);
            if !exact {
                each(&Tried { record, kind: Kind::Again, found });
            }
            continue;
        }
        score.novel += 1;
        score.dared += usize::from(found.is_some());
        score.exact += usize::from(exact);
        if found.as_ref().is_some_and(|(lesson, _)| passes(lesson)) {
            score.gated.0 += 1;
            score.gated.1 += usize::from(exact);
        }
        each(&Tried { record, kind: Kind::Novel, found });
    }
    score
}

impl Score {
    /// Adds another run's counts.
    pub(crate) fn add(&mut self, other: &Self) {
        self.novel += other.novel;
        self.dared += other.dared;
        self.exact += other.exact;
        self.gated = (self.gated.0 + other.gated.0, self.gated.1 + other.gated.1);
        self.repeats = (self.repeats.0 + other.repeats.0, self.repeats.1 + other.repeats.1);
        self.known = (self.known.0 + other.known.0, self.known.1 + other.known.1);
        self.lessons = (self.lessons.0 + other.lessons.0, self.lessons.1 + other.lessons.1);
    }

    /// One line of the table.
    pub(crate) fn line(&self) -> String {
        let percent = |part: usize, whole: usize| match whole {
            0 => "    -".to_owned(),
            whole => format!("{:5.1}", 100.0 * part as f64 / whole as f64),
        };
        // Of several runs added up no time is told: what counts is how it grows with a file's incidents.
        let time = match self.micros {
            0 => String::new(),
            micros => format!(" {:6.1} ms", micros as f64 / 1000.0),
        };
        format!(
            "{:5} {}    {}    {}       {}     {:3}/{:<3} {:3}/{:<3} {:3}/{:<3}{time}",
            self.novel,
            percent(self.dared, self.novel),
            percent(self.exact, self.novel),
            percent(self.exact, self.dared),
            percent(self.gated.1, self.gated.0),
            self.repeats.1,
            self.repeats.0,
            self.known.1,
            self.known.0,
            self.lessons.1,
            self.lessons.0,
        )
    }
}
