use memchr::memchr2;

use crate::seen::LONGEST_LINE;

/// Turns the bytes of one line into what a terminal would show: no colours, no links, and of what a carriage return
/// overwrites only the last.
///
/// It takes the line in pieces of any size and keeps no more than [`LONGEST_LINE`] of it.
#[derive(Default)]
pub(crate) struct Cleaner {
    text: Vec<u8>,
    cut: bool,
    state: State,
    /// A carriage return was seen: the next byte that shows starts the line anew.
    returned: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// After ESC.
    Escape,
    /// In `ESC [ … letter`.
    Control,
    /// In `ESC ] … BEL` or `ESC ] … ESC \`, and the like: titles, links.
    Command,
    /// After an ESC in a command.
    CommandEscape,
}

const ESC: u8 = 0x1B;
const BEL: u8 = 0x07;

impl Cleaner {
    /// Takes the next bytes of the line; none of them is a line feed.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(&byte) = rest.first() {
            if self.state == State::Text && byte != ESC && byte != b'\r' {
                let end = memchr2(ESC, b'\r', rest).unwrap_or(rest.len());
                self.show(&rest[..end]);
                rest = &rest[end..];
            } else if self.step(byte) {
                rest = &rest[1..];
            }
        }
    }

    /// What is shown of the line so far, and whether more was cut off.
    pub(crate) fn shown(&self) -> (&[u8], bool) {
        (&self.text, self.cut)
    }

    /// Starts a new line.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.cut = false;
        self.state = State::Text;
        self.returned = false;
    }

    fn show(&mut self, bytes: &[u8]) {
        if self.returned {
            self.text.clear();
            self.cut = false;
            self.returned = false;
        }
        let room = LONGEST_LINE - self.text.len();
        self.cut |= bytes.len() > room;
        self.text.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// Goes on by one byte of an escape sequence; `false` where the byte ends the sequence and is not part of it.
    fn step(&mut self, byte: u8) -> bool {
        let (state, taken) = match (self.state, byte) {
            (State::Text, b'\r') => {
                self.returned = true;
                (State::Text, true)
            }
            (State::Text | State::Escape | State::Control, ESC) => (State::Escape, true),
            (State::Escape, b'[') => (State::Control, true),
            (State::Escape, b']' | b'P' | b'X' | b'^' | b'_') => (State::Command, true),
            (State::Escape, 0x20..=0x2F) => (State::Escape, true),
            (State::Escape, 0x30..=0x7E) | (State::Control, 0x40..=0x7E) => (State::Text, true),
            (State::Control, 0x20..=0x3F) => (State::Control, true),
            (State::Command, BEL) | (State::CommandEscape, b'\\') => (State::Text, true),
            (State::Command, ESC) => (State::CommandEscape, true),
            (State::Command, _) => (State::Command, true),
            (State::CommandEscape, _) => (State::Escape, false),
            (State::Text | State::Escape | State::Control, _) => (State::Text, false),
        };
        self.state = state;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::Cleaner;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        for size in [1, 3, raw.len().max(1)] {
            let mut cleaner = Cleaner::default();
            raw.as_bytes().chunks(size).for_each(|chunk| cleaner.feed(chunk));
            assert_eq!(String::from_utf8_lossy(cleaner.shown().0), expected, "in pieces of {size}");
        }
    }

    #[test]
    fn colours_and_links_go() {
        check("\u{1b}[1;31merror\u{1b}[0m: no", "error: no");
        check("see \u{1b}]8;;https://e.org\u{1b}\\here\u{1b}]8;;\u{7}!", "see here!");
        check("\u{1b}(Bok\u{1b}c.", "ok.");
        check("a\u{1b}[31\u{e9}b", "a\u{e9}b");
        check("a\u{1b}", "a");
    }

    #[test]
    fn the_last_overwriting_shows() {
        check("10%\r50%\rdone", "done");
        check("done\r", "done");
        check("done\r\r", "done");
        check("50%\r\u{1b}[Kerror", "error");
        check("50%\r\u{1b}[K", "50%");
    }
}
