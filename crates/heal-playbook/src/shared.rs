use heal_model::{Origin, Rule};

use crate::source::Source;
use crate::yaml;
use crate::{Code, Problem};

/// A rule whose id another playbook has as well.
#[derive(Clone, Debug)]
pub struct SharedId<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// Where the other playbook comes from.
    pub other: Origin,
    /// Whether this rule is the one that counts.
    pub counts: bool,
}

/// Says of rules of a playbook, whose text is given, that another playbook has them as well, each at the place of its
/// id.
#[must_use]
pub fn shared_ids(text: &[u8], shared: &[SharedId<'_>]) -> Vec<Problem> {
    if shared.is_empty() {
        return Vec::new();
    }
    let (source, _) = Source::decode(text);
    let (root, _) = yaml::parse(&source);
    let rules = root.as_ref().and_then(|root| root.entry("rules")).map(|rules| rules.value.items());
    let rules = rules.unwrap_or_default();
    shared.iter().map(|one| told(one, rules, &source)).collect()
}

fn told(shared: &SharedId<'_>, rules: &[yaml::Node], source: &Source) -> Problem {
    let SharedId { rule, other, counts } = shared;
    let is_it = |at: &&yaml::Node| source.place(at.span.start) == (rule.place.line, rule.place.column);
    let span = rules.iter().find(is_it).map_or(0..0, |at| at.at("id").span.clone());
    let whose = match other {
        Origin::Builtin(_) => "built in".to_owned(),
        other => format!("in {}", other.path()),
    };
    let message = if *counts {
        format!("{} is {whose} as well; once it may act, this one takes its place", rule.id)
    } else {
        format!("{} is {whose} as well, and that one counts", rule.id)
    };
    let mut problem = Problem::new(Code::SharedId, span, message)
        .label("another playbook has it")
        .help("give it an id of its own, so that both count");
    problem.locate(source);
    problem
}
