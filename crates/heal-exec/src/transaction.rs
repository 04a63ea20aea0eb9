use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use heal_model::{Bytes, Diff, PlanId, RelPath, RuleId};

use crate::kept_folders::{self, beyond};
use crate::process_table;
use crate::record::{Change, Ending, Folder, Intent, VERSION, Verdict, Writer};
use crate::restore::{Before, restore};
use crate::root::Root;
use crate::staging::{Fault, Sync, discard, publish_all, settle_folders, stage};
use crate::state::State;
use crate::target::Target;
use crate::world::now;
use crate::{ids, sys};

/// What a person is told of an operation with commands that is taken back.
const STAYS: &str = "what its commands did stays: that can't be taken back";
/// The same where files were kept before the commands ran.
const STAYS_BESIDES: &str = "what its commands did to other files stays: that can't be taken back";

/// What an operation is to do to files, checked and ready.
#[derive(Clone, Debug, Default)]
pub(crate) struct Job {
    /// The plan.
    pub(crate) plan: PlanId,
    /// The operation that it takes back.
    pub(crate) undoes: Option<String>,
    /// The rules whose fixes it holds.
    pub(crate) rules: Vec<RuleId>,
    /// The files, in path order.
    pub(crate) targets: Vec<Target>,
    /// Folders to remove afterwards if they are empty, innermost first.
    pub(crate) emptied: Vec<RelPath>,
    /// Folders that are kept whole, as they are and as they become.
    pub(crate) folders: Diff<Vec<Folder>>,
    /// Commands to run afterwards, secrets taken out.
    pub(crate) commands: Vec<Vec<String>>,
    /// What a person should know of it.
    pub(crate) notes: Vec<String>,
}

/// An operation under way: its intent is on the disk.
pub(crate) struct Transaction<'a> {
    root: &'a Root,
    state: &'a State,
    pub(crate) intent: Intent,
    targets: Vec<Target>,
    /// What folders that are kept whole become.
    folders: Vec<Folder>,
    /// The files, by index, that may hold something new.
    reached: RefCell<BTreeSet<usize>>,
}

/// How far a failed operation could be taken back.
#[derive(Debug)]
pub(crate) enum Backed {
    /// Every file is as it was.
    Whole,
    /// All but these, which somebody else has changed meanwhile.
    Save(Vec<RelPath>),
    /// Not yet: the next start does it.
    Later(std::io::Error),
}

impl<'a> Transaction<'a> {
    /// Keeps what the files were and become, then writes down what is about to be done.
    pub(crate) fn begin(root: &'a Root, state: &'a State, job: Job) -> Result<Self, Fault> {
        let failed = |source| Fault::Io { doing: "keep what is needed for undo".to_owned(), source };
        let intent = intent(root, state, &job).map_err(failed)?;
        let (targets, folders) = (job.targets, job.folders.after);
        let kept = targets.iter().flat_map(|target| [&target.before, &target.after]).flatten();
        let contents: Vec<&Bytes> = kept.map(|kept| &kept.content).collect();
        let kept = if contents.is_empty() { Ok(()) } else { state.keep(&intent.id, &contents) };
        if let Err(error) = kept.and_then(|()| state.write_intent(&intent)) {
            // Nothing has changed: what was written down for nothing goes, and if it can't, recovery finds nothing
            // to do.
            let _ = state.withdraw(&intent.id, "intent");
            let _ = state.forget(&intent.id);
            return Err(failed(error));
        }
        Ok(Self { root, state, intent, targets, folders, reached: RefCell::default() })
    }

    /// Writes every file. When this returns, all of it is on the disk.
    pub(crate) fn write(&self) -> Result<(), Fault> {
        let staged = stage(self.root, &self.intent, &self.targets)?;
        let reached = |index: usize| self.reached.borrow_mut().extend([index]);
        if let Err(fault) = publish_all(self.root, &staged, &reached) {
            staged.iter().for_each(discard);
            return Err(fault);
        }
        settle_folders(self.root, &self.intent, Sync::Do)
            .and_then(|()| kept_folders::dress(self.root, &self.folders))
            .map_err(|source| Fault::Io { doing: "bring the folders to the disk".to_owned(), source })
    }

    /// Writes down that all is done. Only now may anybody be told so.
    pub(crate) fn commit(&self, ending: &Ending) -> Result<(), Fault> {
        self.state.write_ending(ending).map_err(|source| {
            // A record that may not last must not be seen either, before what it tells of is taken back.
            match self.state.withdraw(&self.intent.id, Verdict::Commit.suffix()) {
                Ok(()) => Fault::Io { doing: "write down that it is done".to_owned(), source },
                Err(error) => {
                    Fault::Io { doing: "take back the word that it is done".to_owned(), source: error }
                }
            }
        })
    }

    /// Takes everything back after a failure, and writes that down as the ending says.
    pub(crate) fn take_back(&self, fault: Option<&Fault>, ending: &mut Ending) -> Backed {
        if let Err(error) = self.tell_what_was_left(ending) {
            return Backed::Later(error);
        }
        let is_broken = matches!(fault, Some(Fault::Io { source, .. }) if sys::is_not_taken(source));
        let sync = if is_broken { Sync::Skip } else { Sync::Do };
        let content = |target: &Target| target.before.as_ref().map(|kept| kept.content.clone());
        let before: Vec<Option<Bytes>> = self.targets.iter().map(content).collect();
        // Files that were not reached are none of ours, whatever they are now.
        let reached = |index: usize| self.reached.borrow().contains(&index);
        let before = Before { contents: &before, reached: &reached };
        let conflicts = match restore(self.root, &self.intent, &before, ending, sync) {
            Ok(conflicts) => conflicts,
            Err(error) => return Backed::Later(error),
        };
        if !conflicts.is_empty() {
            ending.verdict = Verdict::Conflict;
            ending.notes.extend(conflicts.iter().map(left_alone));
        }
        if sync == Sync::Do {
            // The files are as they were; if this is not written, the next start finds that out and writes it.
            let _ = self.state.write_ending(ending);
        }
        if conflicts.is_empty() { Backed::Whole } else { Backed::Save(conflicts) }
    }

    /// Writes down what the commands left, so that a start after this one is cut short can tell it from what somebody else
    /// did.
    fn tell_what_was_left(&self, ending: &Ending) -> std::io::Result<()> {
        if ending.settled.is_empty() && ending.folders == self.intent.kept {
            return Ok(());
        }
        let failed = Ending::new(&ending.id, ending.at, Verdict::Failed);
        let failed = Ending { settled: ending.settled.clone(), folders: ending.folders.clone(), ..failed };
        self.state.write_ending(&failed)
    }
}

impl Intent {
    /// What a person is told when the operation is taken back, where something of it can't be.
    pub(crate) fn stays(&self) -> Option<String> {
        let stays = if self.has_snapshot() { STAYS_BESIDES } else { STAYS };
        (!self.commands.is_empty()).then(|| stays.to_owned())
    }
}

/// What a person is told of a file that was not taken back.
pub(crate) fn left_alone(path: &RelPath) -> String {
    format!("{path} was changed by somebody else meanwhile and left as it is; its content before is kept")
}

fn intent(root: &Root, state: &State, job: &Job) -> std::io::Result<Intent> {
    let previous = state.newest()?;
    let at = now();
    let changes: Vec<Change> = job.targets.iter().map(Target::change).collect();
    Ok(Intent {
        v: VERSION,
        id: ids::after(previous.as_ref().map(|previous| previous.id.as_str()), at),
        previous,
        at,
        plan: job.plan.clone(),
        undoes: job.undoes.clone(),
        rules: job.rules.clone(),
        by: writer(),
        tag: format!("{:016x}", RandomState::new().build_hasher().finish()),
        folders: missing_folders(root, &changes, &job.folders)?,
        changes,
        emptied: job.emptied.clone(),
        commands: job.commands.clone(),
        kept: job.folders.before.clone(),
    })
}

fn writer() -> Writer {
    let pid = std::process::id();
    Writer {
        heal: env!("CARGO_PKG_VERSION").to_owned(),
        pid,
        started: process_table::process(pid).map(|process| process.started.0),
        boot: process_table::boot(),
    }
}

/// Folders that must be made, for files that are made or for themselves, outermost first.
fn missing_folders(
    root: &Root,
    changes: &[Change],
    folders: &Diff<Vec<Folder>>,
) -> std::io::Result<Vec<RelPath>> {
    let mut missing = BTreeSet::new();
    let made = changes.iter().filter(|change| change.after.is_some());
    let again = beyond(&folders.after, &folders.before).into_iter().map(Some);
    for wanted in made.map(|change| change.path.parent()).chain(again) {
        let mut above = wanted;
        while let Some(folder) = above {
            if missing.contains(&folder) || root.stat(&folder)?.is_some() {
                break;
            }
            above = folder.parent();
            missing.insert(folder);
        }
    }
    Ok(missing.into_iter().collect())
}
