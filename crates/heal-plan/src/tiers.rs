mod creation;
mod health;
mod restoration;

use heal_model::{FileTier, Keep, Plan, RefusalCode, RelPath, Scope as Listing, Tier, World};

use crate::checksum;
use crate::context::Context;
use crate::draft::Draft;
use crate::files::matching;
use crate::outcome::Outcome;
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
            outcome.take(draft, |draft| plan(draft, tier));
        }
    }
    outcome.plan()
}

fn plan(draft: &mut Draft<'_>, tier: &FileTier) -> Result<(), Refused> {
    if let Some(condition) = &tier.when
        && !when::holds(draft, condition)?
    {
        return Ok(());
    }
    let Some(path) = tier.file() else { return glob(draft, tier) };
    let is_there = draft.world.stat(&path)?.is_some();
    draft.fix.title = format!("{path} is missing");
    match (is_there, tier.tier) {
        (true, _) => present(draft, tier, &path),
        (false, Tier::Create) => creation::plan(draft, tier, path),
        (false, Tier::Require) => Err(missing(draft, tier)),
        (false, Tier::Optional) => Ok(()),
    }
}

fn glob(draft: &Draft<'_>, tier: &FileTier) -> Result<(), Refused> {
    let is_wanted = tier.tier == Tier::Require;
    if is_wanted && matching(&tier.path, Listing::All, &draft.world)?.is_empty() {
        return Err(missing(draft, tier));
    }
    Ok(())
}

/// A required file is missing: the ways to get it back, a line each.
fn missing(draft: &Draft<'_>, tier: &FileTier) -> Refused {
    let what = if tier.is_glob() {
        format!("no file fits {}", tier.path)
    } else {
        format!("{} is missing", tier.path)
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
