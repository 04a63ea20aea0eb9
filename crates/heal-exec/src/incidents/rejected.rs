use heal_model::{Lesson, RuleId};
use serde::{Deserialize, Serialize};

use super::IncidentError;
use super::record::VERSION;
use super::store::{REJECTED, Store};
use crate::Host;
use crate::standing::essence;

/// The lessons that a person wants no rule for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    lessons: Vec<One>,
}

/// One of them: what its rule finds and does, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    /// What the rule was called, for people.
    name: RuleId,
    /// A hash of what the rule finds and does.
    rule: String,
    incidents: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    v: u32,
    lessons: Vec<One>,
}

impl Rejected {
    /// Whether a lesson was rejected: this rule, or another that rests on the same incidents and no further ones. What
    /// happens again later may teach more, and is asked about anew.
    #[must_use]
    pub fn holds(&self, lesson: &Lesson) -> bool {
        let rule = essence(&lesson.rule);
        let incidents = &lesson.evidence.incidents;
        let covers = |one: &One| incidents.iter().all(|id| one.incidents.contains(id));
        self.lessons.iter().any(|one| one.rule == rule || covers(one))
    }
}

impl Host {
    /// The lessons that were rejected here. What can't be read counts as none.
    #[must_use]
    pub fn rejected(&self) -> Rejected {
        let written = Store::open(self).and_then(|store| store.read::<Written>(REJECTED));
        Rejected { lessons: written.map(|written| written.lessons).unwrap_or_default() }
    }

    /// Writes down that no rule is wanted for a lesson.
    ///
    /// # Errors
    /// When that can't be written down.
    pub fn reject(&self, lesson: &Lesson) -> Result<(), IncidentError> {
        let mut rejected = self.rejected();
        if !rejected.holds(lesson) {
            let incidents = lesson.evidence.incidents.clone();
            let (name, rule) = (lesson.rule.id.clone(), essence(&lesson.rule));
            rejected.lessons.push(One { name, rule, incidents });
        }
        self.write_rejected(rejected)
    }

    /// Takes back that a lesson was rejected.
    ///
    /// # Errors
    /// When that can't be written down.
    pub fn accept(&self, lesson: &Lesson) -> Result<(), IncidentError> {
        let all = self.rejected().lessons.into_iter();
        let others = all.filter(|one| !Rejected { lessons: vec![one.clone()] }.holds(lesson));
        self.write_rejected(Rejected { lessons: others.collect() })
    }

    fn write_rejected(&self, rejected: Rejected) -> Result<(), IncidentError> {
        let written = Written { v: VERSION, lessons: rejected.lessons };
        Ok(Store::make(self)?.write(REJECTED, &written)?)
    }
}
