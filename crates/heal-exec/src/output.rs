use std::collections::VecDeque;

/// How much of the start of an output is kept.
const HEAD: usize = 1 << 20;
/// How much of the end of it is kept.
const TAIL: usize = 4 << 20;

/// What a command printed, both streams as they came: its start and its end, so that memory stays flat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    /// How many bytes between the start and the end were let go.
    pub dropped: u64,
}

impl Output {
    /// Takes in more of it.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let room = HEAD - self.head.len();
        let (first, rest) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(first);
        self.tail.extend(rest);
        let over = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..over);
        self.dropped += over as u64;
    }

    /// What is kept, with a line that says what is missing where something is.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone();
        if self.dropped > 0 {
            bytes.extend_from_slice(format!("\n[{} bytes left out]\n", self.dropped).as_bytes());
        }
        bytes.extend(&self.tail);
        bytes
    }

    /// The last so many bytes, as text, starting with a whole line where there is one.
    #[must_use]
    pub fn end(&self, most: usize) -> String {
        let bytes = self.bytes();
        let from = bytes.len().saturating_sub(most);
        let end = &bytes[from..];
        let line =
            if from == 0 { 0 } else { end.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1) };
        String::from_utf8_lossy(&end[line..]).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{HEAD, Output, TAIL};

    #[test]
    fn the_start_and_the_end_are_kept() {
        let mut output = Output::default();
        for chunk in 0..64_u8 {
            output.push(&vec![b'a' + chunk % 26; 128 * 1024]);
        }
        let bytes = output.bytes();
        assert_eq!(output.dropped, 3 << 20);
        assert_eq!(&bytes[..3], b"aaa");
        assert_eq!(&bytes[HEAD..HEAD + 26], b"\n[3145728 bytes left out]\n");
        assert_eq!(bytes.len(), HEAD + 26 + TAIL);
        assert_eq!(bytes.last(), Some(&(b'a' + 63 % 26)));
    }

    #[test]
    fn the_end_starts_with_a_line() {
        let mut output = Output::default();
        output.push("first line\nsecond\nthird\n".as_bytes());
        assert_eq!(output.end(100), "first line\nsecond\nthird\n");
        assert_eq!(output.end(15), "second\nthird\n");
        assert_eq!(output.end(3), "");
    }
}
