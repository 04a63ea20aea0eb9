use heal_model::{Receipt, ReceiptState};

use super::act::failure;
use super::arguments::Command;
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use super::style::{counted, visible};

/// Takes back what an earlier call of heal left half done, before this one looks at anything; a call that only looks
/// says that there is something.
///
/// `heal undo` and `heal log` do their own part: what was cut short is their subject.
pub(super) fn recover(session: &mut Session<'_>, command: &Command) -> Result<(), Failure> {
    match command {
        Command::Match(wanted) if wanted.list => {}
        Command::Match(wanted) if wanted.fix || wanted.consent.plan.is_some() => {
            session.recover_unless(wanted.consent.dry_run)?;
        }
        Command::Apply(wanted) => session.recover_unless(wanted.consent.dry_run)?,
        Command::Run(wanted) => session.recover_unless(wanted.consent.dry_run)?,
        Command::Test(wanted) if wanted.update => session.recover_unless(wanted.dry_run)?,
        Command::Learn(wanted) if wanted.yes => session.recover_unless(false)?,
        Command::New(wanted) => session.recover_unless(wanted.dry_run)?,
        Command::Init(wanted) => session.recover_unless(wanted.dry_run)?,
        Command::Match(_) | Command::Check(_) | Command::Show(_) => {
            let _ = session.warn_of_cut_short();
        }
        _ => {}
    }
    Ok(())
}

impl Session<'_> {
    /// Takes back what was cut short and says so; gives what that was.
    ///
    /// # Errors
    /// Where files were changed meanwhile: a person must look, and this call does nothing else.
    pub(super) fn recover(&mut self) -> Result<Vec<Receipt>, Failure> {
        let recovered = self.host.recover().map_err(|error| failure(&error))?;
        for receipt in &recovered.taken_back {
            self.note(&format!("operation {} was cut short, and was taken back", receipt.id));
            receipt.notes.iter().for_each(|note| self.note(note));
        }
        let Some(first) = recovered.conflicts.first() else { return Ok(recovered.taken_back) };
        for conflict in &recovered.conflicts {
            conflict.receipt.notes.iter().for_each(|note| self.note(note));
        }
        let id = &first.receipt.id;
        let count = counted(first.paths.len(), "file", "files");
        let message = format!("operation {id} was cut short, and {count} of it changed meanwhile");
        let compare = format!("compare with `heal show {id}` and mend by hand, then run this again");
        let copies = format!("write what was there before into a folder: heal undo --to-dir before {id}");
        Err(Failure::new(Exit::Refused, message).help(format!("{compare}\n       {copies}")))
    }

    /// Says that an earlier call was cut short, and how to take back what there is of it; whether one was.
    pub(super) fn warn_of_cut_short(&mut self) -> bool {
        let cut_short = self.host.cut_short();
        cut_short.iter().for_each(|receipt| self.tell_cut_short(receipt));
        !cut_short.is_empty()
    }

    /// Says what to do about an operation that did not come to its end, if there is anything to do.
    pub(super) fn tell_cut_short(&mut self, receipt: &Receipt) {
        let id = &receipt.id;
        match receipt.state {
            ReceiptState::Unfinished => {
                self.note(&format!("operation {id} was cut short; take it back with: heal undo"));
            }
            ReceiptState::Conflict => {
                let what = format!("operation {id} could not be taken back whole");
                self.note(&format!("{what}; compare with `heal show {id}` and mend by hand"));
            }
            _ => {}
        }
    }

    fn recover_unless(&mut self, looks_only: bool) -> Result<(), Failure> {
        if looks_only {
            let _ = self.warn_of_cut_short();
            return Ok(());
        }
        self.recover().map(drop)
    }

    /// Says something about heal's own work, on standard error.
    pub(super) fn note(&mut self, text: &str) {
        let style = self.console.err_style();
        self.console.err(&format!("{} {}\n", style.warn("note:"), visible(text)));
    }
}
