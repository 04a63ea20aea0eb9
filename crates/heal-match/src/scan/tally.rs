use std::collections::{BTreeMap, HashMap};

use heal_model::{Capture, Doubt, Finding, RuleId, Span};

use crate::seen::{Event, MOST_FINDINGS, Seen};

/// The findings of a scan: each rule and its captures once, the rest counted.
pub(crate) struct Tally<'a> {
    on: &'a mut dyn FnMut(Event),
    seen: Seen,
    rules: HashMap<usize, OfRule>,
}

#[derive(Default)]
struct OfRule {
    findings: HashMap<BTreeMap<String, Capture>, usize>,
    last_line: u64,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(on: &'a mut dyn FnMut(Event)) -> Self {
        Self { on, seen: Seen::default(), rules: HashMap::new() }
    }

    /// Takes a finding of the rule with this place; gives its own place. One line makes one finding of a rule.
    pub(crate) fn add(&mut self, rule: usize, finding: Finding) -> Option<usize> {
        let of_rule = self.rules.entry(rule).or_default();
        let last_line = finding.span.map_or(0, |span| span.last_line);
        if of_rule.last_line == last_line && last_line > 0 {
            return None;
        }
        of_rule.last_line = last_line;
        if let Some(&place) = of_rule.findings.get(&finding.captures) {
            self.again(place, finding.span);
            return Some(place);
        }
        if of_rule.findings.len() == MOST_FINDINGS {
            self.cap(&finding.rule, 1);
            return None;
        }
        let place = self.seen.findings.len();
        of_rule.findings.insert(finding.captures.clone(), place);
        self.seen.findings.push(finding.clone());
        (self.on)(Event::Found(finding));
        Some(place)
    }

    /// Counts a finding once more, seen at a place if it has one.
    pub(crate) fn again(&mut self, place: usize, span: Option<Span>) {
        self.seen.findings[place].repeat(span);
        (self.on)(Event::Again(place, span));
    }

    /// Counts what was found and not kept.
    pub(crate) fn cap(&mut self, rule: &RuleId, times: u64) {
        *self.seen.capped.entry(rule.clone()).or_default() += times;
    }

    /// Notes something that could not be decided.
    pub(crate) fn doubt(&mut self, rule: Option<&RuleId>, message: String) {
        let doubt = Doubt { rule: rule.cloned(), message };
        if !self.seen.doubts.contains(&doubt) {
            self.seen.doubts.push(doubt);
        }
    }

    /// Gives it all, with the length of what was read.
    pub(crate) fn finish(self, lines: u64, bytes: u64) -> Seen {
        Seen { lines, bytes, ..self.seen }
    }
}
