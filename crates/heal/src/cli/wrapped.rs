use super::style::{Style, printed};

/// Breaks a line that is too wide at its spaces, never within a word; what follows the first break is set below
/// `next`.
pub(super) fn wrapped(line: &str, first: &str, next: &str, style: Style) -> String {
    let mut text = first.to_owned();
    let mut width = printed(first);
    for (place, word) in line.split(' ').enumerate() {
        let len = printed(word);
        if place > 0 && width + 1 + len > style.prose() {
            text.push_str(&format!("\n{next}"));
            width = printed(next);
        } else if place > 0 {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += len;
    }
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
    text
}
