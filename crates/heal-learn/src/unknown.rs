use std::collections::BTreeMap;

use heal_model::{
    Diagnostic, DiagnosticTrigger, Engine, Incident, Level, LinePattern, OutputTrigger, Pattern, PatternKind,
    Span, Template, Trigger,
};

use crate::message::{Freedom, spoken};
use crate::signature::signature;

/// Failures that share a signature: one line of the list of what no rule names yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The signature's key.
    pub key: String,
    /// The message with what differs masked.
    pub title: String,
    /// How often it was seen.
    pub count: usize,
    /// The incidents it was seen in, in order of id.
    pub incidents: Vec<String>,
    /// One of the diagnostics, to start a rule's test from.
    pub example: Diagnostic,
    /// A trigger that fits each of them, with named captures for what differs.
    pub trigger: Trigger,
    /// A title for a rule, filled in with those captures.
    pub rule_title: Template,
}

/// Stands for the tool of a line that nothing reads.
const NO_TOOL: &str = "output";
/// What a line holds that says what went wrong.
const COMPLAINTS: &[&str] = &[
    "error",
    "fail",
    "fatal",
    "cannot",
    "can't",
    "could not",
    "unable",
    "invalid",
    "unknown",
    "missing",
    "denied",
    "refused",
    "no such",
    "not found",
    "not allowed",
    "abort",
];

/// The line of a failed run that says what went wrong, where nothing that reads output knows any of it: the last one that
/// complains, else the last one at all.
#[must_use]
pub fn complaint(output: &str) -> Option<Diagnostic> {
    let lines = || output.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let complains = |line: &str| {
        let line = line.to_lowercase();
        COMPLAINTS.iter().any(|word| line.contains(word))
    };
    let (index, line) = lines().filter(|(_, line)| complains(line)).last().or_else(|| lines().last())?;
    let number = index as u64 + 1;
    let span = Span { first_line: number, last_line: number, ..Span::default() };
    Some(Diagnostic { span, ..Diagnostic::new(NO_TOOL, Level::Error, line.trim_end()) })
}

/// How many messages of one group are generalised; the others of its key differ in the same places.
const MOST_COMPARED: usize = 20;

/// Groups failures by signature, the most frequent first, in order of key where they are equally frequent.
///
/// `named` says which diagnostics a rule already names: those are left out.
#[must_use]
pub fn groups(incidents: &[Incident], named: &dyn Fn(&Diagnostic) -> bool) -> Vec<Group> {
    let mut keys: BTreeMap<String, Vec<(&str, &Diagnostic)>> = BTreeMap::new();
    for incident in incidents {
        for diagnostic in incident.diagnostics.iter().filter(|diagnostic| !named(diagnostic)) {
            keys.entry(signature(diagnostic).key).or_default().push((&incident.id, diagnostic));
        }
    }
    let mut groups: Vec<Group> = keys.into_iter().filter_map(|(key, seen)| group(key, seen)).collect();
    groups.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.key.cmp(&other.key)));
    groups
}

fn group(key: String, mut seen: Vec<(&str, &Diagnostic)>) -> Option<Group> {
    seen.sort_by_key(|(id, diagnostic)| (*id, &diagnostic.message, diagnostic.line, diagnostic.column));
    let (_, example) = *seen.first()?;
    let mut messages: Vec<&str> =
        seen.iter().map(|(_, diagnostic)| first_line(&diagnostic.message)).collect();
    messages.sort_unstable();
    messages.dedup();
    messages.truncate(MOST_COMPARED);
    let mut spoken = spoken(&messages, Freedom::Quoted)?;
    spoken.simplify(&|_| false);
    let pattern =
        |source: String| Pattern { source, kind: PatternKind::Regex, unicode: false, engine: Engine::Linear };
    let mut incidents: Vec<String> = seen.iter().map(|(id, _)| (*id).to_owned()).collect();
    incidents.dedup();
    Some(Group {
        title: signature(example).masked,
        count: seen.len(),
        incidents,
        example: example.clone(),
        trigger: if example.tool == NO_TOOL {
            let line = LinePattern { pattern: pattern(spoken.pattern), optional: false };
            Trigger::Output(OutputTrigger { lines: vec![line], ..OutputTrigger::default() })
        } else {
            Trigger::Diagnostic(DiagnosticTrigger {
                tool: Some(example.tool.clone()),
                code: example.code.as_ref().map(|code| pattern(format!("^{}$", regex::escape(code)))),
                message: Some(pattern(spoken.pattern)),
                ..DiagnosticTrigger::default()
            })
        },
        rule_title: Template(spoken.title),
        key,
    })
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
