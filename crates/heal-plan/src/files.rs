use globset::{GlobBuilder, GlobMatcher};
use heal_model::{Bytes, RefusalCode, RelPath, Scope as Listing, Template, World};

use crate::draft::Draft;
use crate::limits::LARGEST;
use crate::refused::Refused;
use crate::template::Escape;
use crate::text::is_text;

/// How many files that are left out are named.
const NAMED: usize = 3;

/// How a warning of what was left out begins.
pub(crate) const NOT_SEARCHED: &str = "not searched: ";

/// The text files that paths and globs name, in order of path, with their content.
///
/// A path must be there and be text. Of a glob's files those that git ignores are left out, and with a warning those
/// that are larger than 8 MiB, that can't be read, or that are not text though the glob says what they end with.
pub(crate) fn texts(draft: &mut Draft<'_>, templates: &[Template]) -> Result<Vec<(RelPath, Bytes)>, Refused> {
    let (mut texts, mut left_out) = (Vec::new(), Vec::new());
    for template in templates {
        if is_glob(template.as_str()) {
            let glob = draft.fill(template, Escape::Glob)?;
            for path in matching(&glob, Listing::Unignored, &draft.world)? {
                match candidate(&draft.world, &path, &glob) {
                    Ok(content) => texts.extend(content.map(|content| (path, content))),
                    Err(why) => left_out.push(format!("{path} ({why})")),
                }
            }
        } else {
            let path = draft.path(template)?;
            let content = draft.text(&path)?;
            texts.push((path, content));
        }
    }
    if !left_out.is_empty() {
        let more = left_out.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        left_out.truncate(NAMED);
        draft.warn(format!("{NOT_SEARCHED}{}{more}", left_out.join(", ")));
    }
    texts.sort();
    texts.dedup();
    Ok(texts)
}

/// What a file holds, where it can be searched; why it can't be, where a person should know.
fn candidate(world: &dyn World, path: &RelPath, glob: &str) -> Result<Option<Bytes>, String> {
    let Some(stat) = world.stat(path).map_err(|unreadable| unreadable.reason)? else { return Ok(None) };
    if !stat.is_file() {
        return Ok(None);
    }
    if stat.len > LARGEST {
        return Err("larger than 8 MiB".to_owned());
    }
    let Some(content) = world.read(path).map_err(|unreadable| unreadable.reason)? else { return Ok(None) };
    let says_ending = glob.rsplit('/').next().is_some_and(|name| name.contains('.'));
    match is_text(&content) {
        true => Ok(Some(content)),
        false if content.starts_with(b"\xFF\xFE") || content.starts_with(b"\xFE\xFF") => {
            Err("UTF-16".to_owned())
        }
        false if says_ending => Err("not text".to_owned()),
        // Pictures and programs are no news where a glob takes whatever there is.
        false => Ok(None),
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
