use memchr::memrchr;

use crate::LONGEST_LINE;

/// A line as far as it has come: of a longer one than [`LONGEST_LINE`] what shows last, as progress overwrites itself
/// for long, and of that the beginning.
#[derive(Debug, Default)]
pub(super) struct Pending {
    bytes: Vec<u8>,
    /// Whether no more is kept, until the line is overwritten.
    is_full: bool,
    /// Whether its last byte was a carriage return.
    returned: bool,
}

impl Pending {
    /// Whether nothing of it has come yet.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What is kept of it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The next line, in the same memory.
    pub(super) fn cleared(mut self) -> Self {
        self.bytes.clear();
        Self { bytes: self.bytes, ..Self::default() }
    }

    /// Takes the next bytes of the line.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        for stretch in bytes.split_inclusive(|byte| *byte == b'\r') {
            if self.is_full && self.returned {
                self.bytes.clear();
                self.is_full = false;
            }
            self.returned = stretch.ends_with(b"\r");
            self.keep(stretch);
        }
    }

    fn keep(&mut self, mut bytes: &[u8]) {
        while !self.is_full {
            let room = LONGEST_LINE - self.bytes.len();
            let (now, later) = bytes.split_at(bytes.len().min(room));
            self.bytes.extend_from_slice(now);
            if later.is_empty() {
                return;
            }
            bytes = later;
            match memrchr(b'\r', &self.bytes) {
                Some(at) => drop(self.bytes.drain(..=at)),
                None => self.is_full = true,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pending;
    use crate::LONGEST_LINE;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        for size in [1, 777, LONGEST_LINE + 1, line.len()] {
            let mut pending = Pending::default();
            line.as_bytes().chunks(size).for_each(|chunk| pending.push(chunk));
            assert!(pending.bytes() == expected.as_bytes(), "in pieces of {size}");
        }
    }

    #[test]
    fn what_is_overwritten_makes_room() {
        let long = "x".repeat(LONGEST_LINE + 5);
        let cut = &long[..LONGEST_LINE];
        check("10%\rdone", "10%\rdone");
        check(&long, cut);
        check(&format!("{long}\rdone\r"), "done\r");
        check(&format!("{long}\r{long}"), cut);
        check(&format!("10%\r{cut}"), cut);
        check(&format!("10%\r{long}"), cut);
        check(&format!("{long}\r"), cut);
        check(&format!("{cut}\r\rdone"), "\rdone");
    }
}
