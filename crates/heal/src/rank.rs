use std::collections::BTreeMap;

use heal_model::{Origin, Playbook, RuleId};

/// Two playbooks that have a rule of one id, of which one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The rule's id.
    pub rule: RuleId,
    /// Whose rule counts.
    pub counts: Origin,
    /// Whose rule is left out.
    pub left_out: Origin,
    /// Why it is: it would have counted, had it been trusted.
    pub for_want_of_trust: bool,
}

/// Leaves each rule to the playbook that is first in rank among those that may act, and to the first of all where
/// none may: one of the repository can replace one that is built in, but not before it is trusted.
pub(crate) fn rank(playbooks: &mut [Playbook], may_act: &dyn Fn(&Origin) -> bool) -> Vec<Shared> {
    let origins: Vec<Origin> = playbooks.iter().map(|playbook| playbook.origin.clone()).collect();
    let trusted: Vec<bool> = origins.iter().map(may_act).collect();
    let mut owners: BTreeMap<RuleId, usize> = BTreeMap::new();
    for (place, playbook) in playbooks.iter().enumerate() {
        for rule in &playbook.rules {
            let owner = owners.entry(rule.id.clone()).or_insert(place);
            if trusted[place] && !trusted[*owner] {
                *owner = place;
            }
        }
    }
    let mut shared = Vec::new();
    for (place, playbook) in playbooks.iter_mut().enumerate() {
        playbook.rules.retain(|rule| {
            let owner = owners[&rule.id];
            if owner != place {
                shared.push(Shared {
                    rule: rule.id.clone(),
                    counts: origins[owner].clone(),
                    left_out: origins[place].clone(),
                    for_want_of_trust: place < owner,
                });
            }
            owner == place
        });
    }
    shared
}

#[cfg(test)]
mod tests {
    use heal_model::{Asset, Origin, Playbook};
    use heal_playbook::{Input, load};

    use super::rank;

    fn playbook(origin: Origin) -> Playbook {
        let text = "heal: 1\nname: p\nrules:\n- {id: a, title: a, trigger: {output: a}}\n";
        let assets = |path: &str| Asset { path: path.to_owned(), content: None };
        load(&Input { origin, text: text.as_bytes(), assets: &assets }).expect("it is valid").playbook
    }

    /// Three playbooks with one rule: whose counts, and whose are left out.
    #[track_caller]
    fn check(trusted: &[&str], expected: &str) {
        let named = |origin: &Origin| origin.path().to_owned();
        let mut playbooks = [
            playbook(Origin::Repository("first".to_owned())),
            playbook(Origin::Repository("second".to_owned())),
            playbook(Origin::Builtin("third".to_owned())),
        ];
        let shared = rank(&mut playbooks, &|origin| trusted.contains(&origin.path()));
        let mut told: Vec<String> = playbooks
            .iter()
            .filter(|playbook| !playbook.rules.is_empty())
            .map(|playbook| named(&playbook.origin))
            .collect();
        told.extend(shared.iter().map(|one| {
            let why = if one.for_want_of_trust { "not trusted" } else { "lower" };
            format!("{}: {why} than {}", named(&one.left_out), named(&one.counts))
        }));
        assert_eq!(told.join("; "), expected);
    }

    #[test]
    fn an_untrusted_rule_takes_no_trusted_ones_place() {
        check(&["third"], "third; first: not trusted than third; second: not trusted than third");
        check(&["second", "third"], "second; first: not trusted than second; third: lower than second");
        check(&["first", "second", "third"], "first; second: lower than first; third: lower than first");
        check(&[], "first; second: lower than first; third: lower than first");
    }
}
