use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::learning::rule_text;

/// A failure on record (`log --incidents`).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Incident {
    /// What `heal forget` takes.
    pub id: String,
    /// When it was recorded, milliseconds since 1970.
    pub at: i64,
    /// The command that failed, without secrets.
    pub command: Option<String>,
    /// The code it ended with.
    pub exit: Option<i32>,
    /// open, mended, or passed: without a change of the files it named.
    pub state: String,
    /// What it complained of: the same objects as `match --list` prints.
    pub diagnostics: Vec<Value>,
    /// What it printed, or the part of that which says most, without secrets.
    pub output: String,
    /// The files that differ between the failure and the pass.
    pub changed: Vec<String>,
}

/// A rule that the record teaches (`learn`).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lesson {
    /// The rule's id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// The rule as it would be written.
    pub yaml: String,
    /// The incidents that it rests on.
    pub incidents: Vec<String>,
    /// How many of them are distinct in message, old and new text.
    pub distinct: u32,
    /// On how many incidents on record it does what a person did.
    pub right: u32,
    /// On how many it would have done something else.
    pub wrong: u32,
    /// What it was checked against.
    pub gates: Vec<Gate>,
}

/// One check of a lesson.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Gate {
    /// Its name: often, reproduces, honest, silent, right, specific, small, idempotent, new.
    pub name: String,
    /// Whether it passed.
    pub passed: bool,
    /// What was seen.
    pub detail: String,
}

/// What was not learned (`learn`).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NotLearned {
    /// What the failure said, or the rule's title.
    pub title: String,
    /// The incidents.
    pub incidents: Vec<String>,
    /// Why not.
    pub reason: String,
}

/// Failures of one kind that no rule names (`learn --unknown`).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unknown {
    /// What `heal new --from` takes.
    pub key: String,
    /// What they say, with what differs masked.
    pub title: String,
    /// How often they were seen.
    pub count: usize,
    /// The incidents they were seen in.
    pub incidents: Vec<String>,
    /// One of them: the same object as `match --list` prints.
    pub example: Value,
}

/// A lesson as it is reported.
#[must_use]
pub fn lesson(lesson: &heal_model::Lesson) -> Lesson {
    let gate = |gate: &heal_model::Gate| Gate {
        name: gate.name.clone(),
        passed: gate.passed,
        detail: gate.detail.clone(),
    };
    Lesson {
        rule: lesson.rule.id.to_string(),
        title: lesson.rule.title.to_string(),
        yaml: rule_text(lesson).unwrap_or_default(),
        incidents: lesson.evidence.incidents.clone(),
        distinct: lesson.evidence.distinct,
        right: lesson.evidence.right,
        wrong: lesson.evidence.wrong,
        gates: lesson.gates.iter().map(gate).collect(),
    }
}

/// What was not learned as it is reported.
#[must_use]
pub fn not_learned(refused: &heal_learn::Refused) -> NotLearned {
    let heal_learn::Refused { title, incidents, reason } = refused.clone();
    NotLearned { title, incidents, reason }
}

/// A group of unknown failures as it is reported.
#[must_use]
pub fn unknown(group: &heal_learn::Group) -> Unknown {
    Unknown {
        key: group.key.clone(),
        title: group.title.clone(),
        count: group.count,
        incidents: group.incidents.clone(),
        example: serde_json::to_value(&group.example).expect("a diagnostic has text keys alone"),
    }
}

/// An incident as it is reported.
#[must_use]
pub fn incident(incident: &heal_model::Incident) -> Incident {
    let changes = incident.ending.as_ref().map(|ending| &ending.changes[..]);
    let state = match changes {
        None => "open",
        Some([]) => "passed",
        Some(_) => "mended",
    };
    let value = |one| serde_json::to_value(one).expect("a diagnostic has text keys alone");
    Incident {
        id: incident.id.clone(),
        at: incident.at.0,
        command: incident.command.clone(),
        exit: incident.exit,
        state: state.to_owned(),
        diagnostics: incident.diagnostics.iter().map(value).collect(),
        output: incident.output.clone(),
        changed: changes.unwrap_or_default().iter().map(|change| change.path.to_string()).collect(),
    }
}
