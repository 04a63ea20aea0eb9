use std::collections::BTreeMap;

use heal_model::{Capture, Finding, Location, Pattern, RuleId, Trigger, Unreadable, World};
use heal_pattern::{Caught, Compiled};

use super::fill::fill;
use super::inspector::Known;
use super::paths::Listing;
use crate::location::location;

/// What has been captured, by name.
pub(crate) type Captures = BTreeMap<String, Capture>;

/// One place where a trigger holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spot {
    pub(crate) captures: Captures,
    pub(crate) location: Option<Location>,
    pub(crate) excerpt: Vec<String>,
}

/// One look at the world: what holds, and what could not be decided.
pub(crate) struct Look<'a> {
    known: Option<&'a Known>,
    pub(crate) world: &'a dyn World,
    pub(crate) listing: &'a Listing,
    /// What could not be decided, and why.
    pub(crate) doubts: Vec<String>,
}

/// How many places one trigger may have.
const MOST: usize = crate::seen::MOST_FINDINGS;

impl<'a> Look<'a> {
    pub(crate) fn new(known: Option<&'a Known>, world: &'a dyn World, listing: &'a Listing) -> Self {
        Self { known, world, listing, doubts: Vec::new() }
    }

    /// Every place where a trigger holds, in order, at most a hundred. Templates may name what is `given`.
    pub(crate) fn spots(&mut self, trigger: &Trigger, given: &Captures) -> Vec<Spot> {
        let mut spots = match trigger {
            Trigger::File(file) => self.file(file, given),
            Trigger::Document(document) => self.document(document, given),
            Trigger::Rate(rate) => self.rate(rate, given),
            Trigger::Process(process) => self.process(process, given),
            Trigger::Probe(probe) => self.probe(probe, given),
            Trigger::Env(env) => self.env(env),
            Trigger::Value(value) => self.value(value, given),
            Trigger::All(triggers) => self.all(triggers, given),
            Trigger::Any(triggers) => self.any(triggers, given),
            Trigger::Not(trigger) => self.not(trigger, given),
            Trigger::Output(_) | Trigger::Diagnostic(_) => {
                self.doubt("`output` and `diagnostic` can't be asked of the state of things".to_owned());
                Vec::new()
            }
        };
        if spots.len() > MOST {
            self.doubt(format!("{} places more than the {MOST} that are shown", spots.len() - MOST));
            spots.truncate(MOST);
        }
        spots
    }

    fn all(&mut self, triggers: &[Trigger], given: &Captures) -> Vec<Spot> {
        let mut joined = vec![Spot::default()];
        for trigger in triggers {
            let mut longer = Vec::new();
            for spot in &joined {
                let given = spot.joined(&Spot::of(given.clone())).captures;
                longer.extend(self.spots(trigger, &given).iter().map(|other| spot.joined(other)));
            }
            longer.truncate(MOST);
            joined = longer;
        }
        joined
    }

    fn any(&mut self, triggers: &[Trigger], given: &Captures) -> Vec<Spot> {
        triggers
            .iter()
            .map(|trigger| self.spots(trigger, given))
            .find(|spots| !spots.is_empty())
            .unwrap_or_default()
    }

    /// What is not known does not hold, and neither does its opposite.
    fn not(&mut self, trigger: &Trigger, given: &Captures) -> Vec<Spot> {
        let before = self.doubts.len();
        let holds = !self.spots(trigger, given).is_empty();
        if holds || self.doubts.len() > before { Vec::new() } else { vec![Spot::default()] }
    }

    pub(crate) fn doubt(&mut self, message: String) {
        if !self.doubts.contains(&message) {
            self.doubts.push(message);
        }
    }

    /// What could be found out, or a doubt.
    pub(crate) fn known<T>(&mut self, answer: Result<T, Unreadable>) -> Option<T> {
        answer.map_err(|unreadable| self.doubt(unreadable.to_string())).ok()
    }

    /// A template with its names filled in.
    pub(crate) fn filled(&mut self, template: &heal_model::Template, given: &Captures) -> Option<String> {
        let vars = self.known.map(|known| &known.vars);
        fill(template, given, vars).map_err(|why| self.doubt(why)).ok()
    }

    /// A pattern, ready to search.
    pub(crate) fn compiled(&mut self, pattern: &Pattern) -> Option<Compiled> {
        Compiled::new(pattern).map_err(|error| self.doubt(error.to_string())).ok()
    }

    /// The first place of a pattern, a search that gives up being a doubt.
    pub(crate) fn search(&mut self, pattern: &Compiled, text: &[u8]) -> Option<Caught> {
        pattern.search(text, 0).map_err(|exhausted| self.doubt(exhausted.to_string())).ok().flatten()
    }

    /// A schema that the playbook refers to.
    pub(crate) fn schema(&mut self, name: &str) -> Option<&'a jsonschema::Validator> {
        let missing = || Err(format!("the schema {name} is missing"));
        let schema = self.known.map_or_else(missing, |known| known.schema(name));
        schema.map_err(|why| self.doubt(why)).ok()
    }
}

impl Spot {
    /// A place with these captures.
    pub(crate) fn of(captures: Captures) -> Self {
        Self { location: location(&captures), captures, excerpt: Vec::new() }
    }

    /// Adds a capture, unless there is one with its name.
    pub(crate) fn with(mut self, name: &str, text: impl Into<String>) -> Self {
        self.captures.entry(name.to_owned()).or_insert_with(|| Capture(text.into()));
        self
    }

    /// Adds the named captures of a match, unless there are ones with their names.
    pub(crate) fn with_groups(mut self, caught: &Caught, text: &[u8]) -> Self {
        for group in &caught.groups {
            self = self.with(&group.name, String::from_utf8_lossy(&text[group.range.clone()]));
        }
        self
    }

    /// This place and another as one; where both say something, this one counts.
    pub(crate) fn joined(&self, other: &Self) -> Self {
        let mut captures = other.captures.clone();
        captures.extend(self.captures.clone());
        Self {
            captures,
            location: self.location.clone().or_else(|| other.location.clone()),
            excerpt: [self.excerpt.as_slice(), &other.excerpt].concat(),
        }
    }

    /// What it comes to.
    pub(crate) fn finding(self, rule: &RuleId) -> Finding {
        Finding {
            rule: rule.clone(),
            location: self.location.or_else(|| location(&self.captures)),
            captures: self.captures,
            span: None,
            excerpt: self.excerpt,
            diagnostic: None,
            count: 1,
            again: Vec::new(),
        }
    }
}
