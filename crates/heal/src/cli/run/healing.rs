use std::collections::{BTreeMap, BTreeSet};

use heal_model::{Capture, Finding, Fix, Plan, Receipt, ReceiptState, RuleId};
use heal_plan::select;

use super::arguments::Run;
use crate::cli::act::{PATIENCE, verification};
use crate::cli::arguments::{Consent, Format};
use crate::cli::carry::{Call, Carried, carry_out};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::outcome::{tell_untrusted, told};
use crate::cli::session::{Rules, Session};
use crate::cli::signals::Signals;
use crate::report::Report;

/// What makes a finding the same as one of an earlier round: its rule, and what that caught.
type Key = (RuleId, BTreeMap<String, Capture>);

/// What a call has done so far.
pub(super) struct Healing {
    /// The operations that stand.
    pub(super) receipts: Vec<Receipt>,
    /// Those that did not help, and were taken back.
    taken_back: Vec<Receipt>,
    /// The titles of what they were to mend, in the order it was seen.
    pub(super) failed: Vec<String>,
    /// What was applied since the command ran last.
    newest: Option<Attempt>,
    /// Findings that are not tried again: their fix did not help, or was declined.
    tried: BTreeSet<Key>,
    /// Findings that were shown.
    shown: BTreeSet<Key>,
    /// Whether fixes that were applied together did not help: from then on they are applied one by one.
    one_by_one: bool,
    rounds: u32,
    /// The signal that asked heal to end while the command did not run.
    pub(super) stopped: Option<u8>,
    pub(super) report: Report,
}

/// What one round applied.
struct Attempt {
    /// What was seen before it.
    findings: Vec<Finding>,
    /// What it was to mend.
    mending: BTreeSet<Key>,
    /// How many of the last receipts are its own.
    operations: usize,
}

/// What holds after a run that failed.
pub(super) enum Back {
    /// What the command printed is of the files as they are.
    Stands,
    /// Files are as they were when this was found: what was applied since did not help, and was taken back.
    To(Vec<Finding>),
    /// What was applied did not help and could be taken back in part only: the next run tells what holds.
    Unknown,
}

/// What came of a plan.
pub(super) enum Mended {
    /// Something was changed: the command is worth another run.
    Changed,
    /// It was applied, its own verification failed, and it was taken back.
    RolledBack,
    /// Nothing was changed.
    Nothing,
}

impl Healing {
    pub(super) fn new() -> Self {
        Self {
            receipts: Vec::new(),
            taken_back: Vec::new(),
            failed: Vec::new(),
            newest: None,
            tried: BTreeSet::new(),
            shown: BTreeSet::new(),
            one_by_one: false,
            rounds: 0,
            stopped: None,
            report: Report::of("run"),
        }
    }

    /// Every operation, whatever became of it, in the order they began.
    pub(super) fn operations(&self) -> Vec<&Receipt> {
        let mut all: Vec<&Receipt> = self.receipts.iter().chain(&self.taken_back).collect();
        all.sort_by(|one, other| one.id.cmp(&other.id));
        all
    }

    /// The findings whose fixes have not been tried yet.
    pub(super) fn fresh(&self, findings: &[Finding]) -> Vec<Finding> {
        findings.iter().filter(|finding| !self.tried.contains(&key(finding))).cloned().collect()
    }

    /// As much of a plan as is applied at once.
    pub(super) fn next(&self, plan: Plan) -> Plan {
        match plan.fixes.iter().position(Fix::acts) {
            Some(first) if self.one_by_one => select(&plan, &|_| true, &|fix| fix == first),
            _ => plan,
        }
    }

    /// Whether something was applied that no run of the command has shown to help.
    pub(super) fn is_untried(&self) -> bool {
        self.newest.is_some()
    }

    /// Counts a round; whether there may be one.
    pub(super) fn may_go_on(&mut self, most: u32) -> bool {
        self.rounds += 1;
        self.rounds <= most
    }

    /// Writes down that what was done helped: the command passes.
    pub(super) fn confirm(&mut self, session: &mut Session<'_>, wanted: &Run) {
        self.newest = None;
        let signals = Signals::caught(&mut session.host);
        let shown = format!("{} passes", wanted.line());
        for receipt in self.receipts.iter_mut().filter(|one| one.state == ReceiptState::Applied) {
            let helped = verification(true, shown.clone());
            // What was applied stands all the same when this can't be written down.
            if let Ok(judged) = session.host.judge(&receipt.id, helped, PATIENCE) {
                *receipt = judged;
            }
        }
        self.stopped = signals.number();
    }

    /// Takes what was applied last back if something that it was to mend is still there.
    ///
    /// Of several fixes, those whose failure is gone may be tried again, each for itself.
    pub(super) fn take_back(
        &mut self,
        session: &mut Session<'_>,
        wanted: &Run,
        findings: &[Finding],
    ) -> Back {
        let Some(newest) = self.newest.take() else { return Back::Stands };
        let left: Vec<Key> = findings.iter().map(key).filter(|key| newest.mending.contains(key)).collect();
        if left.is_empty() {
            return Back::Stands;
        }
        self.tried.extend(left);
        self.one_by_one |= newest.mending.len() > 1;
        let signals = Signals::caught(&mut session.host);
        let at = self.receipts.len().saturating_sub(newest.operations);
        let mut ran_commands = false;
        while self.receipts.len() > at {
            let Some(last) = self.receipts.pop() else { break };
            ran_commands |= !last.commands.is_empty();
            let why = verification(false, format!("{} failed in the same way", wanted.line()));
            match session.host.judge(&last.id, why, PATIENCE) {
                Ok(judged) => self.taken_back.push(judged),
                Err(error) => {
                    let word = session.console.style().bad("error:");
                    session
                        .say(&format!("{word} the fix did not help, and could not be taken back: {error}\n"));
                    self.receipts.push(last);
                    return Back::Stands;
                }
            }
        }
        self.stopped = signals.number();
        if newest.operations > 0 {
            let word = session.console.style().bad("rolled back:");
            session.say(&format!("{word} the fix did not help, and was taken back\n"));
        }
        if ran_commands { Back::Unknown } else { Back::To(newest.findings) }
    }

    /// Shows what was found and what would be done, asks, and applies.
    pub(super) fn mend(
        &mut self,
        session: &mut Session<'_>,
        rules: &Rules,
        fresh: &[Finding],
        planned: &Plan,
        consent: &Consent,
    ) -> Result<Mended, Failure> {
        self.show(session, rules, fresh);
        let call = Call { is_trial: true, ..Call::new(consent, Call::NOT_DRY) };
        match without_report(session, |session| carry_out(session, rules, planned, &call, &mut self.report)) {
            Ok(Carried::Out { exit: Exit::Done, applied, receipts }) => {
                let mending = mended_by(&applied);
                applied.fixes.iter().filter(|fix| fix.acts()).for_each(|fix| self.remember(&fix.title));
                let operations = receipts.len();
                self.receipts.extend(receipts);
                self.newest = Some(Attempt { findings: fresh.to_vec(), mending, operations });
                Ok(Mended::Changed)
            }
            Ok(Carried::Out { exit: Exit::Signal(number), applied, receipts }) => {
                self.stopped = Some(number);
                applied.fixes.iter().filter(|fix| fix.acts()).for_each(|fix| self.remember(&fix.title));
                let stands = |one: &Receipt| one.state != ReceiptState::RolledBack;
                let (standing, taken_back) = receipts.into_iter().partition(stands);
                self.receipts.extend::<Vec<Receipt>>(standing);
                self.taken_back.extend::<Vec<Receipt>>(taken_back);
                Ok(Mended::Nothing)
            }
            Ok(Carried::Out { exit: Exit::RolledBack | Exit::Refused, applied, receipts }) => {
                self.taken_back.extend(receipts);
                let mending = mended_by(&applied);
                self.one_by_one |= mending.len() > 1;
                if mending.len() <= 1 {
                    self.tried.extend(mending);
                }
                Ok(Mended::RolledBack)
            }
            Ok(_) => Ok(Mended::Nothing),
            // Without a terminal and without --yes the command's own end is what counts.
            Err(failure) if failure.is_refusal() => {
                failure.tell(session.console, None);
                Ok(Mended::Nothing)
            }
            Err(failure) => Err(failure),
        }
    }

    fn remember(&mut self, title: &str) {
        if !self.failed.iter().any(|one| one == title) {
            self.failed.push(title.to_owned());
        }
    }

    /// Shows what was found, each thing once in a call.
    fn show(&mut self, session: &mut Session<'_>, rules: &Rules, fresh: &[Finding]) {
        let style = session.console.style();
        let new: Vec<&Finding> = fresh.iter().filter(|finding| self.shown.insert(key(finding))).collect();
        if !new.is_empty() {
            session.say("\n");
        }
        for &finding in &new {
            self.report.findings.extend(told(rules, finding));
            if let Some((rule, title)) = rules.of(finding) {
                session.say(&crate::cli::finding::finding(finding, rule, &title, None, style));
            }
        }
        if session.is_text() {
            tell_untrusted(session, rules, new.into_iter());
        }
    }
}

/// A call that prints one report at its end prints none in between.
fn without_report<T>(session: &mut Session<'_>, act: impl FnOnce(&mut Session<'_>) -> T) -> T {
    let format = session.format;
    if format != Format::Text {
        session.format = Format::Jsonl;
    }
    let done = act(session);
    session.format = format;
    done
}

/// What a plan acts on.
fn mended_by(applied: &Plan) -> BTreeSet<Key> {
    let acting = applied.fixes.iter().filter(|fix| fix.acts());
    acting.filter_map(|fix| fix.finding.as_ref()).map(key).collect()
}

fn key(finding: &Finding) -> Key {
    (finding.rule.clone(), finding.captures.clone())
}
