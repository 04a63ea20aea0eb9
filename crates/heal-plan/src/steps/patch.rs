mod hunk;
mod parse;

use heal_model::{Bytes, Finding, Patch, RefusalCode, RelPath};

use crate::draft::Draft;
use crate::path::no_links;
use crate::refused::Refused;
use crate::scope::project_path;
use crate::template::Escape;
use parse::FilePatch;

/// Applies a unified diff: its context must be there to the letter, though it may have moved.
pub(super) fn plan(draft: &mut Draft<'_>, patch: &Patch) -> Result<(), Refused> {
    let diff = match &patch.diff {
        Some(diff) => draft.fill(diff, Escape::Plain)?,
        None => draft.fix.finding.as_ref().and_then(of_output).ok_or_else(|| {
            Refused::new(RefusalCode::NotFound, "the output that was matched holds no unified diff")
        })?,
    };
    let invalid =
        |reason: String| Refused::new(RefusalCode::Invalid, format!("the diff can't be read: {reason}"));
    let files = parse::parse(&diff).map_err(invalid)?;
    if files.is_empty() {
        return Err(invalid("it names no file".to_owned()));
    }
    files.iter().try_for_each(|file| one(draft, file, patch.strip))
}

/// The diff among what was matched: the excerpt, or a note of the diagnostic.
fn of_output(finding: &Finding) -> Option<String> {
    let excerpt = finding.excerpt.join("\n");
    let notes = finding.diagnostic.iter().flat_map(|diagnostic| &diagnostic.notes);
    let texts = [excerpt].into_iter().chain(notes.map(|note| note.message.clone()));
    texts.into_iter().find_map(|text| {
        let lines: Vec<&str> = text.lines().collect();
        let starts = lines.windows(3).position(|three| {
            three[0].starts_with("--- ") && three[1].starts_with("+++ ") && three[2].starts_with("@@ ")
        })?;
        Some(lines[starts..].join("\n") + "\n")
    })
}

fn one(draft: &mut Draft<'_>, file: &FilePatch, strip: u32) -> Result<(), Refused> {
    let path = |name: &str| -> Result<RelPath, Refused> {
        let path = project_path(&stripped(name, strip), draft.scope.location.as_ref(), &draft.world)?;
        no_links(&path, &draft.world)?;
        Ok(path)
    };
    match (&file.old, &file.new) {
        (None, Some(new)) => {
            let path = path(new)?;
            let content = hunk::apply(&Bytes::default(), &file.hunks).map_err(|line| unfit(&path, line))?;
            draft.create(path, content)
        }
        (Some(old), new) => {
            let path = path(old)?;
            if let Some(new) = new
                && stripped(new, strip) != stripped(old, strip)
            {
                return Err(Refused::new(
                    RefusalCode::Unsupported,
                    format!("the diff renames {path}; use `move`"),
                ));
            }
            let content = draft.text(&path)?;
            let after = hunk::apply(&content, &file.hunks).map_err(|line| unfit(&path, line))?;
            let deletes = new.is_none();
            if deletes && !after.is_empty() {
                return Err(unfit(&path, 1));
            }
            draft.write(path, (!deletes).then_some(after))
        }
        (None, None) => Err(Refused::new(RefusalCode::Invalid, "the diff is from /dev/null to /dev/null")),
    }
}

fn unfit(path: &RelPath, line: usize) -> Refused {
    Refused::new(
        RefusalCode::NotFound,
        format!("{path} is not what the diff was made for, from line {line} on"),
    )
}

/// A diff's path without `a/` or `b/` and without so many parts more.
fn stripped(path: &str, strip: u32) -> String {
    let path = path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path);
    path.splitn(strip as usize + 1, '/').last().unwrap_or(path).to_owned()
}
