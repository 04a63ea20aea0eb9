use globset::{GlobBuilder, GlobMatcher};
use heal_model::{Bytes, RefusalCode, RelPath, Scope as Listing, Template, World};

use crate::draft::Draft;
use crate::refused::Refused;
use crate::template::Escape;
use crate::text::is_text;

/// The largest file that is looked into, in bytes.
pub(crate) const LARGEST: u64 = 8 * 1024 * 1024;

/// The text files that paths and globs name, in order of path, with their content.
///
/// A path must be there and be text. Of a glob's files those that git ignores, that are not text, and that are larger
/// than 8 MiB are left out; one that can't be read is left out with a warning.
pub(crate) fn texts(draft: &mut Draft<'_>, templates: &[Template]) -> Result<Vec<(RelPath, Bytes)>, Refused> {
    let mut texts = Vec::new();
    for template in templates {
        if is_glob(template.as_str()) {
            let glob = draft.fill(template, Escape::Glob)?;
            for path in matching(&glob, Listing::Unignored, &draft.world)? {
                texts.extend(candidate(draft, path));
            }
        } else {
            let path = draft.path(template)?;
            let content = draft.text(&path)?;
            texts.push((path, content));
        }
    }
    texts.sort();
    texts.dedup();
    Ok(texts)
}

fn candidate(draft: &mut Draft<'_>, path: RelPath) -> Option<(RelPath, Bytes)> {
    let is_small = draft
        .world
        .stat(&path)
        .is_ok_and(|stat| stat.is_some_and(|stat| stat.is_file() && stat.len <= LARGEST));
    if !is_small {
        return None;
    }
    match draft.world.read(&path) {
        Ok(content) => content.filter(is_text).map(|content| (path, content)),
        Err(unreadable) => {
            draft.warn(format!("{unreadable}: left out of the search"));
            None
        }
    }
}

/// Whether a template is written as a glob: what is filled in does not count.
pub(crate) fn is_glob(source: &str) -> bool {
    let mut rest = source;
    loop {
        let (before, after) = rest.split_once("{{").unwrap_or((rest, ""));
        if before.contains(['*', '?', '[', '{']) {
            return true;
        }
        match after.split_once("}}") {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
}

/// The files of a listing that fit a glob.
pub(crate) fn matching(glob: &str, listing: Listing, world: &dyn World) -> Result<Vec<RelPath>, Refused> {
    let matcher = matcher(glob)?;
    let mut files = world.files(folder(glob).as_ref(), listing)?;
    files.retain(|path| matcher.is_match(path.as_str()));
    Ok(files)
}

fn matcher(glob: &str) -> Result<GlobMatcher, Refused> {
    let built = GlobBuilder::new(glob.trim_start_matches("./"))
        .literal_separator(true)
        .backslash_escape(true)
        .build();
    match built {
        Ok(glob) => Ok(glob.compile_matcher()),
        Err(error) => {
            Err(Refused::new(RefusalCode::Template, format!("`{glob}` is not a glob: {}", error.kind())))
        }
    }
}

/// The folder that all of a glob's files lie in, as far as it is written out.
fn folder(glob: &str) -> Option<RelPath> {
    let plain = glob.find(['*', '?', '[', '{', '\\']).map_or(glob, |special| &glob[..special]);
    let (folder, _) = plain.rsplit_once('/')?;
    RelPath::new(folder).ok()
}
