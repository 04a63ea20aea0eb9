use std::time::Duration;

use heal_model::{
    Check, CommandOutcome, Fix, Indicators, Inspect, Plan, Receipt, RuleId, Trigger, Verification, Verify,
    command_line,
};
use heal_pattern::Compiled;

use crate::Host;
use crate::apply_error::ApplyError;
use crate::clock::Deadline;
use crate::commands::{ended, told, words};
use crate::environment::Environment;
use crate::environment::nothing_added;
use crate::journal::Operation;
use crate::launch::{Input, Launch, unheard};
use crate::receipts::receipts;
use crate::record::{Ending, Verdict};
use crate::redact;
use crate::restore::{Before, restore};
use crate::run::Outcome;
use crate::staging::Sync;
use crate::state::State;
use crate::transaction::left_alone;
use crate::warrant::Warrant;
use crate::world::now;

/// The command that failed, run again to find out whether a fix helped.
#[derive(Clone, Copy)]
pub struct Rerun<'a> {
    /// The command.
    pub argv: &'a [String],
    /// Whether what it prints shows that something is still there which was to be mended. One that fails for another
    /// reason takes nothing back.
    pub shows: &'a dyn Fn(&Outcome) -> bool,
}

impl Host {
    /// Finds out whether what was applied helped, as its fixes say; where it did not, takes it back byte for byte.
    ///
    /// `rerun` is the command that failed, where it is known. A fix that can't be judged (nothing says how, the command
    /// is not known, or it fails for another reason now) stays as it is: applied, and not verified.
    ///
    /// # Errors
    /// When a rule may not act, or what was applied could not be taken back.
    pub fn verify(
        &self,
        receipt: &Receipt,
        plan: &Plan,
        warrant: &Warrant,
        rerun: Option<Rerun<'_>>,
        inspect: &dyn Inspect,
        within: Duration,
    ) -> Result<Receipt, ApplyError> {
        warrant.check(plan)?;
        let mut checking = Checking::new(self, rerun, inspect, Deadline::within(within));
        let asked = plan.fixes.iter().filter_map(|fix: &Fix| Some((&fix.rule, fix.verify.as_ref()?)));
        asked.for_each(|(rule, verify)| checking.check(rule, verify));
        self.forget();
        let Some(verification) = checking.verification() else { return Ok(receipt.clone()) };
        self.judge(&receipt.id, verification, within)
    }

    /// Writes down whether an operation helped; where it did not, takes it back byte for byte.
    ///
    /// One that no longer stands stays as it is: its receipt says what became of it.
    ///
    /// # Errors
    /// When there is no such operation, or it could not be taken back.
    pub fn judge(
        &self,
        id: &str,
        mut verification: Verification,
        within: Duration,
    ) -> Result<Receipt, ApplyError> {
        verification.checks.iter_mut().for_each(|check| check.text = redact::text(&check.text));
        let state = self.state()?;
        let _lock = state.lock(within)?;
        let known = receipts(&state.operations().0);
        if let Some(other) = known.iter().find(|known| known.id == id && !known.state.stands()) {
            return Ok(other.clone());
        }
        let mut operation = state.operation(id)?;
        if verification.passed && operation.endings.contains_key(&Verdict::Verified) {
            return Ok(operation.receipt());
        }
        let ending = if verification.passed {
            let ending =
                Ending { verification: Some(verification), ..Ending::new(id, now(), Verdict::Verified) };
            let cannot =
                |source| ApplyError::System { doing: "write down that it helped".to_owned(), source };
            state.write_ending(&ending).map_err(cannot)?;
            ending
        } else {
            self.take_back(&state, &operation, verification)?
        };
        operation.endings.insert(ending.verdict, ending);
        Ok(operation.receipt())
    }

    /// Takes a committed operation back: first that is written down, so that it is finished if it is cut short.
    fn take_back(
        &self,
        state: &State,
        operation: &Operation,
        verification: Verification,
    ) -> Result<Ending, ApplyError> {
        let id = &operation.intent.id;
        let unfinished = |source| ApplyError::Unfinished { id: id.clone(), source };
        let before =
            state.before(operation).map_err(|lost| unfinished(std::io::Error::other(lost.to_string())))?;
        let mut ending = Ending {
            verification: Some(verification),
            ..operation.left(Ending::new(id, now(), Verdict::Failed))
        };
        state.write_ending(&ending).map_err(unfinished)?;
        let before = Before { contents: &before, reached: &|_| true };
        let conflicts = restore(&self.root, &operation.intent, &before, &ending, Sync::Do);
        self.forget();
        let conflicts = conflicts.map_err(unfinished)?;
        ending.verdict = if conflicts.is_empty() { Verdict::RolledBack } else { Verdict::Conflict };
        ending.notes.extend(conflicts.iter().map(left_alone));
        ending.notes.extend(operation.intent.stays());
        state.write_ending(&ending).map_err(unfinished)?;
        Ok(ending)
    }
}

/// The checks made so far.
struct Checking<'a> {
    host: &'a Host,
    rerun: Option<Rerun<'a>>,
    inspect: &'a dyn Inspect,
    deadline: Deadline,
    /// The output of the command that failed, run again: once, however many fixes ask for it.
    again: Option<Option<Outcome>>,
    passed: bool,
    checks: Vec<Check>,
    commands: Vec<CommandOutcome>,
    /// Whether something asked could not be found out.
    is_open: bool,
}

impl<'a> Checking<'a> {
    fn new(host: &'a Host, rerun: Option<Rerun<'a>>, inspect: &'a dyn Inspect, deadline: Deadline) -> Self {
        let (checks, commands) = (Vec::new(), Vec::new());
        Self { host, rerun, inspect, deadline, again: None, passed: true, checks, commands, is_open: false }
    }

    /// What the checks come to; nothing where nothing was asked, or all that was asked could not be found out.
    fn verification(self) -> Option<Verification> {
        let is_unknown = self.is_open && self.passed;
        (!is_unknown && !self.checks.is_empty()).then_some(Verification {
            passed: self.passed,
            checks: self.checks,
            commands: self.commands,
        })
    }

    fn check(&mut self, rule: &RuleId, verify: &Verify) {
        let timeout = verify.timeout.map(|timeout| timeout.first);
        let mut outcome = None;
        if verify.rerun {
            outcome = self.rerun(timeout);
        }
        if let Some(command) = &verify.command {
            let argv: Vec<String> = command.iter().map(|part| part.as_str().to_owned()).collect();
            outcome = self.run(&argv, Environment::Listed, timeout);
        }
        if let Some(outcome) = &outcome {
            self.indicators(&verify.success_indicators, outcome);
        }
        for condition in &verify.conditions {
            self.condition(rule, condition);
        }
    }

    fn rerun(&mut self, timeout: Option<Duration>) -> Option<Outcome> {
        let Some(Rerun { argv, shows }) = self.rerun else {
            self.is_open = true;
            let text = "not run again: the command that failed is not known".to_owned();
            self.checks.push(Check { passed: true, text });
            return None;
        };
        if self.again.is_none() {
            // It is the user's own command, so it runs as it ran for the user.
            let before = self.passed;
            let outcome = self.run(argv, Environment::Whole, timeout);
            if outcome.as_ref().is_some_and(|outcome| fails_otherwise(outcome, shows)) {
                self.passed = before;
                self.is_open = true;
            }
            self.again = Some(outcome);
        }
        self.again.clone().flatten()
    }

    fn run(
        &mut self,
        argv: &[String],
        environment: Environment,
        timeout: Option<Duration>,
    ) -> Option<Outcome> {
        let left = self.deadline.left();
        let timeout = Some(timeout.unwrap_or(left).min(left));
        let launch = Launch { argv, cwd: None, env: nothing_added(), timeout, input: Input::Nothing };
        let shown: Vec<String> = argv.iter().map(|argument| redact::text(argument)).collect();
        let line = command_line(&shown);
        match self.host.run_in(environment, &launch, &mut unheard) {
            Ok(outcome) => {
                let said = match (outcome.exit, outcome.timed_out) {
                    (_, true) => "ran out of time".to_owned(),
                    (Some(code), _) => format!("ended with code {code}"),
                    (None, _) => format!("ended by signal {}", outcome.signal.unwrap_or(0)),
                };
                self.note(outcome.passed(), format!("{line}: {said}"));
                self.commands.push(ended(shown, &outcome));
                Some(outcome)
            }
            Err(error) => {
                self.note(false, format!("{line}: {}", words(&error)));
                self.commands.push(told(shown, words(&error)));
                None
            }
        }
    }

    fn indicators(&mut self, indicators: &Indicators, outcome: &Outcome) {
        let output = outcome.output.bytes();
        let found = |pattern| Compiled::new(pattern).is_ok_and(|compiled| compiled.is_match(&output));
        for pattern in &indicators.must {
            self.note(found(pattern), format!("the output must say `{}`", pattern.source));
        }
        for pattern in &indicators.must_not {
            self.note(!found(pattern), format!("the output must not say `{}`", pattern.source));
        }
    }

    fn condition(&mut self, rule: &RuleId, condition: &Trigger) {
        let found = self.inspect.inspect(rule, condition, self.host);
        let doubts: Vec<&str> = found.doubts.iter().map(|doubt| doubt.message.as_str()).collect();
        let because = if doubts.is_empty() { String::new() } else { format!(": {}", doubts.join("; ")) };
        let holds = !found.findings.is_empty();
        let said = if holds { "holds" } else { "does not hold" };
        self.note(holds, format!("a condition of {rule} {said}{because}"));
    }

    fn note(&mut self, passed: bool, check: String) {
        self.passed &= passed;
        self.checks.push(Check { passed, text: check });
    }
}

/// Whether a command failed by itself, for another reason than what was to be mended.
fn fails_otherwise(outcome: &Outcome, shows: &dyn Fn(&Outcome) -> bool) -> bool {
    let by_itself = outcome.exit.is_some() && !outcome.timed_out && !outcome.interrupted;
    by_itself && !outcome.passed() && !shows(outcome)
}
