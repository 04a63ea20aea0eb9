use std::collections::BTreeMap;

use heal_exec::{Host, Ledger, Tally, Word};
use heal_model::{Playbook, Rule, RuleId, Safety};

/// How sure it must be that a rule helps before it rises by itself.
const ENOUGH: f64 = 0.64;
/// One-sided 95 %.
const Z: f64 = 1.645;
/// How many verifications may fail before a rule falls.
const MOST_FAILED: u32 = 1;

/// How far a learned rule may go, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How far.
    pub safety: Safety,
    /// How far its playbook says that it may.
    pub written: Safety,
    /// Why, in words.
    pub reason: String,
}

/// Finds out how far each learned rule of these playbooks may go, and lets it go so far. The project's records are read
/// only where there is such a rule.
pub fn stand(playbooks: &mut [Playbook], host: &Host, ledger: &Ledger) -> BTreeMap<RuleId, Standing> {
    let rules = playbooks.iter_mut().flat_map(|playbook| &mut playbook.rules);
    let mut rules: Vec<&mut Rule> = rules.filter(|rule| rule.learned.is_some()).collect();
    let mut all = BTreeMap::new();
    if rules.is_empty() {
        return all;
    }
    let (words, tallies) = (host.words(), ledger.tallies());
    for rule in &mut rules {
        let standing = standing(rule, tallies.of_rule(&rule.id), words.of(rule));
        rule.safety = standing.safety;
        all.insert(rule.id.clone(), standing);
    }
    all
}

/// How far a learned rule may go: as its playbook or a person says; one step further once it is sure to help; and it is
/// shown only after its second failed verification, or once somebody has taken it back.
///
/// Sure is a matter of the lower bound of Wilson's interval: five of five, or nine of ten. The incidents that it was
/// learned from count half.
#[must_use]
pub fn standing(rule: &Rule, tally: Tally, word: Option<&Word>) -> Standing {
    let Tally { verified, rolled_back, undone, .. } = tally;
    let incidents = rule.learned.as_ref().map_or(0, |learned| learned.incidents.len());
    let base = word.map_or(rule.safety, |word| word.safety);
    let said = if word.is_some() { "by your word" } else { "as its playbook says" };
    let stand = |safety: Safety, reason: String| Standing { safety, written: rule.safety, reason };
    if undone > 0 {
        return stand(Safety::Manual, "fallen: somebody took its fix back".to_owned());
    }
    if rolled_back > MOST_FAILED {
        return stand(Safety::Manual, format!("fallen: {rolled_back} of its fixes did not help"));
    }
    let learned_from = f64::from(u32::try_from(incidents).unwrap_or(u32::MAX));
    let helped = f64::from(verified) + learned_from / 2.0;
    let is_sure = wilson(helped, helped + f64::from(tally.failed())) >= ENOUGH;
    let higher = match base {
        Safety::Manual => Safety::Unsafe,
        Safety::Unsafe if verified > 0 => Safety::Safe,
        stays => stays,
    };
    if !is_sure || higher == base {
        return stand(base, said.to_owned());
    }
    let failed = tally.failed();
    stand(higher, format!("risen: {incidents} incidents and {verified} verified fixes, {failed} failed"))
}

/// The lower bound of Wilson's score interval: a share that the true one lies above, as surely as [`Z`] says.
fn wilson(good: f64, all: f64) -> f64 {
    if all <= 0.0 {
        return 0.0;
    }
    let (share, z) = (good / all, Z * Z / all);
    let spread = (share * (1.0 - share) / all + z / (4.0 * all)).sqrt();
    (share + z / 2.0 - Z * spread) / (1.0 + z)
}

#[cfg(test)]
mod tests {
    use heal_exec::Tally;
    use heal_model::{Asset, Origin, Rule};
    use heal_playbook::{Input, load};

    use super::{ENOUGH, standing, wilson};

    #[test]
    fn five_of_five_and_nine_of_ten_are_enough() {
        let cases = [(4.0, 4.0), (5.0, 5.0), (8.0, 9.0), (9.0, 10.0), (10.0, 12.0), (0.0, 0.0)];
        let enough = cases.map(|(good, all)| wilson(good, all) >= ENOUGH);
        assert_eq!(enough, [false, true, false, true, false, false]);
    }

    fn rule(safety: &str, incidents: usize) -> Rule {
        let ids: Vec<String> = (0..incidents).map(|number| format!("i{number}")).collect();
        let learned = format!("learned: {{incidents: [{}]}}", ids.join(", "));
        let rule = format!("{{id: a, title: a, safety: {safety}, trigger: {{output: a}}, {learned}}}");
        let text = format!("heal: 1\nname: p\nrules:\n- {rule}\n");
        let assets = |path: &str| Asset { path: path.to_owned(), content: None };
        let input = Input { origin: Origin::Named("p".to_owned()), text: text.as_bytes(), assets: &assets };
        load(&input).expect("it is valid").playbook.rules.remove(0)
    }

    #[track_caller]
    fn check(safety: &str, incidents: usize, tally: [u32; 3], expected: &str) {
        let [verified, rolled_back, undone] = tally;
        let tally = Tally { applied: verified + rolled_back + undone, verified, rolled_back, undone };
        let standing = standing(&rule(safety, incidents), tally, None);
        assert_eq!(format!("{}: {}", standing.safety, standing.reason), expected);
    }

    #[test]
    fn a_rule_rises_by_outcomes_and_falls_by_failures() {
        check("manual", 2, [0, 0, 0], "manual: as its playbook says");
        check("manual", 10, [0, 0, 0], "unsafe: risen: 10 incidents and 0 verified fixes, 0 failed");
        check("unsafe", 10, [0, 0, 0], "unsafe: as its playbook says");
        check("unsafe", 2, [3, 0, 0], "unsafe: as its playbook says");
        check("unsafe", 2, [4, 0, 0], "safe: risen: 2 incidents and 4 verified fixes, 0 failed");
        check("unsafe", 2, [8, 1, 0], "safe: risen: 2 incidents and 8 verified fixes, 1 failed");
        check("safe", 2, [8, 1, 0], "safe: as its playbook says");
        check("safe", 2, [8, 2, 0], "manual: fallen: 2 of its fixes did not help");
        check("safe", 2, [8, 0, 1], "manual: fallen: somebody took its fix back");
    }
}
