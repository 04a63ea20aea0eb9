use std::collections::HashMap;
use std::io::{self, BufRead};
use std::sync::OnceLock;

use heal_model::{
    Diagnostic, DiagnosticTrigger, Doubt, Finding, Found, Observation, Playbook, Trigger, World,
};
use heal_pattern::Compiled;

use crate::diagnostics::Wanted;
use crate::location::location;
use crate::rules::{Entry, Rules};
use crate::scan::{Run, Tally, pieces};
use crate::seen::{Event, MOST_FINDINGS, Seen};
use crate::sieve::Sieve;
use crate::state::{Captures, Inspector, Listing, Spot, found};
use crate::ways::{Passing, Way};

/// The rules of some playbooks, ready to be matched.
///
/// Making one is cheap: regular expressions compile when they are first needed, and the prefilter is built with the
/// first scan.
pub struct Matcher {
    pub(crate) rules: Rules,
    sieve: OnceLock<Sieve>,
    inspector: Inspector,
}

impl Matcher {
    /// Takes the rules of these playbooks, the first in rank first.
    #[must_use]
    pub fn new(playbooks: &[Playbook]) -> Self {
        Self { rules: Rules::new(playbooks), sieve: OnceLock::new(), inspector: Inspector::new(playbooks) }
    }

    /// Decides what holds of the state of things, by the same playbooks.
    #[must_use]
    pub fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    /// Searches a stream for what `output` triggers want, and tells of findings as they are made.
    ///
    /// Memory does not grow with the stream. A rule that wants something of the state of things too is told of all
    /// the same: every finding goes through [`Matcher::confirm`] before it is believed.
    ///
    /// # Errors
    /// When the stream can't be read any further; what was found till then has been told.
    pub fn scan(
        &self,
        input: &mut dyn BufRead,
        observation: &Observation,
        on: &mut dyn FnMut(Event),
    ) -> io::Result<Seen> {
        let sieve = self.sieve.get_or_init(|| Sieve::new(&self.rules));
        let mut run = Run::new(&self.rules, sieve, observation, Tally::new(on));
        pieces(input, &mut |piece| run.take(&piece))?;
        Ok(run.finish())
    }

    /// Finds what `diagnostic` triggers want, in the rules' order; the same captures of one rule are one finding.
    ///
    /// What holds for [`Matcher::scan`] holds here: each finding goes through [`Matcher::confirm`].
    #[must_use]
    pub fn diagnostics(&self, diagnostics: &[Diagnostic]) -> Vec<Finding> {
        let mut all = Vec::new();
        if diagnostics.is_empty() {
            return all;
        }
        for rule in &self.rules.rules {
            let mut findings: Vec<Finding> = Vec::new();
            let mut places: HashMap<Captures, usize> = HashMap::new();
            let wanted: Vec<Wanted<'_>> = rule
                .ways()
                .iter()
                .filter_map(diagnostic)
                .filter_map(|wanted| Wanted::new(wanted).ok())
                .filter(|wanted| !wanted.is_barred_by(diagnostics))
                .collect();
            for diagnostic in diagnostics {
                let finding = wanted.iter().find_map(|wanted| wanted.finding(&rule.id, diagnostic));
                let Some(finding) = finding else { continue };
                if let Some(place) = places.get(&finding.captures) {
                    findings[*place].repeat(finding.span);
                } else if findings.len() < MOST_FINDINGS {
                    places.insert(finding.captures.clone(), findings.len());
                    findings.push(finding);
                }
            }
            all.extend(findings);
        }
        all
    }

    /// Finds what rules about the state of things want: files, documents, processes, the environment.
    #[must_use]
    pub fn inspect(&self, world: &dyn World) -> Found {
        let mut all = Found::default();
        let listing = Listing::default();
        for rule in &self.rules.rules {
            let ways = rule.ways().iter().filter(|way| way.passing.is_none());
            for way in ways {
                let trigger = Trigger::All(way.state.clone());
                let (spots, doubts) =
                    self.inspector.look(&rule.id, &trigger, &Captures::new(), world, &listing);
                let Found { findings, doubts } = found(&rule.id, spots, doubts);
                all.findings.extend(findings);
                all.doubts.extend(doubts);
            }
        }
        all
    }

    /// Confirms a finding of a scan or a diagnostic: whether what its rule wants of the state of things holds too.
    ///
    /// To be called for every such finding; it costs nothing where the rule wants no more. The captures of what
    /// holds join the finding's, whose own come first. What can't be found out does not hold.
    #[must_use]
    pub fn confirm(&self, finding: Finding, world: &dyn World) -> Option<Finding> {
        self.confirm_or_doubt(finding, world).ok()
    }

    /// The same, with what could not be found out where it is not confirmed.
    ///
    /// # Errors
    /// Gives those doubts; none where it is known not to hold.
    pub fn confirm_or_doubt(&self, finding: Finding, world: &dyn World) -> Result<Finding, Vec<Doubt>> {
        let Some(rule) = self.rules.get(&finding.rule) else { return Ok(finding) };
        let ways = rule.ways().iter().filter(|way| of_kind(way, &finding));
        if ways.clone().all(|way| way.state.is_empty()) {
            return Ok(finding);
        }
        let likely: Vec<&Way> = ways.clone().filter(|way| may_be_of(way, &finding)).collect();
        let ways = if likely.is_empty() { ways.collect() } else { likely };
        let mut doubts = Vec::new();
        for way in ways {
            let trigger = Trigger::All(way.state.clone());
            let (spots, unknown) = self.look(rule, &trigger, &finding.captures, world);
            let Some(spot) = spots.into_iter().next() else {
                let doubt = |message| Doubt { rule: Some(rule.id.clone()), message };
                doubts.extend(unknown.into_iter().map(doubt));
                continue;
            };
            let own = Spot {
                captures: finding.captures,
                values: finding.values,
                location: finding.location,
                excerpt: finding.excerpt,
            };
            let Spot { captures, values, location: place, excerpt } = own.joined(&spot);
            return Ok(Finding {
                location: place.or_else(|| location(&captures)),
                captures,
                values,
                excerpt,
                ..finding
            });
        }
        Err(doubts)
    }

    /// Every place where a trigger of a rule holds, and what could not be decided.
    pub(crate) fn look(
        &self,
        rule: &Entry,
        trigger: &Trigger,
        given: &Captures,
        world: &dyn World,
    ) -> (Vec<Spot>, Vec<String>) {
        self.inspector.look(&rule.id, trigger, given, world, &Listing::default())
    }
}

/// Whether a way is by output, for a finding in output, or by a diagnostic, for one of those.
fn of_kind(way: &Way, finding: &Finding) -> bool {
    match way.passing {
        None => false,
        Some(Passing::Output(_)) => finding.diagnostic.is_none(),
        Some(Passing::Diagnostic(_)) => finding.diagnostic.is_some(),
    }
}

/// Whether a finding can have come this way: what it shows holds what the way wants.
fn may_be_of(way: &Way, finding: &Finding) -> bool {
    match (&way.passing, &finding.diagnostic) {
        (Some(Passing::Output(output)), None) => {
            let line = output.lines.iter().find(|line| !line.optional);
            let Some(Ok(wanted)) = line.map(|line| Compiled::new(&line.pattern)) else { return false };
            finding.excerpt.iter().any(|line| wanted.is_match(line.as_bytes()))
        }
        (Some(Passing::Diagnostic(wanted)), Some(diagnostic)) => {
            Wanted::new(wanted).is_ok_and(|wanted| wanted.finding(&finding.rule, diagnostic).is_some())
        }
        _ => false,
    }
}

fn diagnostic(way: &Way) -> Option<&DiagnosticTrigger> {
    match &way.passing {
        Some(Passing::Diagnostic(diagnostic)) => Some(diagnostic),
        _ => None,
    }
}
