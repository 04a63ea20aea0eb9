/// A quick look at whether a line may hold one of some words: of each word four bytes in a row are known, those that
/// text has least often.
#[derive(Debug)]
pub(crate) struct Grams(Box<[u64; 1024]>);

impl Grams {
    /// Knows words of four bytes and more.
    pub(crate) fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut bits = Box::new([0_u64; 1024]);
        for word in words {
            if let Some(gram) = word.as_bytes().array_windows().min_by_key(|gram| frequency(gram)) {
                let (at, bit) = slot(*gram);
                bits[at] |= bit;
            }
        }
        Self(bits)
    }

    /// Whether a line may hold one of the words; `false` is certain.
    pub(crate) fn may_be_in(&self, line: &[u8]) -> bool {
        line.array_windows().any(|gram| {
            let (at, bit) = slot(*gram);
            self.0[at] & bit != 0
        })
    }
}

/// Where four bytes are noted.
fn slot(gram: [u8; 4]) -> (usize, u64) {
    let hash = u32::from_be_bytes(gram).wrapping_mul(0x9E37_79B1) >> 16;
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// How often text has four bytes in a row, roughly: small letters and blanks are in every line.
fn frequency(gram: &[u8; 4]) -> u32 {
    let of_byte = |byte: &u8| match byte {
        b' ' | b'e' => 9,
        b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'0' | b'1' => 8,
        b':' | b'/' | b'-' | b'.' | b'2'..=b'9' => 7,
        b'c' | b'd' | b'h' | b'l' | b'u' | b'm' | b'p' => 6,
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => 4,
        _ => 2,
    };
    gram.iter().map(of_byte).sum()
}

#[cfg(test)]
mod tests {
    use super::Grams;

    #[test]
    fn a_word_is_never_missed() {
        let words = ["error: ", "Traceback", ": *** [", "é: x"];
        let grams = Grams::new(words.into_iter());
        for word in words {
            assert!(grams.may_be_in(format!("before {word} after").as_bytes()), "{word}");
            assert!(grams.may_be_in(word.as_bytes()), "{word}");
        }
        assert!(!grams.may_be_in(b"2026-11-21 request handled in 12 ms"));
        assert!(!grams.may_be_in(b""));
    }
}
