use heal_model::{Origin, Rule};

use crate::source::Source;
use crate::yaml;
use crate::{Code, Problem};

/// Says that another playbook has a rule of the same id, at the place of the id.
///
/// `text` is the playbook that was loaded, `counts` whether its own rule is the one that counts.
#[must_use]
pub fn shared_id(text: &[u8], rule: &Rule, other: &Origin, counts: bool) -> Problem {
    let (source, _) = Source::decode(text);
    let (root, _) = yaml::parse(&source);
    let rules = root.as_ref().and_then(|root| root.entry("rules")).map(|rules| rules.value.items());
    let is_it = |at: &&yaml::Node| {
        let (line, column) = source.place(at.span.start);
        (line, column) == (rule.place.line, rule.place.column)
    };
    let span = rules.unwrap_or_default().iter().find(is_it).map_or(0..0, |at| at.at("id").span.clone());
    let whose = match other {
        Origin::Builtin(_) => "built in".to_owned(),
        other => format!("in {}", other.path()),
    };
    let message = if counts {
        format!("{} is {whose} as well; once it may act, this one takes its place", rule.id)
    } else {
        format!("{} is {whose} as well, and that one counts", rule.id)
    };
    let mut problem = Problem::new(Code::SharedId, span, message)
        .label("another playbook has it")
        .help("give it an id of its own, so that both count");
    problem.locate(&source);
    problem
}
