use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufReader, IsTerminal as _, Read};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use heal_exec::{Input, Launch, Outcome};
use heal_model::{Capture, Finding, Observation, Plan, Receipt, RuleId};
use heal_plan::{Choices, Context, plan, questions};

use super::act::{PATIENCE, verification};
use super::arguments::{Consent, Run};
use super::carry::{Call, Carried, carry_out};
use super::consent;
use super::exit::{Exit, Failure};
use super::outcome::told;
use super::receipt;
use super::session::{Rules, Session, localized};
use super::style::counted;
use crate::report::{self, Report};
use crate::{Diagnostics, look_at_diagnostics};

/// How many blocks of output may wait to be searched before the command has to wait too.
const WAITING: usize = 64;

/// What makes a finding the same as one of an earlier round: its rule, and what that caught.
type Key = (RuleId, BTreeMap<String, Capture>);

/// What a call has done so far.
#[derive(Default)]
struct Healing {
    receipts: Vec<Receipt>,
    /// The findings that the newest operation was to mend.
    mending: BTreeSet<Key>,
    /// Findings that are not tried again: their fix did not help, or was declined.
    tried: BTreeSet<Key>,
    report: Report,
}

/// `heal run`: runs a command, and while it fails in a way that is known, mends that and runs it again.
///
/// Standard output is the command's; what heal has to say goes to standard error.
pub(super) fn run(session: &mut Session<'_>, wanted: &Run) -> Result<Exit, Failure> {
    let input = if io::stdout().is_terminal() { Input::Terminal } else { Input::Inherited };
    session.console.give_up_stdout();
    let rules = session.rules(&wanted.playbooks)?;
    let mut healing = Healing { report: Report::of("run"), ..Healing::default() };
    let mut round = 0;
    let last = loop {
        let (outcome, findings) = observe(session, &rules, wanted, input)?;
        if outcome.passed() {
            confirm(session, wanted, &mut healing);
        }
        if outcome.passed() || outcome.interrupted || outcome.timed_out {
            break outcome;
        }
        take_back(session, wanted, &mut healing, &findings);
        let fresh: Vec<Finding> =
            findings.into_iter().filter(|one| !healing.tried.contains(&key(one))).collect();
        round += 1;
        if fresh.is_empty()
            || round > wanted.max_rounds
            || !mend(session, &rules, wanted, &mut healing, &fresh)?
        {
            break outcome;
        }
    };
    Ok(end(session, wanted, healing, &last))
}

/// Runs the command once, with its output passed through as it comes and searched beside.
fn observe(
    session: &mut Session<'_>,
    rules: &Rules,
    wanted: &Run,
    input: Input,
) -> Result<(Outcome, Vec<Finding>), Failure> {
    let (sender, receiver) = sync_channel::<Vec<u8>>(WAITING);
    let mut diagnostics = match look_at_diagnostics(&rules.library.playbooks) {
        true => Diagnostics::wanted(None),
        false => Diagnostics::unwanted(),
    };
    let command = Some(wanted.command.join(" "));
    let cwd = session.host.relative(".").ok();
    let launch = Launch {
        argv: &wanted.command,
        cwd: cwd.as_ref(),
        env: &BTreeMap::new(),
        timeout: wanted.timeout.map(Duration::from_secs),
        input,
    };
    let (host, console) = (&session.host, &mut *session.console);
    let (outcome, seen) = std::thread::scope(|scope| {
        let observation = Observation { command, exit: None, stream: None };
        let search = scope.spawn(move || {
            let mut output = BufReader::new(Pieces { receiver, piece: Vec::new(), at: 0 });
            rules.matcher.scan(&mut output, &observation, &mut |_| {})
        });
        let outcome = host.run(&launch, &mut |stream, bytes| {
            console.pass(stream, bytes);
            diagnostics.feed(bytes);
            // The search has ended only if it failed; the command goes on all the same.
            drop(sender.send(bytes.to_vec()));
        });
        drop(sender);
        (outcome, search.join().expect("a search never panics"))
    });
    let outcome = outcome.map_err(|error| Failure::of(Exit::Command(127), &error))?;
    let seen = seen.expect("a channel can be read");
    let all = seen.findings.into_iter().chain(rules.matcher.diagnostics(&diagnostics.finish()));
    let confirmed = all.filter_map(|finding| rules.matcher.confirm(finding, host));
    Ok((outcome, confirmed.map(|finding| localized(host, finding)).collect()))
}

/// Writes down that the newest operation helped: the command passes.
fn confirm(session: &Session<'_>, wanted: &Run, healing: &mut Healing) {
    let Some(last) = healing.receipts.last_mut() else { return };
    let shown = format!("{} passes", wanted.command.join(" "));
    if let Ok(judged) = session.host.judge(&last.id, verification(true, shown), PATIENCE) {
        *last = judged;
    }
}

/// Takes the newest operation back if what it was to mend is still there.
fn take_back(session: &mut Session<'_>, wanted: &Run, healing: &mut Healing, findings: &[Finding]) {
    let still = findings.iter().any(|finding| healing.mending.contains(&key(finding)));
    let mending = std::mem::take(&mut healing.mending);
    if !still {
        return;
    }
    healing.tried.extend(mending);
    let Some(last) = healing.receipts.pop() else { return };
    let style = session.console.style();
    let shown = format!("{} failed in the same way", wanted.command.join(" "));
    match session.host.judge(&last.id, verification(false, shown), PATIENCE) {
        Ok(_) => {
            session.say(&format!("{} the fix did not help, and was taken back\n", style.bad("rolled back:")));
        }
        Err(error) => {
            session.say(&format!(
                "{} the fix did not help, and could not be taken back: {error}\n",
                style.bad("error:")
            ));
            healing.receipts.push(last);
        }
    }
}

/// Plans for what is new, asks, and applies; whether anything was changed.
fn mend(
    session: &mut Session<'_>,
    rules: &Rules,
    wanted: &Run,
    healing: &mut Healing,
    fresh: &[Finding],
) -> Result<bool, Failure> {
    let style = session.console.style();
    session.say("\n");
    for finding in fresh {
        healing.report.findings.extend(told(rules, finding));
        if let Some((rule, title)) = rules.of(finding) {
            session.say(&super::finding::finding(finding, rule, &title, None, style));
        }
    }
    let planned = planned(session, rules, &wanted.consent, fresh);
    let consent = Consent { dry_run: wanted.consent.dry_run, ..wanted.consent.clone() };
    let before = healing.report.receipts.len();
    let call = Call { consent: &consent, rerun: None, next: Call::NOT_DRY };
    let carried = match carry_out(session, rules, &planned, &call, &mut healing.report) {
        Ok(carried) => carried,
        // Without a terminal and without --yes the command's own end is what counts.
        Err(failure) if failure.is_refusal() => {
            failure.tell(session.console, None);
            return Ok(false);
        }
        Err(failure) => return Err(failure),
    };
    healing.report.receipts.drain(..before.min(healing.report.receipts.len()));
    match carried {
        Carried::Out { exit: Exit::Done, .. } => {
            let newest = session.host.log().into_iter().next();
            healing.receipts.extend(newest);
            healing.mending = fresh.iter().filter(|finding| acts_on(&planned, finding)).map(key).collect();
            Ok(true)
        }
        _ => Ok(false),
    }
}

fn planned(session: &Session<'_>, rules: &Rules, consent: &Consent, fresh: &[Finding]) -> Plan {
    let acting = rules.acting();
    let allowed: Vec<Finding> = fresh.iter().filter(|finding| rules.may_act(finding)).cloned().collect();
    let none = Choices::default();
    let context =
        Context { playbooks: &acting, world: &session.host, inspect: &rules.inspector, choices: &none };
    let asks = if consent.yes { Vec::new() } else { questions(&allowed, &context) };
    let choices = consent::choices(session, &asks);
    plan(&allowed, &Context { choices: &choices, ..context })
}

fn acts_on(planned: &Plan, finding: &Finding) -> bool {
    planned.fixes.iter().any(|fix| {
        let acts = !fix.parts.is_empty() || !fix.commands.is_empty();
        acts && fix.finding.as_ref() == Some(finding)
    })
}

/// Says how it went, if heal had anything to do with it, and gives the code to end with.
fn end(session: &mut Session<'_>, wanted: &Run, mut healing: Healing, last: &Outcome) -> Exit {
    let exit = match (last.passed(), last.timed_out, last.exit, last.signal) {
        (true, ..) => Exit::Done,
        (_, true, ..) => Exit::Command(124),
        (_, _, Some(code), _) => Exit::Command(u8::try_from(code).unwrap_or(1)),
        (_, _, None, signal) => {
            Exit::Signal(signal.and_then(|signal| u8::try_from(signal).ok()).unwrap_or(0))
        }
    };
    healing.report.receipts = healing.receipts.iter().map(report::outcome).collect();
    if !session.is_text() {
        session.console.json(&healing.report);
        return exit;
    }
    let style = session.console.style();
    if last.timed_out {
        session.say(&format!("{} {} ran out of time\n", style.bad("ended:"), wanted.command.join(" ")));
    }
    if healing.receipts.is_empty() {
        return exit;
    }
    let fixes = counted(healing.receipts.len(), "operation", "operations");
    let mut text = if exit == Exit::Done {
        format!("\n{} {} passes now, after {fixes}\n", style.good("healed:"), wanted.command.join(" "))
    } else {
        format!(
            "\n{} {} still fails, after {fixes} that got it further\n",
            style.bad("not healed:"),
            wanted.command.join(" ")
        )
    };
    for one in &healing.receipts {
        let files: Vec<String> = one.files.iter().map(|file| file.path.to_string()).collect();
        let undo = style.code(&format!("heal undo {}", one.id));
        text.push_str(&format!("  {} {}  {undo}\n", receipt::word(one.state), files.join(", ")));
    }
    session.say(&text);
    exit
}

fn key(finding: &Finding) -> Key {
    (finding.rule.clone(), finding.captures.clone())
}

/// Output that comes in pieces from another thread, as one stream.
struct Pieces {
    receiver: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            match self.receiver.recv() {
                Ok(piece) => (self.piece, self.at) = (piece, 0),
                Err(_) => return Ok(0),
            }
        }
        let count = (self.piece.len() - self.at).min(buffer.len());
        buffer[..count].copy_from_slice(&self.piece[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
