use std::collections::{BTreeMap, BTreeSet};

use heal_model::{Capture, Finding, Plan, Receipt, RuleId};
use heal_plan::{Choices, Context, plan, questions};

use super::again::Again;
use super::arguments::Run;
use crate::cli::act::{PATIENCE, verification};
use crate::cli::arguments::{Consent, Format};
use crate::cli::carry::{Call, Carried, carry_out};
use crate::cli::consent;
use crate::cli::exit::{Exit, Failure};
use crate::cli::outcome::told;
use crate::cli::session::{Rules, Session};
use crate::report::Report;

/// What makes a finding the same as one of an earlier round: its rule, and what that caught.
type Key = (RuleId, BTreeMap<String, Capture>);

/// What a call has done so far.
pub(super) struct Healing {
    pub(super) receipts: Vec<Receipt>,
    /// The findings that the newest operation was to mend.
    mending: BTreeSet<Key>,
    /// Findings that are not tried again: their fix did not help, or was declined.
    tried: BTreeSet<Key>,
    pub(super) report: Report,
}

impl Healing {
    pub(super) fn new() -> Self {
        let (mending, tried) = (BTreeSet::new(), BTreeSet::new());
        Self { receipts: Vec::new(), mending, tried, report: Report::of("run") }
    }

    /// The findings whose fixes have not been tried yet.
    pub(super) fn fresh(&self, findings: &[Finding]) -> Vec<Finding> {
        findings.iter().filter(|finding| !self.tried.contains(&key(finding))).cloned().collect()
    }

    /// Writes down that the newest operation helped: the command passes.
    pub(super) fn confirm(&mut self, session: &Session<'_>, wanted: &Run) {
        let Some(last) = self.receipts.last_mut() else { return };
        let shown = format!("{} passes", wanted.line());
        if let Ok(judged) = session.host.judge(&last.id, verification(true, shown), PATIENCE) {
            *last = judged;
        }
    }

    /// Takes the newest operation back if what it was to mend is still there.
    pub(super) fn take_back(&mut self, session: &mut Session<'_>, wanted: &Run, findings: &[Finding]) {
        let still = findings.iter().any(|finding| self.mending.contains(&key(finding)));
        let mending = std::mem::take(&mut self.mending);
        if !still {
            return;
        }
        self.tried.extend(mending);
        let Some(last) = self.receipts.pop() else { return };
        let style = session.console.style();
        let shown = format!("{} failed in the same way", wanted.line());
        match session.host.judge(&last.id, verification(false, shown), PATIENCE) {
            Ok(_) => {
                let word = style.bad("rolled back:");
                session.say(&format!("{word} the fix did not help, and was taken back\n"));
            }
            Err(error) => {
                let word = style.bad("error:");
                session.say(&format!("{word} the fix did not help, and could not be taken back: {error}\n"));
                self.receipts.push(last);
            }
        }
    }

    /// Shows what was found and what would be done, asks, and applies; whether anything was changed.
    pub(super) fn mend(
        &mut self,
        session: &mut Session<'_>,
        rules: &Rules,
        fresh: &[Finding],
        planned: &Plan,
        consent: &Consent,
    ) -> Result<bool, Failure> {
        let style = session.console.style();
        session.say("\n");
        for finding in fresh {
            self.report.findings.extend(told(rules, finding));
            if let Some((rule, title)) = rules.of(finding) {
                session.say(&crate::cli::finding::finding(finding, rule, &title, None, style));
            }
        }
        let call = Call { consent, rerun: None, next: Call::NOT_DRY };
        match without_report(session, |session| carry_out(session, rules, planned, &call, &mut self.report)) {
            Ok(Carried::Out { exit: Exit::Done, .. }) => {
                self.receipts.extend(session.host.log().into_iter().next());
                self.mending = fresh.iter().filter(|finding| acts_on(planned, finding)).map(key).collect();
                Ok(true)
            }
            Ok(_) => Ok(false),
            // Without a terminal and without --yes the command's own end is what counts.
            Err(failure) if failure.is_refusal() => {
                failure.tell(session.console, None);
                Ok(false)
            }
            Err(failure) => Err(failure),
        }
    }
}

/// What would be done about findings; asks what only a person can say.
pub(super) fn planned(session: &Session<'_>, rules: &Rules, consent: &Consent, fresh: &[Finding]) -> Plan {
    let acting = rules.acting();
    let allowed: Vec<Finding> = fresh.iter().filter(|finding| rules.may_act(finding)).cloned().collect();
    let none = Choices::default();
    let context =
        Context { playbooks: &acting, world: &session.host, inspect: &rules.inspector, choices: &none };
    let asks = if consent.yes { Vec::new() } else { questions(&allowed, &context) };
    let choices = consent::choices(session, &asks);
    plan(&allowed, &Context { choices: &choices, ..context })
}

/// How far heal may go in what is left of the time.
pub(super) fn consent_within(wanted: &Run, again: &Again<'_>) -> Consent {
    let deadline = again.left().map(|left| left.as_secs().max(1));
    Consent { deadline, ..wanted.consent.clone() }
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

fn acts_on(planned: &Plan, finding: &Finding) -> bool {
    planned.fixes.iter().any(|fix| fix.acts() && fix.finding.as_ref() == Some(finding))
}

fn key(finding: &Finding) -> Key {
    (finding.rule.clone(), finding.captures.clone())
}
