/// What a diff does to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FilePatch {
    /// Its path before, as written; none where it is made.
    pub(super) old: Option<String>,
    /// Its path after, as written; none where it is deleted.
    pub(super) new: Option<String>,
    /// In the file's order.
    pub(super) hunks: Vec<HunkPatch>,
}

/// One stretch of a diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HunkPatch {
    /// The first line before, from 1.
    pub(super) start: usize,
    /// Its lines.
    pub(super) lines: Vec<LinePatch>,
}

/// One line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LinePatch {
    /// ` `, `-` or `+`.
    pub(super) sign: char,
    /// Its text with its end, unless it has none.
    pub(super) text: String,
}

/// Reads a unified diff; lines between its files are passed over.
pub(super) fn parse(diff: &str) -> Result<Vec<FilePatch>, String> {
    let mut files: Vec<FilePatch> = Vec::new();
    let mut lines = diff.lines().peekable();
    while let Some(line) = lines.next() {
        if let (Some(old), Some(new)) =
            (line.strip_prefix("--- "), lines.peek().and_then(|next| next.strip_prefix("+++ ")))
        {
            lines.next();
            files.push(FilePatch { old: named(old), new: named(new), hunks: Vec::new() });
        } else if let Some(header) = line.strip_prefix("@@ ") {
            let file = files.last_mut().ok_or("a hunk stands before any file")?;
            let (start, old, new) = counts(header).ok_or_else(|| format!("`{line}` is no hunk header"))?;
            file.hunks.push(HunkPatch { start, lines: body(&mut lines, old, new)? });
        }
    }
    Ok(files)
}

fn named(path: &str) -> Option<String> {
    let path = path.split('\t').next().unwrap_or(path).trim_end();
    (path != "/dev/null").then(|| path.to_owned())
}

/// `-1,3 +1,4 @@`: the first line, the lines before and the lines after.
fn counts(header: &str) -> Option<(usize, usize, usize)> {
    let mut ranges = header.split(" @@").next()?.split(' ');
    let mut range = |sign: char| {
        let range = ranges.next()?.strip_prefix(sign)?;
        let (start, count) = range.split_once(',').unwrap_or((range, "1"));
        Some((start.parse::<usize>().ok()?, count.parse::<usize>().ok()?))
    };
    let ((start, old), (_, new)) = (range('-')?, range('+')?);
    Some((start, old, new))
}

fn body<'a>(
    lines: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>,
    mut old: usize,
    mut new: usize,
) -> Result<Vec<LinePatch>, String> {
    let mut body: Vec<LinePatch> = Vec::new();
    while old > 0 || new > 0 {
        let line = lines.next().ok_or("a hunk has fewer lines than its header says")?;
        let sign = line.chars().next().unwrap_or(' ');
        let (takes, gives) = match sign {
            ' ' => (1, 1),
            '-' => (1, 0),
            '+' => (0, 1),
            '\\' => {
                open_end(&mut body);
                continue;
            }
            _ => return Err(format!("`{line}` is no line of a hunk")),
        };
        old = old.checked_sub(takes).ok_or("a hunk has more lines than its header says")?;
        new = new.checked_sub(gives).ok_or("a hunk has more lines than its header says")?;
        let text = line.get(1..).unwrap_or_default().trim_end_matches('\r');
        body.push(LinePatch { sign, text: format!("{text}\n") });
    }
    if lines.next_if(|next| next.starts_with('\\')).is_some() {
        open_end(&mut body);
    }
    Ok(body)
}

/// The line before `\ No newline at end of file` has no end.
fn open_end(body: &mut [LinePatch]) {
    if let Some(last) = body.last_mut() {
        last.text.pop();
    }
}
