use heal_exec::scratch::{Changed, Changes, Method, Scratch, Wanted};
use heal_exec::{Host, Outcome};
use heal_model::{Diff, Edit, Fix, Origin, Part, Plan, Receipt, RelPath, RuleId};
use heal_plan::join;

use super::act::{PATIENCE, verification};
use super::arguments::{Consent, Format, On};
use super::carry::{Call, Carried, carry_out};
use super::exit::Exit;
use super::failure::Failure;
use super::session::{Rules, Session};
use super::style::counted;
use crate::report::Report;

/// What a rehearsal came to.
pub(super) struct Rehearsal {
    /// What differs on the copy.
    pub(super) changes: Changes,
    /// The rules whose fixes were applied there and stand.
    pub(super) rules: Vec<RuleId>,
    /// How many operations that were.
    pub(super) operations: usize,
    method: Method,
}

/// Does something on a copy of the project, with no word of heal's own, and finds out what it came to.
pub(super) fn rehearse<T>(
    session: &mut Session<'_>,
    on: On,
    act: impl FnOnce(&mut Session<'_>) -> Result<T, Failure>,
) -> Result<(T, Rehearsal), Failure> {
    let wanted = match on {
        On::Best => Wanted::Best,
        On::Copy => Wanted::Copies,
    };
    let made = session.host.scratch(wanted).map_err(|error| Failure::of(Exit::Refused, &error));
    let (scratch, there): (Scratch, Host) = made?;
    let here = std::mem::replace(&mut session.host, there);
    let format = std::mem::replace(&mut session.format, Format::Jsonl);
    let done = act(session);
    session.format = format;
    let there = std::mem::replace(&mut session.host, here);
    let done = done?;
    let changes = scratch.changes(&session.host, &there);
    let changes = changes.map_err(|error| {
        Failure::new(Exit::Refused, format!("cannot compare {}: {}", error.path, error.reason))
    })?;
    let standing: Vec<Receipt> = there.log().into_iter().filter(stands).collect();
    let mut rules: Vec<RuleId> = standing.iter().flat_map(|receipt| receipt.rules.clone()).collect();
    rules.sort();
    rules.dedup();
    let method = scratch.method();
    Ok((done, Rehearsal { changes, rules, operations: standing.len(), method }))
}

fn stands(receipt: &Receipt) -> bool {
    use heal_model::ReceiptState::{Applied, Verified};
    matches!(receipt.state, Applied | Verified) && receipt.undoes.is_none()
}

impl Rehearsal {
    /// Shows all that would change as one diff, asks, and applies exactly that.
    pub(super) fn offer(
        &self,
        session: &mut Session<'_>,
        rules: &Rules,
        consent: &Consent,
        proof: &str,
        report: &mut Report,
    ) -> Result<Exit, Failure> {
        let style = session.console.style();
        let method = match self.method {
            Method::Overlay => "an overlay",
            Method::Reflink => "a copy that shares its blocks",
            Method::Copy => "a copy",
        };
        let operations = counted(self.operations, "operation", "operations");
        session.say(&format!("{} {proof} on {method}, after {operations}\n", style.good("rehearsed:")));
        if !self.changes.recorded.is_empty() {
            let recorded = self.changes.recorded.join(", ");
            let message = format!(
                "commands changed {recorded} on the copy, which is not carried over: nothing was changed"
            );
            return Err(
                Failure::new(Exit::Refused, message).help("leave out --rehearse to let them do it here")
            );
        }
        if !self.changes.parted.is_empty() {
            let parted: Vec<&str> = self.changes.parted.iter().map(RelPath::as_str).collect();
            let message =
                format!("{} changed since the copy was made: nothing was changed", parted.join(", "));
            return Err(Failure::new(Exit::Refused, message).help("rehearse again, with what it is now"));
        }
        for left_out in &self.changes.left_out {
            session.say(&format!("{} {left_out}: that is not carried over\n", style.warn("note:")));
            report.doubts.push(format!("{left_out}: that is not carried over"));
        }
        let call = Call::new(consent, Call::NOT_DRY);
        let carried = carry_out(session, rules, &self.plan(), &call, report)?;
        Ok(match carried {
            // What is left out may be what it took.
            Carried::Out { exit: Exit::Done, .. } if !self.changes.left_out.is_empty() => Exit::Done,
            Carried::Out { exit: Exit::Done, .. } => {
                let shown = format!("{proof} on {method} with exactly these files");
                if let Some(last) = session.host.log().into_iter().next() {
                    // What was applied stands all the same when this can't be written down.
                    let _ = session.host.judge(&last.id, verification(true, shown), PATIENCE);
                }
                Exit::Done
            }
            Carried::Out { exit, .. } => exit,
            Carried::Nothing => {
                session.say("Nothing to do: no file would change.\n");
                Exit::Done
            }
            Carried::Declined => Exit::Remains,
        })
    }

    /// What differs, as a plan like any other: each file is compared with what it was when it is written.
    fn plan(&self) -> Plan {
        let parts = self.changes.files.iter().filter_map(part).collect();
        let mut rules = self.rules.iter().cloned();
        let first = rules.next().unwrap_or_else(|| RuleId::new("rehearsal", "command"));
        let mut fixes = vec![fix(first, parts)];
        fixes.extend(rules.map(|rule| fix(rule, Vec::new())));
        let edits = self.changes.files.iter().map(|file| Edit {
            path: file.path.clone(),
            content: Diff { before: file.before.clone(), after: file.after.clone() },
            executable: file.executable,
            parts: Vec::new(),
        });
        join(vec![Plan { fixes, edits: edits.collect(), ..Plan::default() }])
    }
}

fn fix(rule: RuleId, parts: Vec<Part>) -> Fix {
    let origin = Origin::Builtin("rehearsal".to_owned());
    Fix { parts, ..Fix::new(rule, origin, "what the rehearsal came to") }
}

fn part(file: &Changed) -> Option<Part> {
    let path = file.path.clone();
    match (&file.before, &file.after) {
        (None, Some(content)) => {
            Some(Part::Create { path, content: content.clone(), executable: file.executable })
        }
        (Some(_), Some(content)) => Some(Part::Replace { path, content: content.clone() }),
        (Some(_), None) => Some(Part::Delete { path }),
        (None, None) => None,
    }
}

/// How a command ended on the copy, in words.
pub(super) fn ended(line: &str, outcome: &Outcome) -> String {
    match (outcome.passed(), outcome.exit) {
        (true, _) => format!("{line} passes"),
        (false, Some(code)) if !outcome.timed_out => format!("{line} still ends with code {code}"),
        _ => format!("{line} still does not end well"),
    }
}
