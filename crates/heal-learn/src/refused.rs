use std::collections::BTreeSet;

use heal_model::{Incident, Lesson};

use crate::example::{Example, Unfit};

/// What was not learned, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// What the failure said, or the rule's title.
    pub title: String,
    /// The incidents it is about, in order of id.
    pub incidents: Vec<String>,
    /// Why, in words: `seen once, of 2 needed`, `the edit silences a check: …`.
    pub reason: String,
}

/// Says why incidents taught nothing: those without an end that can be learned from, and lessons that did not pass all
/// gates, with the first that they failed, where no other lesson of the same incidents did.
#[must_use]
pub fn refused(incidents: &[Incident], lessons: &[Lesson]) -> Vec<Refused> {
    let mut all: Vec<Refused> = incidents.iter().filter_map(unfit).collect();
    let may_be_written = |lesson: &&Lesson| lesson.gates.iter().all(|gate| gate.passed);
    let taught: BTreeSet<&String> =
        lessons.iter().filter(may_be_written).flat_map(|lesson| &lesson.evidence.incidents).collect();
    for lesson in lessons {
        let is_news = lesson.evidence.incidents.iter().any(|id| !taught.contains(id));
        if let Some(gate) = lesson.gates.iter().find(|gate| !gate.passed).filter(|_| is_news) {
            all.push(Refused {
                title: lesson.rule.title.to_string(),
                incidents: lesson.evidence.incidents.clone(),
                reason: gate.detail.clone(),
            });
        }
    }
    all.extend(incidents.iter().filter_map(|incident| without_rule(incident, lessons)));
    all.sort();
    all
}

fn unfit(incident: &Incident) -> Option<Refused> {
    let reason = match Example::of(incident).err()? {
        Unfit::Open => "it has not been mended yet",
        Unfit::Own => "a rule has mended it",
        Unfit::Flaky => "it passed without a change",
        Unfit::Elsewhere => "nothing it names was changed",
        Unfit::Large => "the change is too large, or not of text",
    };
    Some(told(incident, reason))
}

/// An incident that could have taught something, and is in no lesson.
fn without_rule(incident: &Incident, lessons: &[Lesson]) -> Option<Refused> {
    let taught = lessons.iter().any(|lesson| lesson.evidence.incidents.contains(&incident.id));
    (!taught && Example::of(incident).is_ok())
        .then(|| told(incident, "no rule was found that does what was done, here and nowhere else"))
}

fn told(incident: &Incident, reason: &str) -> Refused {
    let message = incident.diagnostics.first().map(|diagnostic| diagnostic.message.clone());
    let title = message.or_else(|| incident.command.clone()).unwrap_or_default();
    Refused { title, incidents: vec![incident.id.clone()], reason: reason.to_owned() }
}
