use std::cell::Cell;
use std::time::Duration;

use heal_exec::{ApplyError, Deadline, Outcome, Rerun};
use heal_model::{Check, Observation, Plan, Receipt, Verification};
use heal_plan::{Choices, rest};

use super::exit::Exit;
use super::failure::Failure;
use super::localized::localized;
use super::planning::context;
use super::session::{Rules, Session};
use super::signals::Signals;
use crate::{Diagnostics, Extractors, find};

/// How many times steps after a command are planned anew.
const MOST_STAGES: usize = 8;
/// How long a call may take in all where nothing is said.
const DEADLINE: Duration = Duration::from_secs(100);
/// How long taking back waits for another heal.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// What came of applying.
pub(super) struct Done {
    /// One for each stage; none where somebody else did the same meanwhile.
    pub(super) receipts: Vec<Receipt>,
    /// How heal ends.
    pub(super) exit: Exit,
    /// Whether the command that was run again still fails, but no longer for what was mended.
    pub(super) fails_otherwise: bool,
}

/// Applies what was agreed to, plans and applies what was waiting for its commands, and finds out whether it helped.
///
/// A signal meanwhile ends what runs; the files are then wholly old or wholly new, and heal ends by that signal.
pub(super) fn apply(
    session: &mut Session<'_>,
    rules: &Rules,
    plan: &Plan,
    rerun: Option<&[String]>,
) -> Result<Done, Failure> {
    let signals = Signals::caught(&mut session.host);
    let mut done = stages(session, rules, plan, rerun).map_err(|error| failure(&error))?;
    done.receipts.iter().for_each(|receipt| session.console.did(&receipt.id));
    if let Some(number) = signals.number() {
        done.exit = Exit::Signal(number);
    }
    Ok(done)
}

fn stages(
    session: &Session<'_>,
    rules: &Rules,
    plan: &Plan,
    rerun: Option<&[String]>,
) -> Result<Done, ApplyError> {
    let end = session.host.end().unwrap_or_else(|| Deadline::within(DEADLINE));
    let acting = rules.acting();
    let choices = Choices::default();
    let context = context(session, rules, &acting, &choices);
    let mut receipts = match session.host.apply(plan, &rules.warrant, end.left()) {
        Err(ApplyError::Already { .. }) => {
            return Ok(Done { receipts: Vec::new(), exit: Exit::Done, fails_otherwise: false });
        }
        applied => vec![applied?],
    };
    let mut stage = plan.clone();
    while receipts.len() < MOST_STAGES && stands(&receipts) {
        let waiting = stage.fixes.iter().filter(|fix| fix.rest.is_some());
        let next = heal_plan::join(waiting.map(|fix| rest(fix, &context)).collect());
        if next.fixes.is_empty() {
            break;
        }
        receipts.push(session.host.apply(&next, &rules.warrant, end.left())?);
        stage = next;
    }
    let fails_otherwise = Cell::new(false);
    let shows = |outcome: &Outcome| {
        let shows = is_still_there(session, rules, plan, outcome);
        fails_otherwise.set(!shows);
        shows
    };
    if stands(&receipts) {
        let rerun = rerun.map(|argv| Rerun { argv, shows: &shows });
        let last = receipts.pop().expect("the first stage has a receipt");
        let judged =
            session.host.verify(&last, plan, &rules.warrant, rerun, rules.matcher.inspector(), end.left())?;
        receipts.push(judged);
    }
    if !stands(&receipts) {
        take_back(session, &mut receipts);
    }
    let exit = exit(&receipts);
    Ok(Done { receipts, exit, fails_otherwise: fails_otherwise.get() && exit == Exit::Done })
}

/// Whether what a command prints shows something that a plan was to mend.
fn is_still_there(session: &Session<'_>, rules: &Rules, plan: &Plan, outcome: &Outcome) -> bool {
    let extractors = Extractors::open(&session.host);
    let reading = extractors.reading(None).expect("every format there is has a name");
    let output = outcome.output.bytes();
    let diagnostics = Diagnostics::wanted(&reading);
    let observation = Observation { exit: outcome.exit, ..Observation::default() };
    let found = find(&rules.matcher, &output, &observation, diagnostics, &session.host);
    let mut found = found.into_iter().map(|finding| localized(&session.host, finding));
    let mended = || plan.fixes.iter().filter(|fix| fix.acts()).filter_map(|fix| fix.finding.as_ref());
    // What was left out of a very long output may show it.
    let is_whole = outcome.output.dropped == 0;
    !is_whole
        || found.any(|one| mended().any(|other| one.rule == other.rule && one.captures == other.captures))
}

/// How a call ends that has come to this: where no command was run and no file changed, nothing was rolled back.
fn exit(receipts: &[Receipt]) -> Exit {
    match receipts {
        _ if stands(receipts) => Exit::Done,
        [only] if only.did_nothing() => Exit::Refused,
        _ => Exit::RolledBack,
    }
}

fn stands(receipts: &[Receipt]) -> bool {
    receipts.iter().all(|receipt| receipt.state.stands())
}

/// A later stage failed: the earlier ones are taken back as well, the last first.
fn take_back(session: &Session<'_>, receipts: &mut [Receipt]) {
    for receipt in receipts.iter_mut().rev() {
        let failed = verification(false, "a step after its commands failed".to_owned());
        if receipt.state.stands()
            && let Ok(judged) = session.host.judge(&receipt.id, failed, PATIENCE)
        {
            *receipt = judged;
        }
    }
}

/// What was found out in one check.
pub(super) fn verification(passed: bool, text: String) -> Verification {
    Verification { passed, checks: vec![Check { passed, text }], commands: Vec::new() }
}

/// Why nothing was applied, and what to do about it.
pub(super) fn failure(error: &ApplyError) -> Failure {
    let failure = Failure::of(Exit::from_code(error.exit_code()), error);
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}
