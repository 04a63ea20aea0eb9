use std::collections::BTreeMap;

use heal_model::{CommandOutcome, Receipt, ReceiptState, RuleId};
use serde::{Deserialize, Serialize};

use crate::receipts::receipts;
use crate::state::{State, StateError};
use crate::{Host, seal, sys};

/// How many operations are looked back on; older ones no longer count.
const REACH: usize = 1_000;
/// How many operations a rule must have had before it can be held back.
const LEAST: u32 = 20;
/// The share of them above which it is: one of so many.
const ONE_OF: u32 = 10;
/// The file that says which rules were set free.
const FREED: &str = "freed";
/// The version of that file.
const VERSION: u32 = 1;

/// What has become of each rule's fixes in this project.
///
/// It is counted from the journal's records, so there is no second account that could disagree with it. It is one
/// project's: what another repository does with a rule must not hold that rule back here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    tallies: BTreeMap<RuleId, Tally>,
}

/// What has become of one rule's fixes, in operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All that were applied.
    pub applied: u32,
    /// Those that were seen to help.
    pub verified: u32,
    /// Those that were taken back since they did not help.
    pub rolled_back: u32,
    /// Those that a person took back.
    pub undone: u32,
}

/// One project's records of what was applied, to be counted when somebody asks.
#[derive(Debug, Default)]
pub struct Ledger {
    state: Option<State>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Freed {
    v: u32,
    /// The newest operation that no longer counts, for each rule.
    rules: BTreeMap<RuleId, String>,
}

impl Host {
    /// The project's records, to be counted when somebody asks.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        Ledger { state: self.state_if_any() }
    }

    /// Sets a rule that was held back free: what it has done so far no longer counts.
    ///
    /// # Errors
    /// When that can't be written down.
    pub fn set_free(&self, rule: &RuleId) -> Result<(), StateError> {
        let state = self.state()?;
        let _lock = state.lock(std::time::Duration::from_secs(10))?;
        let mut freed = freed(&state);
        let newest = state.ids().unwrap_or_default().pop().unwrap_or_default();
        freed.rules.insert(rule.clone(), newest);
        let text = seal::seal(&freed).expect("rules are text");
        let folder = state.folder();
        let written = crate::state::open_folder(folder).and_then(|folder| {
            sys::write_over(&folder, FREED, text.as_bytes())?;
            sys::sync(&folder)
        });
        written
            .map_err(|source| StateError::Folder { path: folder.join(FREED).display().to_string(), source })
    }
}

impl Ledger {
    /// Counts what has become of each rule's fixes. It reads a few small files for each operation, at most the
    /// newest thousand, and none where too few were done for any rule to be held back.
    #[must_use]
    pub fn health(&self) -> Health {
        let Some(state) = &self.state else { return Health::default() };
        let ids = state.ids().unwrap_or_default();
        if ids.len() < LEAST as usize {
            return Health::default();
        }
        self.count(&ids)
    }

    /// The same, however few they are.
    #[must_use]
    pub fn tallies(&self) -> Health {
        let ids = self.state.as_ref().and_then(|state| state.ids().ok()).unwrap_or_default();
        self.count(&ids)
    }

    fn count(&self, ids: &[String]) -> Health {
        let Some(state) = &self.state else { return Health::default() };
        let newest = ids.iter().rev().take(REACH);
        let operations: Vec<_> = newest.filter_map(|id| state.operation(id).ok()).collect();
        let freed = freed(state);
        Health::of(&receipts(&operations), &freed.rules)
    }
}

impl Health {
    /// Counts receipts; those of a rule up to the operation at which it was set free do not count.
    fn of(receipts: &[Receipt], freed: &BTreeMap<RuleId, String>) -> Self {
        let mut tallies: BTreeMap<RuleId, Tally> = BTreeMap::new();
        for receipt in receipts.iter().filter(|receipt| receipt.undoes.is_none() && !receipt.did_nothing()) {
            let counts = |rule: &&RuleId| freed.get(*rule).is_none_or(|newest| receipt.id > *newest);
            for rule in receipt.rules.iter().filter(counts) {
                let tally = tallies.entry(rule.clone()).or_default();
                *tally = tally.with(receipt);
            }
        }
        Self { tallies }
    }

    /// What has become of one rule's fixes.
    #[must_use]
    pub fn of_rule(&self, rule: &RuleId) -> Tally {
        self.tallies.get(rule).copied().unwrap_or_default()
    }

    /// The rules that fail too often to act unasked, in order.
    pub fn held(&self) -> impl Iterator<Item = (&RuleId, Tally)> {
        self.tallies.iter().filter(|(_, tally)| tally.is_held()).map(|(rule, tally)| (rule, *tally))
    }
}

impl Tally {
    /// Those that did not help, or were not wanted.
    #[must_use]
    pub fn failed(self) -> u32 {
        self.rolled_back + self.undone
    }

    /// Whether its rule is held back: more than a tenth of at least twenty operations failed.
    #[must_use]
    pub fn is_held(self) -> bool {
        self.applied >= LEAST && self.failed() * ONE_OF > self.applied
    }

    /// Counts one more; what was cut short says nothing about its rules.
    fn with(mut self, receipt: &Receipt) -> Self {
        let verification = receipt.verification.as_ref();
        let checks = verification.iter().flat_map(|verification| &verification.commands);
        if receipt.commands.iter().chain(checks).any(was_asked_to_end) {
            return self;
        }
        let failed = verification.is_some_and(|verification| !verification.passed);
        match receipt.state {
            ReceiptState::Applied | ReceiptState::Verified => {}
            ReceiptState::RolledBack => self.rolled_back += 1,
            ReceiptState::Conflict if failed => self.rolled_back += 1,
            ReceiptState::Undone => self.undone += 1,
            ReceiptState::Unfinished | ReceiptState::Recovered | ReceiptState::Conflict => return self,
        }
        self.applied += 1;
        self.verified += u32::from(verification.is_some_and(|verification| verification.passed));
        self
    }
}

/// Whether a command ended because somebody wanted it to: by one of the signals that ask for it, or with the code that
/// shells and those who clean up make of them.
fn was_asked_to_end(command: &CommandOutcome) -> bool {
    const ASKING: [i32; 4] = [1, 2, 3, 15];
    let by = command.signal.or_else(|| command.exit.map(|exit| exit - 128));
    !command.timed_out && by.is_some_and(|signal| ASKING.contains(&signal))
}

/// The rules that were set free. Where that can't be read, none was: a rule is held back rather than let go.
fn freed(state: &State) -> Freed {
    let text = std::fs::read_to_string(state.folder().join(FREED)).unwrap_or_default();
    seal::open(&text, VERSION).unwrap_or(Freed { v: VERSION, rules: BTreeMap::new() })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use heal_model::{CommandOutcome, PlanId, Receipt, ReceiptState, RuleId, Time, Verification};

    use super::{Health, Tally};

    fn receipt(id: u32, state: ReceiptState, passed: Option<bool>) -> Receipt {
        let verification =
            passed.map(|passed| Verification { passed, checks: Vec::new(), commands: Vec::new() });
        Receipt {
            id: format!("{id:010}"),
            plan: PlanId::default(),
            at: Time(0),
            state,
            rules: vec![RuleId::new("shop", "fix")],
            files: Vec::new(),
            commands: Vec::new(),
            verification,
            undoes: None,
            undone_by: None,
            notes: Vec::new(),
        }
    }

    /// Counts so many operations that stand and so many that were undone.
    fn counted(applied: u32, undone: u32) -> Tally {
        let stand = (0..applied).map(|id| receipt(id, ReceiptState::Applied, None));
        let gone = (applied..applied + undone).map(|id| receipt(id, ReceiptState::Undone, None));
        let receipts: Vec<Receipt> = stand.chain(gone).collect();
        Health::of(&receipts, &BTreeMap::new()).of_rule(&RuleId::new("shop", "fix"))
    }

    #[test]
    fn more_than_a_tenth_of_at_least_twenty_is_too_much() {
        let held = |applied, undone| counted(applied, undone).is_held();
        assert_eq!(
            [held(0, 19), held(17, 2), held(18, 2), held(17, 3), held(27, 3)],
            [false, false, false, true, false]
        );
    }

    /// A fix that was rolled back after its check ended in this way.
    fn check_ended(exit: Option<i32>, signal: Option<i32>, timed_out: bool) -> Receipt {
        let ended = CommandOutcome {
            argv: vec!["make".to_owned()],
            exit,
            signal,
            timed_out,
            attempts: 1,
            milliseconds: 1,
            tail: String::new(),
        };
        let mut receipt = receipt(1, ReceiptState::RolledBack, Some(false));
        receipt.verification.iter_mut().for_each(|verification| verification.commands = vec![ended.clone()]);
        receipt
    }

    #[test]
    fn what_a_person_ended_says_nothing_of_the_rule() {
        let counts = |receipt: Receipt| Tally::default().with(&receipt).failed();
        assert_eq!(counts(check_ended(Some(1), None, false)), 1);
        assert_eq!(counts(check_ended(None, Some(2), false)), 0);
        assert_eq!(counts(check_ended(Some(143), None, false)), 0);
        assert_eq!(counts(check_ended(None, Some(11), false)), 1);
        assert_eq!(counts(check_ended(None, Some(15), true)), 1);
    }

    #[test]
    fn each_end_counts_once() {
        let receipts = [
            receipt(1, ReceiptState::Applied, None),
            receipt(2, ReceiptState::Verified, Some(true)),
            receipt(3, ReceiptState::RolledBack, Some(false)),
            receipt(4, ReceiptState::Conflict, Some(false)),
            receipt(5, ReceiptState::Conflict, None),
            receipt(6, ReceiptState::Undone, Some(true)),
            receipt(7, ReceiptState::Recovered, None),
            Receipt { undoes: Some("6".to_owned()), ..receipt(8, ReceiptState::Applied, None) },
        ];
        let rule = RuleId::new("shop", "fix");
        let tally = Health::of(&receipts, &BTreeMap::new()).of_rule(&rule);
        assert_eq!(tally, Tally { applied: 5, verified: 2, rolled_back: 2, undone: 1 });
        let freed = BTreeMap::from([(rule.clone(), format!("{:010}", 4))]);
        let since = Health::of(&receipts, &freed).of_rule(&rule);
        assert_eq!(since, Tally { applied: 1, verified: 1, rolled_back: 0, undone: 1 });
    }
}
