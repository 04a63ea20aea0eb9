use anstyle::{AnsiColor, Style as Ansi};
use heal_model::{Safety, Severity};

/// Colours, or none.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) color: bool,
}

impl Style {
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
