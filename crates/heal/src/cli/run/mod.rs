//! `heal run`: a command that is watched, mended and run again.

mod again;
mod arguments;
mod healing;
mod observe;
mod progress;
mod retry_on;
mod summary;

use std::time::Duration;

use heal_exec::Outcome;
use heal_exec::retry::{Gate, Until, breaker_name};
use heal_model::{Breaker, Finding, World as _};

use again::{Again, Follows};
pub(super) use arguments::Run;
use healing::{Back, Healing, Mended};
use observe::observe;
use summary::{Last, end, ended_by, is_transient, keep, told};

use super::arguments::{Consent, On};
use super::exit::Exit;
use super::failure::Failure;
use super::learning;
use super::on_demand::OnDemand;
use super::planning::{Asks, planned};
use super::rehearse::{ended, rehearse};
use super::session::{Rules, Session};
use super::signals::Signals;
use super::span::BreakerSpans;
use crate::report::Report;

/// `heal run`: runs a command, and while it fails in a way that is known, mends that and runs it again.
///
/// Standard output is the command's; what heal has to say goes to standard error.
pub(super) fn run(session: &mut Session<'_>, wanted: &Run) -> Result<Exit, Failure> {
    session.console.give_up_stdout();
    session.keep_to(wanted.consent.deadline);
    let done = begun(session, wanted);
    if let Err(failure) = &done {
        // Why the command could not be run counts for more than that this can't be written down.
        drop(keep(session, wanted, &failure.report("run")));
    }
    done
}

fn begun(session: &mut Session<'_>, wanted: &Run) -> Result<Exit, Failure> {
    let mut playbooks = session.on_demand(&wanted.playbooks)?;
    if let Some(on) = wanted.rehearse {
        return rehearsed(session, &mut playbooks, wanted, on);
    }
    let (mut healing, mut again) = (Healing::new(), Again::new(wanted, session.host.end()));
    let last = heal(session, &mut playbooks, wanted, &mut again, &mut healing)?;
    end(session, wanted, &again, healing, &last)
}

/// The same on a copy of the project; what that came to is shown as one diff, and applied.
fn rehearsed(
    session: &mut Session<'_>,
    playbooks: &mut OnDemand,
    wanted: &Run,
    on: On,
) -> Result<Exit, Failure> {
    let (mut healing, mut again) = (Healing::new(), Again::new(wanted, session.host.end()));
    let there = Run {
        consent: Consent { yes: true, dry_run: false, plan: None, ..wanted.consent.clone() },
        ..wanted.clone()
    };
    let (last, rehearsal) =
        rehearse(session, on, |session| heal(session, playbooks, &there, &mut again, &mut healing))?;
    let mut report = std::mem::replace(&mut healing.report, Report::of("run"));
    report.run = Some(told(wanted, &again, &last, &healing));
    report.receipts.clear();
    let proof = ended(&wanted.line(), &last.outcome);
    let exit = if last.outcome.passed() && healing.stopped.is_none() {
        rehearsal.offer(session, playbooks.rules.asked_for(), &wanted.consent, &proof, &mut report)?
    } else {
        let word = session.console.style().bad("rehearsed:");
        session.say(&format!("{word} {proof} on a copy; nothing was changed\n"));
        if !session.is_text() {
            session.console.json(&report);
        }
        ended_by(&last, &healing)
    };
    keep(session, wanted, &report)?;
    Ok(exit)
}

/// Runs the command until it passes, or nothing new and safe is left to try.
fn heal(
    session: &mut Session<'_>,
    playbooks: &mut OnDemand,
    wanted: &Run,
    again: &mut Again<'_>,
    healing: &mut Healing,
) -> Result<Last, Failure> {
    let mut is_first = true;
    loop {
        let signals = Signals::caught(&mut session.host);
        let (outcome, findings, follows) = tried(session, playbooks, wanted, again)?;
        if !outcome.interrupted {
            healing.stopped = signals.number();
        }
        drop(signals);
        if wanted.rehearse.is_none() && playbooks.stores {
            learning::note(session, playbooks, &wanted.command, &outcome, is_first);
        }
        is_first = false;
        let is_transient = !findings.is_empty() && is_transient(playbooks.rules.asked_for(), &findings);
        let mut last = Last { is_transient, outcome, follows: Follows::Nothing };
        if last.outcome.passed() && !healing.receipts.is_empty() {
            healing.confirm(session, wanted);
        }
        // A command whose output nobody reads any more was ended by that.
        let is_stopped = last.outcome.interrupted || healing.stopped.is_some();
        if last.outcome.passed() || is_stopped || session.console.is_closed() {
            return Ok(last);
        }
        let may_wait = matches!(follows, Follows::Again { .. });
        if !last.outcome.timed_out
            && mended(session, playbooks.rules.asked_for(), wanted, healing, findings, may_wait)?
        {
            if again.is_late() {
                last.follows = Follows::NoTime;
                return Ok(last);
            }
            again.anew();
            continue;
        }
        if healing.stopped.is_some() {
            return Ok(last);
        }
        if let Follows::Again { wait, number, most } = follows {
            healing.stopped = waited(session, again, &last.outcome, wait, (number, most));
            if healing.stopped.is_none() {
                continue;
            }
        }
        last.follows = follows;
        return Ok(last);
    }
}

/// Mends what is known of a failure, and takes back what did not help; whether another run can tell more.
fn mended(
    session: &mut Session<'_>,
    rules: &Rules,
    wanted: &Run,
    healing: &mut Healing,
    findings: Vec<Finding>,
    may_wait: bool,
) -> Result<bool, Failure> {
    let findings = match healing.take_back(session, wanted, &findings) {
        Back::Stands => findings,
        Back::To(earlier) => earlier,
        Back::Unknown => return Ok(healing.stopped.is_none() && healing.may_go_on(wanted.max_rounds)),
    };
    if healing.stopped.is_some() {
        return Ok(false);
    }
    let mut is_first = true;
    loop {
        let fresh = healing.fresh(&findings);
        let consent = &wanted.consent;
        let asks = if consent.yes { Asks::Nobody } else { Asks::Somebody };
        let plan = healing.next(planned(session, rules, &fresh, asks));
        let has_more = plan.acts() || (is_first && !may_wait && !fresh.is_empty());
        if !has_more || !healing.may_go_on(wanted.max_rounds) {
            return Ok(false);
        }
        is_first = false;
        match healing.mend(session, rules, &fresh, &plan, consent)? {
            Mended::Changed => return Ok(true),
            Mended::RolledBack => {}
            Mended::Nothing => return Ok(false),
        }
    }
}

/// Tries the command once, if its breaker lets it, and finds out what follows if that failed.
fn tried(
    session: &mut Session<'_>,
    playbooks: &mut OnDemand,
    wanted: &Run,
    again: &mut Again<'_>,
) -> Result<(Outcome, Vec<Finding>, Follows), Failure> {
    let cwd = session.host.relative(".").ok();
    let name = breaker_name(cwd.as_ref(), &wanted.command);
    if let Some(BreakerSpans(policy)) = wanted.breaker
        && let Gate::Open { failures, until } = asked(session, wanted, &name, policy)
    {
        return Err(is_open(wanted, failures, until));
    }
    let mut opened = None;
    let timeout = again.begin();
    let seen = observe(session, playbooks, &wanted.command, timeout);
    let is_stopped = seen.as_ref().is_ok_and(|(outcome, _)| outcome.was_stopped());
    if let (Some(BreakerSpans(policy)), false) = (wanted.breaker, is_stopped) {
        let passed = seen.as_ref().is_ok_and(|(outcome, _)| outcome.passed());
        opened = session.host.tell_breaker(&name, policy, passed).unwrap_or_default();
    }
    let (outcome, findings) = seen?;
    let mut follows = match outcome.passed() || outcome.was_stopped() {
        true => Follows::Nothing,
        false => again.after(playbooks.rules.asked_for(), &outcome, &findings, session.host.now()),
    };
    if let (Follows::Again { wait, .. }, Some(failures), Some(BreakerSpans(policy))) =
        (&follows, opened, wanted.breaker)
        && *wait < policy.cooldown
    {
        follows = Follows::LeftAlone { failures, cooldown: policy.cooldown };
    }
    Ok((outcome, findings, follows))
}

/// What a breaker says. One that can't be used is closed: it is there to spare work, and no reason to do none.
fn asked(session: &mut Session<'_>, wanted: &Run, name: &str, policy: Breaker) -> Gate {
    let is_damaged = session.host.is_breaker_damaged(name);
    match session.host.ask_breaker(name, policy) {
        Ok(gate) => {
            if is_damaged {
                let line = wanted.line();
                session.note(&format!("what the breaker of {line} knew is damaged: it is closed"));
            }
            gate
        }
        Err(error) => {
            let words = Failure::of(Exit::Refused, &error).words();
            session.note(&format!("the breaker of {} is closed: {words}", wanted.line()));
            Gate::Closed
        }
    }
}

/// Waits for another try; gives the signal that asked heal to end meanwhile.
fn waited(
    session: &mut Session<'_>,
    again: &Again<'_>,
    outcome: &Outcome,
    wait: Duration,
    tries: (u32, u32),
) -> Option<u8> {
    let signals = Signals::caught(&mut session.host);
    progress::wait(session, outcome, wait, tries, again.left());
    signals.number()
}

fn is_open(wanted: &Run, failures: u32, until: Until) -> Failure {
    let line = wanted.line();
    Failure::new(
        Exit::Refused,
        format!("{line} was not run: it has failed {failures} times in a row; {until}"),
    )
    .help("leave out --breaker to run it all the same")
}
