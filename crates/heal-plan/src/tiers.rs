mod content;
mod creation;
mod health;
mod restoration;

use heal_model::{
    Bytes, EntryKind, FileTier, Keep, Plan, RefusalCode, RelPath, Scope as Listing, Tier, World,
};

use crate::checksum;
use crate::context::Context;
use crate::draft::Draft;
use crate::files::matching;
use crate::outcome::{Outcome, Tried};
use crate::refused::Refused;
use crate::template::Escape;
use crate::when;
use health::Health;

/// Plans what the `files:` of all playbooks ask for, in their order.
///
/// A file that is missing is made from its template, or named as one that a person must bring back: then nothing else
/// is planned. A file that is there is never overwritten, unless it is broken and a person agrees.
#[must_use]
pub fn tiers(context: &Context<'_>) -> Plan {
    let mut outcome = Outcome::default();
    for playbook in context.playbooks {
        for tier in &playbook.files {
            let mut draft = Draft::new(context, playbook, None, None);
            draft.fix.title.clone_from(&tier.path);
            draft.about = tier.file();
            draft.scope.bindings.insert("path".to_owned(), tier.path.as_str().into());
            outcome.take(Tried::new(draft, |draft| plan(draft, tier)));
        }
    }
    outcome.plan()
}

/// A version of a file that is good, and that its playbook wants kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worth {
    /// The file.
    pub path: RelPath,
    /// What it holds.
    pub content: Bytes,
    /// How many versions of it are to be kept.
    pub most: u32,
}

/// The files that are as their `files:` entries want them and of which versions are to be kept, as they are now.
///
/// Programs write their own state: what they wrote well is what it can be brought back to.
#[must_use]
pub fn worth_keeping(context: &Context<'_>) -> Vec<Worth> {
    let mut worth = Vec::new();
    for playbook in context.playbooks {
        for tier in &playbook.files {
            let Some(most) = tier.keep.as_ref().map(|keep| keep.backups).filter(|most| *most > 0) else {
                continue;
            };
            let Some(path) = tier.file() else { continue };
            let draft = Draft::new(context, playbook, None, None);
            let counts = tier.when.as_ref().is_none_or(|when| when::holds(&draft, when).unwrap_or(false));
            let is_file = context.world.stat(&path).is_ok_and(|stat| stat.is_some_and(|stat| stat.is_file()));
            if let (true, true, Ok(Health::Good(content))) =
                (counts, is_file, health::of(&draft, tier, &path))
            {
                worth.push(Worth { path, content, most });
            }
        }
    }
    worth
}

fn plan(draft: &mut Draft<'_>, tier: &FileTier) -> Result<(), Refused> {
    if let Some(condition) = &tier.when
        && !when::holds(draft, condition)?
    {
        return Ok(());
    }
    let Some(path) = tier.file() else { return glob(draft, tier) };
    let kind = draft.world.stat(&path)?.map(|stat| stat.kind);
    draft.fix.title = format!("{path} is missing");
    match (kind, kind.and_then(other), tier.tier) {
        (Some(_), None, _) => present(draft, tier, &path),
        (None, _, Tier::Create) => creation::plan(draft, tier, path),
        (Some(_), Some(what), Tier::Create) => Err(Refused::new(
            RefusalCode::Exists,
            format!("{path} is {what} and no file; move it away first"),
        )),
        (_, what, Tier::Require) => Err(missing(draft, tier, what)),
        (_, _, Tier::Optional) => Ok(()),
    }
}

/// What is no file though it has a file's name. What a link leads to is not looked at.
fn other(kind: EntryKind) -> Option<&'static str> {
    match kind {
        EntryKind::File | EntryKind::Link => None,
        EntryKind::Folder => Some("a folder"),
        EntryKind::DeadLink => Some("a symbolic link that leads nowhere"),
        EntryKind::Other => Some("a pipe, a socket or a device"),
    }
}

fn glob(draft: &Draft<'_>, tier: &FileTier) -> Result<(), Refused> {
    let is_wanted = tier.tier == Tier::Require;
    if is_wanted && matching(&tier.path, Listing::All, &draft.world)?.is_empty() {
        return Err(missing(draft, tier, None));
    }
    Ok(())
}

/// A required file is missing, or something else is there: the ways to get it back, a line each.
fn missing(draft: &Draft<'_>, tier: &FileTier, other: Option<&str>) -> Refused {
    let what = match other {
        None if tier.is_glob() => format!("no file fits {}", tier.path),
        None => format!("{} is missing", tier.path),
        Some(other) => format!("{} is {other} and no file", tier.path),
    };
    let fill = |step| draft.fill(step, Escape::Plain).unwrap_or_else(|_| step.0.clone());
    let lines: Vec<String> = [what].into_iter().chain(tier.recover.iter().map(fill)).collect();
    Refused::new(RefusalCode::Required, lines.join("\n"))
}

fn present(draft: &mut Draft<'_>, tier: &FileTier, path: &RelPath) -> Result<(), Refused> {
    match health::of(draft, tier, path)? {
        Health::Good(content) => {
            if keeps_checksum(tier.keep.as_ref()) && checksum::read(&draft.world, path)?.is_none() {
                let sidecar = checksum::sidecar(path)?;
                draft.fix.title = format!("{sidecar} is missing");
                draft.create(sidecar.clone(), checksum::written(path, &content))?;
                draft.fix.notes.push(format!("Note: {sidecar} was missing and has been created"));
            }
            Ok(())
        }
        Health::Bad { content, reason, torn } => {
            restoration::plan(draft, tier, path, &restoration::Broken { content, reason, torn })
        }
    }
}

/// Whether a `.sha256` sidecar is kept.
fn keeps_checksum(keep: Option<&Keep>) -> bool {
    keep.is_some_and(|keep| keep.checksum)
}
