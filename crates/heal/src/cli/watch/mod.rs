//! `heal watch`: looks again whenever files change, and from time to time.

mod event;
mod seen;
mod watched;

use clap::Args;
use heal_exec::Woken;
use heal_model::{Plan, Receipt, Safety};
use heal_plan::divide;

use event::{Event, What};
use seen::Seen;
use watched::Watched;

use super::act;
use super::apply::{Whose, inspect, planned};
use super::arguments::Consent;
use super::backups::{back_up, tell_unkept};
use super::exit::Exit;
use super::failure::Failure;
use super::session::{Rules, Session};
use super::signals::Signals;
use super::span::{Span, limit};

/// How many fixes may follow one upon another before files are looked at again.
const MOST_FIXES: usize = 10;

#[derive(Args)]
#[command(after_help = "Example: heal watch --fix --yes .heal/agents.yaml\n\n\
    It looks at the state of things: files, documents, processes, rates. It ends on Ctrl-C or TERM, with code 0.")]
pub(super) struct Watch {
    /// Playbooks to watch by; naming one is consent for this call. Those of the project where none is named
    #[arg(value_name = "PLAYBOOK")]
    pub(super) playbooks: Vec<String>,
    /// How often to look when no file has changed: 500ms, 5s, 1m30s
    #[arg(long, value_name = "SPAN", default_value = "5s", value_parser = limit)]
    pub(super) interval: Span,
    /// Apply what is safe as soon as it is found
    #[arg(long, requires = "yes")]
    pub(super) fix: bool,
    /// With --fix: without asking, for nobody is there to ask
    #[arg(long, short, requires = "fix")]
    pub(super) yes: bool,
    /// Tell what comes and goes and mend nothing, also with --fix
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// `heal watch`: tells in a line each what comes and what goes, and with `--fix` mends what is safe.
pub(super) fn watch(session: &mut Session<'_>, wanted: &Watch) -> Result<Exit, Failure> {
    let mut watched = Watched::new(session, &wanted.playbooks)?;
    let failed = |error| Failure::new(Exit::Usage, format!("cannot watch the project's files: {error}"));
    let mut watcher = session.host.watcher().map_err(failed)?;
    if !watcher.is_whole {
        let style = session.console.err_style();
        let told = "the kernel watches no more folders; changes in the others are seen at the interval";
        session.console.err(&format!("{} {told}\n", style.warn("note:")));
    }
    let mut seen = Seen::new(wanted.interval.0);
    let signals = Signals::caught(&mut session.host);
    loop {
        if let Some(event) = watched.follow(session, &wanted.playbooks) {
            event.tell(session);
            seen.forget_tries();
        }
        look(session, &watched.rules, wanted, &mut seen, &signals)?;
        let woken = session.host.watch(&mut watcher, wanted.interval.0).map_err(failed)?;
        if woken == Woken::Asked || signals.number().is_some() || session.console.is_closed() {
            return Ok(Exit::Done);
        }
    }
}

/// Looks once, tells what has come and gone, and mends what may be mended.
fn look(
    session: &mut Session<'_>,
    rules: &Rules,
    wanted: &Watch,
    seen: &mut Seen,
    signals: &Signals,
) -> Result<(), Failure> {
    let unkept = back_up(session, rules);
    if seen.is_news(&unkept) {
        tell_unkept(session, unkept);
    }
    for _ in 0..MOST_FIXES {
        let sight = inspect(session, rules);
        let consent = Consent { yes: true, ..Consent::default() };
        let plan = planned(session, rules, &sight, &consent, Whose::Acting);
        for event in seen.update(rules, &sight.findings, &plan) {
            event.tell(session);
        }
        let chosen = divide(&seen.untried(&plan), Safety::Safe).offered;
        if !wanted.fix || wanted.dry_run || !chosen.acts() || signals.number().is_some() {
            break;
        }
        let has_helped = fix(session, rules, &chosen);
        seen.tried(&chosen, has_helped);
    }
    Ok(())
}

/// Applies a plan and tells what came of it; whether it stands.
fn fix(session: &mut Session<'_>, rules: &Rules, chosen: &Plan) -> bool {
    let titles: Vec<&str> = chosen.fixes.iter().map(|fix| fix.title.as_str()).collect();
    let rule = chosen.fixes.first().map(|fix| fix.rule.clone());
    let event = |what, operation: Option<String>, title: String| Event {
        what,
        rule: rule.clone(),
        title,
        place: None,
        operation,
    };
    match act::apply(session, rules, chosen, None) {
        Ok(done) => {
            // What commands alone did can't be taken back.
            let can_undo = |receipt: &&Receipt| receipt.state.stands() && !receipt.files.is_empty();
            let last = done.receipts.last().filter(can_undo).map(|receipt| receipt.id.clone());
            let what = if done.exit == Exit::Done { What::Fixed } else { What::NotFixed };
            event(what, last, titles.join("; ")).tell(session);
            done.exit == Exit::Done
        }
        // Another process may just be at work; what can't be mended now may be at the next look.
        Err(failure) => {
            event(What::NotFixed, None, failure.words()).tell(session);
            false
        }
    }
}
