use anstyle::{AnsiColor, Style as Ansi};
use heal_model::{Safety, Severity};
use unicode_width::UnicodeWidthStr;

/// How many columns a line of prose takes at most.
const WIDEST: usize = 100;
/// How many columns are too few to break lines for.
const NARROWEST: usize = 20;

/// Colours, or none; and how wide a line may be.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) color: bool,
    /// The terminal's columns; as many as there may be where it is none.
    pub(super) columns: usize,
}

impl Style {
    /// As many columns as prose may take.
    pub(super) fn prose(self) -> usize {
        self.columns.clamp(NARROWEST, WIDEST)
    }

    /// What is left where each line starts so many columns in.
    pub(super) fn within(self, columns: usize) -> Self {
        Self { columns: self.columns.saturating_sub(columns), ..self }
    }

    /// Breaks lines that are wider than the terminal at their spaces, never within a word; what follows a break is set
    /// below the column `hang`, or a few columns in where there is too little room.
    pub(super) fn fold(self, lines: &str, hang: usize) -> String {
        let lines: Vec<String> = lines.split('\n').map(|line| self.folded(line, hang)).collect();
        lines.join("\n")
    }

    fn folded(self, line: &str, hang: usize) -> String {
        let hang = if hang + NARROWEST > self.columns { 4 } else { hang };
        let (mut text, mut width, mut is_first) = (String::new(), 0, true);
        for piece in line.split_inclusive(' ') {
            let wide = printed(piece.trim_end_matches(' '));
            if width + wide > self.columns.max(NARROWEST) && !is_first {
                text.truncate(text.trim_end_matches(' ').len());
                text.push_str(&format!("\n{}", " ".repeat(hang)));
                width = hang;
            }
            is_first &= wide == 0;
            text.push_str(piece);
            width += printed(piece);
        }
        text
    }

    fn paint(self, style: Ansi, text: &str) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn colored(self, color: AnsiColor, text: &str) -> String {
        self.paint(color.on_default(), text)
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint(Ansi::new().bold(), text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.paint(Ansi::new().dimmed(), text)
    }

    pub(super) fn code(self, text: &str) -> String {
        self.colored(AnsiColor::Cyan, text)
    }

    pub(super) fn good(self, text: &str) -> String {
        self.paint(AnsiColor::Green.on_default().bold(), text)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.paint(AnsiColor::Red.on_default().bold(), text)
    }

    pub(super) fn warn(self, text: &str) -> String {
        self.paint(AnsiColor::Yellow.on_default().bold(), text)
    }

    pub(super) fn hint(self, text: &str) -> String {
        self.paint(AnsiColor::Cyan.on_default().bold(), text)
    }

    pub(super) fn added(self, text: &str) -> String {
        self.colored(AnsiColor::Green, text)
    }

    pub(super) fn removed(self, text: &str) -> String {
        self.colored(AnsiColor::Red, text)
    }

    /// The words within a line that are new.
    pub(super) fn added_words(self, text: &str) -> String {
        self.paint(AnsiColor::Green.on_default().bold().underline(), text)
    }

    /// The words within a line that go.
    pub(super) fn removed_words(self, text: &str) -> String {
        self.paint(AnsiColor::Red.on_default().bold().underline(), text)
    }

    pub(super) fn severity(self, severity: Severity) -> String {
        let text = severity.to_string();
        match severity {
            Severity::Info => self.faint(&text),
            Severity::Low => self.code(&text),
            Severity::Medium => self.warn(&text),
            Severity::High | Severity::Critical => self.bad(&text),
        }
    }

    pub(super) fn safety(self, safety: Safety) -> String {
        let text = safety.to_string();
        match safety {
            Safety::Safe => self.added(&text),
            Safety::Unsafe => self.warn(&text),
            Safety::Manual => self.faint(&text),
        }
    }
}

/// How many columns a text takes, its colours left out: two for a Chinese character, none for an accent of its own.
pub(super) fn printed(text: &str) -> usize {
    let mut pieces = text.split('\u{1b}');
    let first = pieces.next().map_or(0, UnicodeWidthStr::width);
    pieces.fold(first, |sum, piece| sum + piece.split_once('m').map_or(0, |(_, rest)| rest.width()))
}

/// `1 file`, `2 files`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// Makes control and invisible characters visible, so that a terminal shows what is there and obeys none of it.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let hidden = matches!(character,
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}');
        if (character.is_control() && character != '\t') || hidden {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::Style;

    #[track_caller]
    fn check(columns: usize, hang: usize, line: &str, expected: &str) {
        assert_eq!(Style { color: false, columns }.fold(line, hang), expected);
    }

    #[test]
    fn lines_break_at_spaces_where_the_terminal_ends() {
        check(usize::MAX, 4, "one two", "one two");
        check(24, 2, "  abcdefgh ijklmnop qrstu vw", "  abcdefgh ijklmnop\n  qrstu vw");
        check(24, 2, "abcdefgh ijklmnop qrstuv", "abcdefgh ijklmnop qrstuv");
        check(
            24,
            0,
            "an-address-without-any-spaces-in-it and more",
            "an-address-without-any-spaces-in-it\nand more",
        );
        check(24, 12, "too little room to hang below", "too little room to hang\n    below");
    }

    #[test]
    fn characters_take_the_room_that_a_terminal_gives_them() {
        check(24, 2, "漢字漢字漢 字漢字漢字漢 x", "漢字漢字漢 字漢字漢字漢\n  x");
        check(22, 2, "漢字漢字漢 字漢字漢字漢 x", "漢字漢字漢\n  字漢字漢字漢 x");
        check(
            20,
            2,
            "e\u{301}e\u{301}e\u{301} abcdefgh ijklmno",
            "e\u{301}e\u{301}e\u{301} abcdefgh ijklmno",
        );
    }

    #[test]
    fn colours_take_no_room() {
        let red = "\u{1b}[31mabcdefgh\u{1b}[0m ijklmnop qrstuv";
        check(24, 2, red, red);
        check(23, 2, red, "\u{1b}[31mabcdefgh\u{1b}[0m ijklmnop\n  qrstuv");
    }
}
