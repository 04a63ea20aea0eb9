use heal_model::{Pattern, Trigger, Unreadable, World};
use heal_pattern::{Caught, Compiled};

use super::fill::fill;
use super::known::Known;
use super::listing::Listing;
use super::spot::{Captures, Spot};

/// One look at the world: what holds, and what could not be decided.
pub(crate) struct Look<'a> {
    known: Option<&'a Known>,
    pub(crate) world: &'a dyn World,
    pub(crate) listing: &'a Listing,
    /// What could not be decided, and why; each reason once.
    pub(crate) doubts: Vec<String>,
    /// How many things could not be decided, with those that need no word.
    pub(crate) undecided: usize,
}

/// How many places one trigger may have.
const MOST: usize = crate::seen::MOST_FINDINGS;

impl<'a> Look<'a> {
    pub(crate) fn new(known: Option<&'a Known>, world: &'a dyn World, listing: &'a Listing) -> Self {
        Self { known, world, listing, doubts: Vec::new(), undecided: 0 }
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
        let before = self.undecided;
        let holds = !self.spots(trigger, given).is_empty();
        if holds || self.undecided > before { Vec::new() } else { vec![Spot::default()] }
    }

    pub(crate) fn doubt(&mut self, message: String) {
        self.undecided += 1;
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
