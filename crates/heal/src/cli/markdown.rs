use super::style::{Style, visible};

/// Markdown for a terminal: headings bold, code coloured, fences indented, the text itself untouched.
pub(super) fn plain(source: &str, style: Style) -> String {
    let mut text = String::new();
    let mut in_fence = false;
    for line in source.trim_end().lines() {
        let line = visible(line);
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
            continue;
        }
        let shown = if in_fence {
            format!("    {}", style.code(&line))
        } else if let Some(heading) = line.strip_prefix('#') {
            style.bold(heading.trim_start_matches('#').trim_start())
        } else {
            spans(&line, style)
        };
        text.push_str(&shown);
        text.push('\n');
    }
    text
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

    #[test]
    fn without_colours_only_fences_and_headings_change() {
        let text = plain("## Why\nUse `x`.\n```sh\nls\n```\n", Style { color: false });
        assert_eq!(text, "Why\nUse `x`.\n    ls\n");
    }

    #[test]
    fn with_colours_code_is_coloured() {
        assert_eq!(plain("a `b`", Style { color: true }), "a \u{1b}[36mb\u{1b}[0m\n");
    }
}
