use heal_match::open_gates;
use heal_model::{Origin, Playbook, Rule, RuleId};
use serde::de::DeserializeOwned;

/// A rule that is built in: where it belongs, what it is, and what outputs it may fire on.
struct Packed {
    /// The place of its playbook among [`PLAYBOOKS`].
    playbook: usize,
    /// Its id.
    id: &'static str,
    /// The rule as JSON; of its tests only the one that its explanation shows.
    rule: &'static str,
    /// See [`heal_match::gate`].
    gate: Option<&'static [&'static [u8]]>,
}

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The playbooks that are built into heal, in the order of their names, with one example of each rule's tests; the
/// build has checked them.
#[must_use]
pub fn builtin() -> Vec<Playbook> {
    unpacked(|_| true)
}

/// The same with only those rules that may fire on an output, which is given whole: a tenth of the time.
#[must_use]
pub fn builtin_for(output: &[u8]) -> Vec<Playbook> {
    let gates: Vec<&[&[u8]]> = RULES.iter().map(|packed| packed.gate.unwrap_or_default()).collect();
    match open_gates(&gates, output) {
        Some(open) => unpacked(|place| open[place] || RULES[place].gate.is_none()),
        None => builtin(),
    }
}

/// Where a rule with this id that is built in comes from.
#[must_use]
pub fn origin_of_builtin(id: &RuleId) -> Option<Origin> {
    let packed = RULES.iter().find(|packed| packed.id == id.as_str())?;
    Some(read::<Playbook>(PLAYBOOKS[packed.playbook]).origin)
}

/// Whether a rule is the one that is built in under its id; its tests and its place may differ.
#[must_use]
pub fn is_builtin(rule: &Rule) -> bool {
    let packed = RULES.iter().find(|packed| packed.id == rule.id.as_str());
    let built_in = packed.map(|packed| read::<Rule>(packed.rule));
    let own = Rule { tests: Vec::new(), ..rule.clone() };
    built_in.is_some_and(|built_in| Rule { tests: Vec::new(), place: rule.place, ..built_in } == own)
}

fn unpacked(wanted: impl Fn(usize) -> bool) -> Vec<Playbook> {
    let mut playbooks: Vec<Playbook> = PLAYBOOKS.iter().map(|text| read(text)).collect();
    for (_, packed) in RULES.iter().enumerate().filter(|(place, _)| wanted(*place)) {
        playbooks[packed.playbook].rules.push(read(packed.rule));
    }
    playbooks
}

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("the build packed these same types")
}

#[cfg(test)]
mod tests {
    use heal_model::{Origin, Place, Rule, RuleId, Severity};

    use super::{builtin, builtin_for, is_builtin, origin_of_builtin};

    fn names(playbooks: &[heal_model::Playbook]) -> Vec<String> {
        playbooks.iter().flat_map(|playbook| &playbook.rules).map(|rule| rule.id.to_string()).collect()
    }

    #[test]
    fn a_rule_is_known_by_its_id() {
        let origin = |playbook, rule| origin_of_builtin(&RuleId::new(playbook, rule));
        assert_eq!(
            origin("python", "moved-symbol"),
            Some(Origin::Builtin("playbooks/python.yaml".to_owned()))
        );
        assert_eq!(origin("python", "none"), None);
    }

    #[test]
    fn a_copy_is_told_from_another_rule_with_the_same_id() {
        let rule = builtin().swap_remove(0).rules.swap_remove(0);
        assert!(is_builtin(&rule));
        let moved = Rule { tests: Vec::new(), place: Place { line: 1, column: 1 }, ..rule.clone() };
        assert!(is_builtin(&moved));
        assert!(!is_builtin(&Rule { severity: Severity::Info, ..rule.clone() }));
        assert!(!is_builtin(&Rule { id: RuleId::new("shop", "no-rule"), ..rule }));
    }

    #[test]
    fn rules_that_may_fire_are_read_and_few_others() {
        let output = b"ImportError: cannot import name 'a' from 'b'\n";
        let (all, some) = (names(&builtin()), names(&builtin_for(output)));
        assert!(some.contains(&"python/moved-symbol".to_owned()));
        assert!(some.len() * 10 < all.len(), "{} of {}", some.len(), all.len());
        let by_diagnostic = "python-data/numpy-tostring".to_owned();
        assert!(!some.contains(&by_diagnostic));
        let output = b"AttributeError: 'numpy.ndarray' object has no attribute 'tostring'\n";
        assert!(names(&builtin_for(output)).contains(&by_diagnostic));
        assert_eq!(names(&builtin_for(b"\x1b[31mImport\x1b[0mError: cannot import")), all);
        assert_eq!(names(&builtin_for(b"one\rtwo\n")), all);
    }
}
