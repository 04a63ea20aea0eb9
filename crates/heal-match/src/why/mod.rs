mod apart;
mod describe;
mod diagnostic;
mod near;
mod output;

use std::io::{BufRead, Result};

use heal_model::{Diagnostic, DiagnosticTrigger, Observation, OutputTrigger, RuleId, Trigger, World};

use crate::matcher::Matcher;
use crate::rules::Entry;
use crate::state::Captures;
use crate::ways::{Passing, Way};
use output::Follow;

pub use describe::asks;

/// Why a rule did not match, or that it did: each thing it asks for, and whether that was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The rule.
    pub rule: RuleId,
    /// Whether it matched after all.
    pub matched: bool,
    /// What it asks for. Of a rule that can match in several ways, the one that came closest.
    pub conditions: Vec<Condition>,
    /// The line that came closest to the first line that was not found.
    pub closest: Option<Closest>,
}

/// One thing that a rule asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What, in words that read after "asked for:".
    pub text: String,
    /// Whether it was there.
    pub met: bool,
}

/// The line that came closest to a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closest {
    /// From 1; 0 for a diagnostic that is on no line.
    pub line: u64,
    /// The line as it shows, cut to an excerpt.
    pub text: String,
    /// What of it did fit.
    pub matched: String,
    /// What of the pattern did not.
    pub missing: String,
    /// What stands where the missing part should begin; empty at the line's end, and where that is no one place.
    pub instead: String,
}

/// One way of a rule, as far as it came.
struct Tried {
    conditions: Vec<Condition>,
    closest: Option<Closest>,
}

impl Matcher {
    /// Says why a rule did not match a stream, or `None` where there is no such rule.
    ///
    /// It reads the whole stream, each line of it, and so is far slower than a scan. Rules about diagnostics are for
    /// [`Matcher::why_not`]; here they count as not met.
    ///
    /// # Errors
    /// When the stream can't be read.
    pub fn why(
        &self,
        rule: &RuleId,
        input: &mut dyn BufRead,
        observation: &Observation,
        world: &dyn World,
    ) -> Result<Option<NearMiss>> {
        let Some(rule) = self.rules.get(rule) else { return Ok(None) };
        let mut follows: Vec<Follow> = rule.ways().iter().filter_map(output).map(Follow::new).collect();
        output::follow(&mut follows, input)?;
        let mut follows = follows.into_iter();
        Ok(Some(self.nearest(rule, |way| match &way.passing {
            Some(Passing::Output(trigger)) => match follows.next().filter(|_| !trigger.lines.is_empty()) {
                Some(follow) => self.with_state(rule, way, follow.tried(observation), world),
                None => Tried::none(),
            },
            Some(Passing::Diagnostic(trigger)) => Tried {
                conditions: vec![Condition { text: describe::diagnostic(trigger), met: false }],
                closest: None,
            },
            None => self.with_state(rule, way, (Tried::none(), None), world),
        })))
    }

    /// Says why a rule did not match any of some diagnostics, or `None` where there is no such rule.
    ///
    /// Only its ways by `diagnostic` are looked at.
    #[must_use]
    pub fn why_not(&self, rule: &RuleId, diagnostics: &[Diagnostic], world: &dyn World) -> Option<NearMiss> {
        let rule = self.rules.get(rule)?;
        Some(self.nearest(rule, |way| match diagnostic(way) {
            Some(trigger) => {
                let tried = diagnostic::tried(&rule.id, trigger, diagnostics);
                self.with_state(rule, way, tried, world)
            }
            None => Tried::none(),
        }))
    }

    /// The way that came closest: of which the most is met, the first of equals.
    fn nearest(&self, rule: &Entry, mut attempt: impl FnMut(&Way) -> Tried) -> NearMiss {
        let mut best = Tried::none();
        if let Err(why) = rule.ways {
            best.conditions.push(Condition { text: why.to_owned(), met: false });
        }
        for way in rule.ways() {
            let tried = attempt(way);
            if best.conditions.is_empty() || tried.share() > best.share() {
                best = tried;
            }
        }
        let matched = !best.conditions.is_empty() && best.conditions.iter().all(|condition| condition.met);
        NearMiss { rule: rule.id.clone(), matched, conditions: best.conditions, closest: best.closest }
    }

    /// Adds what a way asks of the state of things, given what was captured.
    fn with_state(
        &self,
        rule: &Entry,
        way: &Way,
        (mut tried, given): (Tried, Option<Captures>),
        world: &dyn World,
    ) -> Tried {
        let mut given = given.unwrap_or_default();
        for trigger in parts(&way.state) {
            let (spots, doubts) = self.look(rule, trigger, &given, world);
            let mut text = describe::state(trigger);
            if !doubts.is_empty() {
                text.push_str(&format!(" (not known: {})", doubts.join("; ")));
            }
            tried.conditions.push(Condition { text, met: !spots.is_empty() });
            if let Some(spot) = spots.into_iter().next() {
                spot.captures.into_iter().for_each(|(name, capture)| {
                    given.entry(name).or_insert(capture);
                });
            }
        }
        tried
    }
}

impl Tried {
    fn none() -> Self {
        Self { conditions: Vec::new(), closest: None }
    }

    /// How much is met, in thousandths.
    fn share(&self) -> usize {
        let met = self.conditions.iter().filter(|condition| condition.met).count();
        met * 1000 / self.conditions.len().max(1)
    }
}

/// The conditions of a way one by one, `all` taken apart.
fn parts(state: &[Trigger]) -> Vec<&Trigger> {
    let mut all = Vec::new();
    for trigger in state {
        match trigger {
            Trigger::All(triggers) => all.extend(parts(triggers)),
            other => all.push(other),
        }
    }
    all
}

fn output(way: &Way) -> Option<&OutputTrigger> {
    match &way.passing {
        Some(Passing::Output(output)) => Some(output),
        _ => None,
    }
}

fn diagnostic(way: &Way) -> Option<&DiagnosticTrigger> {
    match &way.passing {
        Some(Passing::Diagnostic(diagnostic)) => Some(diagnostic),
        _ => None,
    }
}
