use heal_model::{DiffLine, FileKind, FilePreview, Hunk, LineTag, Preview};

/// A preview's files as one unified diff that `git apply` takes, with `a/` and `b/` before its paths.
///
/// A file that is not text is named and no more; one that is not UTF-8 is shown as well as it can be.
#[must_use]
pub fn unified(preview: &Preview) -> String {
    preview.files.iter().map(file).collect()
}

fn file(file: &FilePreview) -> String {
    let (old, new) = (named("a", file.path.as_str()), named("b", file.path.as_str()));
    let mut text = format!("diff --git {old} {new}\n");
    match file.kind {
        FileKind::Created => text.push_str("new file mode 100644\n"),
        FileKind::Deleted => text.push_str("deleted file mode 100644\n"),
        FileKind::Edited => {}
    }
    let old = if file.kind == FileKind::Created { "/dev/null" } else { &old };
    let new = if file.kind == FileKind::Deleted { "/dev/null" } else { &new };
    if file.binary {
        text.push_str(&format!("Binary files {old} and {new} differ\n"));
    } else if !file.hunks.is_empty() {
        text.push_str(&format!("--- {}\n+++ {}\n", ended(old), ended(new)));
        text.extend(file.hunks.iter().map(hunk));
    }
    text
}

/// A path as git writes it in a diff: quoted where it holds what a line or a quote would end.
fn named(side: &str, path: &str) -> String {
    let path = format!("{side}/{path}");
    if !path.contains(|character: char| character.is_control() || matches!(character, '"' | '\\')) {
        return path;
    }
    let quoted: String = path
        .chars()
        .map(|character| match character {
            '"' | '\\' => format!("\\{character}"),
            '\t' => "\\t".to_owned(),
            character if character.is_control() => format!("\\{:03o}", u32::from(character)),
            character => character.to_string(),
        })
        .collect();
    format!("\"{quoted}\"")
}

/// A path with a space is followed by a tab, or what reads the diff would end it there.
fn ended(path: &str) -> String {
    if path.contains(' ') { format!("{path}\t") } else { path.to_owned() }
}

fn hunk(hunk: &Hunk) -> String {
    let old = range(hunk.old_start, hunk.old_lines);
    let new = range(hunk.new_start, hunk.new_lines);
    format!("@@ -{old} +{new} @@\n") + &hunk.lines.iter().map(line).collect::<String>()
}

fn range(start: u32, lines: u32) -> String {
    if lines == 1 { start.to_string() } else { format!("{start},{lines}") }
}

fn line(line: &DiffLine) -> String {
    let sign = match line.tag {
        LineTag::Context => ' ',
        LineTag::Removed => '-',
        LineTag::Added => '+',
    };
    let text: String = line.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let end = if line.no_newline { "\n\\ No newline at end of file\n" } else { "\n" };
    format!("{sign}{text}{end}")
}

#[cfg(test)]
mod tests {
    use super::{ended, named};

    #[test]
    fn names_that_would_end_a_line_are_quoted() {
        assert_eq!(named("a", "x y.txt"), "a/x y.txt");
        assert_eq!(ended("a/x y.txt"), "a/x y.txt\t");
        assert_eq!(named("b", "q\"\t\u{1}é"), "\"b/q\\\"\\t\\001é\"");
    }
}
