use std::fmt::Write;

use granit_parser::ScalarStyle;

/// Words that older YAML takes for truth values.
const LEGACY: &[&str] = &["y", "n", "yes", "no", "on", "off"];

/// Writes a text as the value of a key or item, its line end included: plain where that is sure to be read as the same
/// text, in single quotes where it is one line, as a block where it is several, and with escapes where it must be.
pub(super) fn text(text: &str, indent: usize) -> String {
    if text.chars().any(is_hidden) || text.contains('\n') && !is_block(text) {
        format!("{}\n", escaped(text))
    } else if text.contains('\n') {
        block(text, indent)
    } else {
        format!("{}\n", key(text))
    }
}

/// Writes a text in one line.
pub(super) fn key(text: &str) -> String {
    if text.chars().any(is_hidden) || text.contains('\n') {
        escaped(text)
    } else if is_plain(text) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Letters, digits and a few signs, starting with a letter, and nothing that means something else.
fn is_plain(text: &str) -> bool {
    let sign = |c: char| c.is_ascii_alphanumeric() || " _./-()+=*".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(sign)
        && !text.ends_with(' ')
        && crate::yaml::scalar_value(text, ScalarStyle::Plain).is_string()
        && !LEGACY.contains(&text.to_ascii_lowercase().as_str())
}

/// What is not seen in an editor, or not kept by one.
fn is_hidden(c: char) -> bool {
    let invisible = matches!(c, '\u{85}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}');
    (c.is_control() && c != '\n') || invisible
}

/// Whether a block keeps a text as it is even if an editor strips blanks at line ends.
fn is_block(text: &str) -> bool {
    let first = text.trim_start_matches('\n');
    !first.is_empty() && !first.starts_with(' ') && text.lines().all(|line| !line.ends_with(' '))
}

fn block(text: &str, indent: usize) -> String {
    let mark = match text.len() - text.trim_end_matches('\n').len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    };
    let mut out = format!("{mark}\n");
    for line in text.lines() {
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        let written = match c {
            '"' => write!(out, "\\\""),
            '\\' => write!(out, "\\\\"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            _ if is_hidden(c) && u32::from(c) < 0x100 => write!(out, "\\x{:02x}", u32::from(c)),
            _ if is_hidden(c) => write!(out, "\\u{:04x}", u32::from(c)),
            _ => write!(out, "{c}"),
        };
        written.expect("a text takes what is written to it");
    }
    out.push('"');
    out
}
