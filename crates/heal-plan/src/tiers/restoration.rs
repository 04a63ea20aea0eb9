use heal_model::{Bytes, Earlier, FileTier, RefusalCode, RelPath, Safety, Tier, World};

use super::content::content;
use super::health::Check;
use super::keeps_checksum;
use crate::checksum;
use crate::draft::Draft;
use crate::id::hash;
use crate::refused::Refused;
use crate::template::{Escape, format_time};

/// A file that is not what it should be.
pub(super) struct Broken {
    /// What it holds.
    pub(super) content: Bytes,
    /// What is wrong; reads after the file's name.
    pub(super) reason: String,
    /// The hashes that its sidecar names, where that is what it fails.
    pub(super) torn: Option<Vec<String>>,
}

/// Brings a broken file back: from the newest good version that heal keeps, else from its template. Unless it was empty, a
/// person is asked, and what the file held is kept beside it.
pub(super) fn plan(
    draft: &mut Draft<'_>,
    tier: &FileTier,
    path: &RelPath,
    broken: &Broken,
) -> Result<(), Refused> {
    draft.fix.title = format!("{path} {}", broken.reason);
    let check = Check::new(draft, tier, path)?;
    let (good, from) = match kept(draft, tier, path, broken, &check) {
        Some(earlier) => {
            let from = since(&earlier);
            (earlier.content, from)
        }
        None if tier.tier == Tier::Create && broken.torn.is_none() => {
            let made = content(draft, tier)?;
            (made.content, made.from)
        }
        None => return Err(hopeless(draft, tier, path, broken)),
    };
    draft.warn(format!("{path} {}: it is restored{from}", broken.reason));
    let mut note = format!("Note: {path} {} and has been restored{from}", past(&broken.reason));
    if !broken.content.is_empty() {
        let aside = aside(path, &broken.content)?;
        draft.fix.safety = draft.fix.safety.min(Safety::Unsafe);
        if draft.world.read(&aside)?.as_ref() != Some(&broken.content) {
            draft.create(aside.clone(), broken.content.clone())?;
        }
        note.push_str(&format!("; what it held is in {aside}"));
    }
    draft.whole.insert(path.clone());
    if keeps_checksum(tier.keep.as_ref()) {
        draft.write(checksum::sidecar(path)?, Some(checksum::written(path, &good)))?;
    }
    draft.write(path.clone(), Some(good))?;
    if broken.torn.is_some() {
        draft.warn(format!("if the change to {path} was yours, keep it: delete {path}.sha256 instead"));
    }
    draft.fix.notes.push(note);
    Ok(())
}

/// The newest good version of a file that is missing, and from when it is as a note says it; none where none is kept.
pub(super) fn newest(draft: &Draft<'_>, tier: &FileTier, path: &RelPath) -> Option<(Bytes, String)> {
    tier.keep.as_ref().filter(|keep| keep.backups > 0)?;
    let check = Check::new(draft, tier, path).ok()?;
    let is_good = |earlier: &Earlier| !earlier.content.is_empty() && check.fails(&earlier.content).is_none();
    let mut good = draft.world.earlier(path).into_iter().filter(is_good);
    good.next().map(|earlier| {
        let from = since(&earlier);
        (earlier.content, from)
    })
}

fn since(earlier: &Earlier) -> String {
    let at = format_time(earlier.at, "%Y-%m-%d %H:%M:%S UTC").unwrap_or_else(|_| "earlier".to_owned());
    format!(" from the version kept at {at}")
}

/// The newest kept version that is good: the one the sidecar names, where the sidecar is to be believed. Where the tier
/// says how many versions are kept, older ones do not count.
fn kept(
    draft: &Draft<'_>,
    tier: &FileTier,
    path: &RelPath,
    broken: &Broken,
    check: &Check,
) -> Option<Earlier> {
    let most =
        tier.keep.as_ref().map_or(usize::MAX, |keep| usize::try_from(keep.backups).unwrap_or(usize::MAX));
    let good = draft
        .world
        .earlier(path)
        .into_iter()
        .filter(|earlier| earlier.content != broken.content && check.fails(&earlier.content).is_none());
    let good: Vec<Earlier> = good.take(most).collect();
    let named = broken
        .torn
        .as_ref()
        .and_then(|hashes| good.iter().find(|earlier| hashes.contains(&hash(&earlier.content))));
    named.or(good.first()).cloned()
}

fn hopeless(draft: &Draft<'_>, tier: &FileTier, path: &RelPath, broken: &Broken) -> Refused {
    let mut lines = vec![format!("{path} {}, and heal keeps no good version of it", broken.reason)];
    if broken.torn.is_some() {
        lines.push(format!("If the change was yours, delete {path}.sha256"));
    }
    let fill = |step| draft.fill(step, Escape::Plain).unwrap_or_else(|_| step.0.clone());
    lines.extend(tier.recover.iter().map(fill));
    Refused::new(RefusalCode::Invalid, lines.join("\n"))
}

/// Where what a broken file held is kept: named by that, so that a plan comes to the same twice and nothing is kept twice.
fn aside(path: &RelPath, content: &Bytes) -> Result<RelPath, Refused> {
    let name = format!("{path}.corrupt-{}", &hash(content)[..8]);
    RelPath::new(&name).map_err(|bad| Refused::new(RefusalCode::Outside, bad.to_string()))
}

fn past(reason: &str) -> String {
    match reason.split_once(' ') {
        Some(("is", rest)) => format!("was {rest}"),
        Some(("does", rest)) => format!("did {rest}"),
        _ => reason.to_owned(),
    }
}
