use super::style::{Style, printed, visible};
use super::table::table;
use super::wrapped::wrapped;

/// Markdown for a terminal: headings bold, code coloured, fences indented, tables in columns, one empty line where there
/// are several. A paragraph that is wider than a page is set anew; of all else the lines stay as they are.
pub(super) fn plain(source: &str, style: Style) -> String {
    let mut text = String::new();
    let mut paragraph: Vec<String> = Vec::new();
    let mut in_fence = false;
    for line in source.trim_end().lines() {
        let line = visible(line);
        let is_gap = !in_fence && line.is_empty() && paragraph.is_empty();
        if is_gap && (text.is_empty() || text.ends_with("\n\n")) {
            continue;
        }
        let is_fence = line.trim_start().starts_with("```");
        let goes_on = !in_fence && !is_fence && !line.is_empty() && !line.starts_with('#');
        if !goes_on || item(&line).is_some() {
            text.push_str(&spans(&set(&std::mem::take(&mut paragraph), style), style));
        }
        match () {
            () if is_fence => in_fence = !in_fence,
            () if in_fence && line.is_empty() => text.push('\n'),
            () if in_fence => text.push_str(&format!("    {}\n", style.code(&line))),
            () if goes_on => paragraph.push(line),
            () => text.push_str(&format!("{}\n", style.bold(line.trim_start_matches('#').trim_start()))),
        }
    }
    text + &spans(&set(&paragraph, style), style)
}

/// The lines of a table, a paragraph or one item of a list, set anew where one of them is too wide.
fn set(lines: &[String], style: Style) -> String {
    if let Some(table) = table(lines, style) {
        return table;
    }
    let is_wide = lines.iter().any(|line| printed(line) > style.prose());
    let is_code = lines.first().is_some_and(|line| line.starts_with("    "));
    let Some(first) = lines.first().filter(|_| is_wide && !is_code) else {
        return lines.iter().map(|line| format!("{line}\n")).collect();
    };
    let start = &first[..first.len() - first.trim_start().len()];
    let below = format!("{start}{}", " ".repeat(item(first).unwrap_or(0)));
    let words: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    wrapped(&words.join(" "), start, &below, style)
}

/// How wide the mark is with which a line starts an item of a list, if it does.
fn item(line: &str) -> Option<usize> {
    let line = line.trim_start();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match () {
        () if line.starts_with("- ") || line.starts_with("* ") => Some(2),
        () if digits > 0 && line[digits..].starts_with(". ") => Some(digits + 2),
        () => None,
    }
}

/// Colours what stands between backticks; without colours the backticks stay, since they mean something.
fn spans(line: &str, style: Style) -> String {
    if !style.color {
        return line.to_owned();
    }
    let mut text = String::new();
    for (index, piece) in line.split('`').enumerate() {
        text.push_str(&if index % 2 == 1 { style.code(piece) } else { piece.to_owned() });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Style, plain};

    const STYLE: Style = Style { color: false, columns: usize::MAX };

    #[test]
    fn empty_lines_are_one_or_none() {
        assert_eq!(plain("\n\n\na\n\n\n\nb\n\n", STYLE), "a\n\nb\n");
        assert_eq!(plain("```sh\na\n\n\nb\n```\n", STYLE), "    a\n\n\n    b\n");
    }

    #[test]
    fn without_colours_only_fences_and_headings_change() {
        let text = plain("## Why\nUse `x`.\n```sh\nls\n```\n", STYLE);
        assert_eq!(text, "Why\nUse `x`.\n    ls\n");
    }

    #[test]
    fn what_is_too_wide_is_set_anew_at_spaces() {
        let (word, long) = ("x".repeat(30), "y".repeat(120));
        let source =
            format!("1. {word} {word} {word} {word}\n   and\n2. a\n   b\n\n{long}\n\n    {long} z\n");
        let expected =
            format!("1. {word} {word} {word}\n   {word} and\n2. a\n   b\n\n{long}\n\n    {long} z\n");
        assert_eq!(plain(&source, STYLE), expected);
    }

    #[test]
    fn with_colours_code_is_coloured() {
        assert_eq!(plain("a `b`", Style { color: true, ..STYLE }), "a \u{1b}[36mb\u{1b}[0m\n");
    }
}
