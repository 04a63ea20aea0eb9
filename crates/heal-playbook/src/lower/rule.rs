use heal_model::{CaptureType, Indicators, Provenance, Rule, RuleId, Safety, Severity, Verify};

use super::{Lower, captures};
use crate::nearest::nearest;
use crate::template::{Scope, Shape};
use crate::written::{self, Short};
use crate::yaml::Node;
use crate::{Code, Problem};

impl Lower<'_> {
    pub(super) fn rule(&mut self, written: &written::Rule, at: &Node) -> Rule {
        let scope = self.scope(written, at);
        let title = self.template(&written.title, &scope, at.at("title"));
        let seen = scope.with_names_alone();
        let trigger = self.trigger(&written.trigger, &seen, at.at("trigger"));
        Rule {
            id: RuleId::new(&self.name, &written.id.0),
            title,
            category: written.category.as_ref().map(|name| name.0.clone()),
            severity: written.severity.map_or(Severity::default(), |word| word.0),
            safety: written.safety.map_or(Safety::default(), |word| word.0),
            explain: written.explain.clone(),
            links: written.links.iter().map(|link| link.0.clone()).collect(),
            also: written
                .also
                .iter()
                .filter_map(|id| id.0.split_once('/'))
                .map(|(playbook, rule)| RuleId::new(playbook, rule))
                .collect(),
            captures: self.capture_types(written, &scope, at),
            trigger,
            steps: self.steps(&written.steps, &scope, at.at("steps")),
            verify: written.verify.as_ref().map(|verify| self.verify(verify, &scope, at.at("verify"))),
            retry: written.retry.as_ref().map(|retry| self.retry(retry, at.at("retry"))),
            timeout: written.timeout.as_ref().map(|timeout| self.timeout(timeout)),
            tests: written
                .tests
                .iter()
                .zip(at.at("tests").items())
                .map(|(test, at)| self.test(test, &scope, at))
                .collect(),
            learned: written.learned.as_ref().map(|learned| Provenance {
                incidents: learned.incidents.clone(),
                since: learned.since.clone(),
                signature: learned.signature.clone(),
            }),
            place: self.place(at),
        }
    }

    /// What the rule's templates know: captures first, then variables and sources.
    fn scope(&self, written: &written::Rule, at: &Node) -> Scope {
        let mut scope = self.globals.clone();
        scope.add("python", Shape::Plain);
        if let Some(lost) = self.lost.get(&at.span.start) {
            lost.names.iter().for_each(|name| scope.add(name, Shape::Any));
            scope.is_open = lost.trigger;
        }
        for name in captures::of(&written.trigger) {
            scope.add(&name, Shape::Plain);
        }
        scope.has_captures = true;
        scope
    }

    fn capture_types(
        &mut self,
        written: &written::Rule,
        scope: &Scope,
        at: &Node,
    ) -> std::collections::BTreeMap<String, CaptureType> {
        for entry in at.entry("captures").map(|captures| captures.value.entries()).unwrap_or_default() {
            self.captured(&entry.key, &entry.key_span, scope);
        }
        let typed = |(name, kind): (&String, &written::CaptureType)| (name.clone(), capture_type(kind));
        written.captures.iter().map(typed).collect()
    }

    /// Sees to it that a name is one of the rule's captures.
    pub(super) fn captured(&mut self, name: &str, span: &std::ops::Range<usize>, scope: &Scope) {
        if scope.is_open || scope.get(name).is_some() {
            return;
        }
        let message = format!("no pattern of this rule captures `{name}`");
        let help = match nearest(name, scope.names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("capture it in the trigger: `(?<{name}>…)`"),
        };
        self.note(
            Problem::new(Code::MissingCapture, span.clone(), message).label("never captured").help(help),
        );
    }

    fn verify(&mut self, written: &written::Verify, scope: &Scope, at: &Node) -> Verify {
        let said = at.at("success_indicators");
        let indicators = written.success_indicators.as_ref().map(|indicators| Indicators {
            must: self.patterns(&indicators.must, said.at("must")),
            must_not: self.patterns(&indicators.must_not, said.at("must_not")),
        });
        let conditions = written.conditions.iter().zip(at.at("conditions").items());
        Verify {
            rerun: written.rerun.unwrap_or_default(),
            command: written.command.as_ref().map(|argv| self.templates(argv, scope, at.at("command"))),
            success_indicators: indicators.unwrap_or_default(),
            conditions: conditions.map(|(condition, at)| self.condition(condition, scope, at)).collect(),
            timeout: written.timeout.as_ref().map(|timeout| self.timeout(timeout)),
        }
    }
}

fn capture_type(written: &written::CaptureType) -> CaptureType {
    match written {
        Short::Long(map) => CaptureType::Enum(map.one_of.clone()),
        Short::Short(kind) => match kind.0.as_str() {
            "path" => CaptureType::Path,
            "version" => CaptureType::Version,
            "int" => CaptureType::Int,
            "line" => CaptureType::Line,
            _ => CaptureType::Ident,
        },
    }
}
