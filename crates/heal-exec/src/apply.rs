use std::time::Duration;

use heal_model::{Command, CommandOutcome, Diff, Edit, Fix, Plan, Receipt, RelPath, RuleId};

use crate::apply_error::ApplyError;
use crate::clock::Deadline;
use crate::journal::Operation;
use crate::kept_folders::{Inside, MOST, inside};
use crate::limits;
use crate::receipts::receipts;
use crate::record::{Ending, Verdict};
use crate::staging::Fault;
use crate::state::State;
use crate::target::{Target, Unfit};
use crate::transaction::{Backed, Job, Transaction};
use crate::warrant::Warrant;
use crate::world::now;
use crate::{Host, prune, redact, sidecar};

impl Host {
    /// Writes a plan's files and then runs its commands: all of it, or nothing.
    ///
    /// The plan's files are compared with what is there, under a lock, right before they are replaced. Until the
    /// receipt is returned everything can be taken back by the next start, whenever this process is killed. A
    /// command that fails ends the operation: the files are taken back, and the receipt says so. What commands
    /// themselves have done can't be taken back.
    ///
    /// # Errors
    /// When the plan may not be applied or can't be, or is carried out already; [`ApplyError::exit_code`] says whether
    /// a person must look.
    pub fn apply(&self, plan: &Plan, warrant: &Warrant, within: Duration) -> Result<Receipt, ApplyError> {
        let deadline = Deadline::within(within);
        warrant.check(plan)?;
        limits::check(plan)?;
        let commands: Vec<&Command> = plan.fixes.iter().flat_map(|fix| &fix.commands).collect();
        self.check_commands(&commands)?;
        let state = self.state()?;
        let newest = state.ids().unwrap_or_default().pop();
        let _lock = state.lock(deadline.left())?;
        self.recover_all(&state)?;
        self.unless_done(&state, plan, newest.as_deref())?;
        let kept = self.kept_whole(plan)?;
        let job = Job {
            plan: plan.id.clone(),
            rules: rules(&plan.fixes),
            targets: self.targets(plan, &kept.files)?,
            folders: Diff { before: kept.folders.clone(), after: kept.folders },
            commands: commands.iter().map(|command| redact::argv(command)).collect(),
            notes: self.linked(plan).iter().map(keeps).collect(),
            ..Job::default()
        };
        let receipt = self.carry_out(&state, job, &commands, deadline)?;
        prune::prune(&state);
        if plan.fixes.iter().any(|fix| !fix.snapshots.is_empty() || !fix.folders.is_empty()) {
            prune::prune_snapshots(&state);
        }
        Ok(receipt)
    }

    /// The files of a plan that have other names (hard links): a file is replaced, not written in, so under its other
    /// names the old content stays.
    #[must_use]
    pub fn linked(&self, plan: &Plan) -> Vec<RelPath> {
        let has_others = |path: &RelPath| {
            self.root.stat(path).is_ok_and(|stat| stat.is_some_and(|stat| stat.st_nlink > 1))
        };
        let replaced = plan.edits.iter().filter(|edit| edit.content.before.is_some());
        replaced.map(|edit| edit.path.clone()).filter(has_others).collect()
    }

    /// Refuses a plan that is carried out already: its files are as they would become, or another heal applied the same
    /// plan while this one waited for it. Commands are done only where an operation of the plan says so.
    fn unless_done(&self, state: &State, plan: &Plan, newest: Option<&str>) -> Result<(), ApplyError> {
        let is_done = |edit: &Edit| {
            let now = self.root.read(&edit.path).map(|entry| entry.map(|entry| entry.content));
            now.is_ok_and(|now| now == edit.content.after)
        };
        let are_done = !plan.edits.is_empty() && plan.edits.iter().all(is_done);
        if !are_done && state.ids().unwrap_or_default().pop().as_deref() == newest {
            return Ok(());
        }
        let is_same =
            |receipt: &Receipt| receipt.state.stands() && receipt.plan == plan.id && !plan.id.0.is_empty();
        let by = receipts(&state.operations().0).into_iter().find(is_same).map(|receipt| receipt.id);
        let has_commands = plan.fixes.iter().any(|fix| !fix.commands.is_empty());
        if (by.is_some() && by.as_deref() > newest) || (are_done && (by.is_some() || !has_commands)) {
            return Err(ApplyError::Already { by });
        }
        Ok(())
    }

    /// Does a job from its first record to its last. The lock is the caller's.
    pub(crate) fn carry_out(
        &self,
        state: &State,
        job: Job,
        commands: &[&Command],
        deadline: Deadline,
    ) -> Result<Receipt, ApplyError> {
        let (notes, folders) = (job.notes.clone(), job.folders.after.clone());
        let transaction = Transaction::begin(&self.root, state, job)?;
        let id = transaction.intent.id.clone();
        let written = transaction.write();
        self.forget();
        if let Err(fault) = written {
            return Err(self.abandon(&transaction, fault, Ending::new(&id, now(), Verdict::RolledBack)));
        }
        let notes = [notes, self.forgetful(commands)].concat();
        let (ran, is_done) = self.run_all(commands, &id, deadline);
        let mut ending = Ending::new(&id, now(), Verdict::Commit);
        ending.commands = ran;
        ending.notes = notes;
        ending.folders = folders;
        if !commands.is_empty() {
            self.forget();
            if let Err(fault) = self.settle(state, &transaction.intent, &mut ending) {
                return Err(self.abandon(&transaction, fault, ending));
            }
        }
        if !is_done {
            return self.give_up(transaction, ending);
        }
        if let Err(fault) = transaction.commit(&ending) {
            return Err(self.abandon(&transaction, fault, ending));
        }
        Ok(Operation::ended(transaction.intent, [ending]).receipt())
    }

    /// Takes a failed operation back, and says what is wrong.
    fn abandon(&self, transaction: &Transaction<'_>, fault: Fault, mut ending: Ending) -> ApplyError {
        ending.verdict = Verdict::RolledBack;
        let id = transaction.intent.id.clone();
        let backed = transaction.take_back(Some(&fault), &mut ending);
        self.forget();
        match backed {
            Backed::Whole => fault.into(),
            Backed::Save(paths) => ApplyError::Conflict { id, paths },
            Backed::Later(source) => ApplyError::Unfinished { id, source },
        }
    }

    /// A command failed: the files are taken back, and the receipt tells of it.
    fn give_up(&self, transaction: Transaction<'_>, mut ending: Ending) -> Result<Receipt, ApplyError> {
        ending.verdict = Verdict::RolledBack;
        let have_run = ending.commands.iter().any(CommandOutcome::has_run);
        ending.notes.extend(transaction.intent.stays().filter(|_| have_run));
        let backed = transaction.take_back(None, &mut ending);
        self.forget();
        match backed {
            Backed::Later(source) => Err(ApplyError::Unfinished { id: ending.id, source }),
            Backed::Whole | Backed::Save(_) => Ok(Operation::ended(transaction.intent, [ending]).receipt()),
        }
    }

    /// What lies in the folders that a plan keeps whole.
    fn kept_whole(&self, plan: &Plan) -> Result<Inside, ApplyError> {
        let tops: Vec<RelPath> = plan.fixes.iter().flat_map(|fix| fix.folders.clone()).collect();
        let cannot = |source| ApplyError::System { doing: "look at what is to be kept".to_owned(), source };
        let inside = inside(&self.root, &tops).map_err(cannot)?;
        let count = inside.files.len() + inside.folders.len();
        limits::at_most("files and folders to keep", count as u64, MOST as u64)?;
        Ok(inside)
    }

    /// Reads what is to change, and holds it against the plan; and what is kept as it is.
    fn targets(&self, plan: &Plan, kept: &[RelPath]) -> Result<Vec<Target>, ApplyError> {
        let mut targets = Vec::new();
        for edit in &plan.edits {
            let path = || edit.path.clone();
            match Target::of(edit, &self.root) {
                Ok(target) if target.is_change() => targets.push(target),
                Ok(_) => {}
                Err(Unfit::Stale) => return Err(ApplyError::Stale { path: path() }),
                Err(Unfit::ReadOnly) => return Err(ApplyError::ReadOnly { path: path() }),
                Err(Unfit::Unreadable(unreadable)) => return Err(ApplyError::Unreadable(unreadable)),
            }
        }
        for path in plan.fixes.iter().flat_map(|fix| &fix.snapshots).chain(kept) {
            if !targets.iter().any(|target| target.path == *path) {
                let kept = Target::as_it_is(path, &self.root).map_err(ApplyError::Unreadable)?;
                targets.extend(kept);
            }
        }
        targets.sort_by(|one, other| one.path.cmp(&other.path));
        sidecar::pair(&mut targets);
        Ok(targets)
    }
}

/// What a person is told of a file with other names.
fn keeps(path: &RelPath) -> String {
    format!("{path} has other names (hard links): what they name stays as it was")
}

/// The rules whose fixes change something, each once.
fn rules(fixes: &[Fix]) -> Vec<RuleId> {
    let mut rules: Vec<RuleId> = Vec::new();
    for fix in fixes.iter().filter(|fix| fix.acts()) {
        if !rules.contains(&fix.rule) {
            rules.push(fix.rule.clone());
        }
    }
    rules
}
