/// How output is written, as far as is known, and what of it waits for the next bytes.
///
/// PowerShell's `>` writes UTF-16: a byte order mark, and a first character that leaves a byte zero. All else is taken as
/// it comes.
#[derive(Debug)]
pub(super) enum Coding {
    /// Fewer than four bytes have come.
    Unknown(Vec<u8>),
    /// As it comes.
    Plain,
    /// UTF-16: half a unit that waits for its other half, and the first unit of a pair.
    Wide {
        /// Whether the high byte comes first.
        is_big: bool,
        half: Option<u8>,
        first: Option<u16>,
    },
}

impl Default for Coding {
    fn default() -> Self {
        Self::Unknown(Vec::new())
    }
}

impl Coding {
    /// Adds the next bytes of the output to `text`, as UTF-8 where they are UTF-16.
    pub(super) fn push(&mut self, bytes: &[u8], text: &mut Vec<u8>) {
        match self {
            Self::Plain => text.extend_from_slice(bytes),
            Self::Wide { .. } => self.widen(bytes, text),
            Self::Unknown(held) => {
                held.extend_from_slice(bytes);
                if held.len() < 4 {
                    return;
                }
                let held = std::mem::take(held);
                let wide = |is_big| Self::Wide { is_big, half: None, first: None };
                let (coding, rest) = match &held[..] {
                    [0xFF, 0xFE, _, 0, ..] => (wide(false), &held[2..]),
                    [0xFE, 0xFF, 0, ..] => (wide(true), &held[2..]),
                    all => (Self::Plain, all),
                };
                *self = coding;
                self.push(rest, text);
            }
        }
    }

    /// Adds what still waits when the output has ended.
    pub(super) fn end(&mut self, text: &mut Vec<u8>) {
        match self {
            Self::Unknown(held) => text.append(held),
            Self::Plain => {}
            Self::Wide { half, first, .. } => {
                if half.take().is_some() || first.take().is_some() {
                    put(char::REPLACEMENT_CHARACTER, text);
                }
            }
        }
    }

    /// A whole output as UTF-8.
    pub(super) fn decoded(bytes: &[u8]) -> Vec<u8> {
        let (mut coding, mut text) = (Self::default(), Vec::with_capacity(bytes.len()));
        coding.push(bytes, &mut text);
        coding.end(&mut text);
        text
    }

    fn widen(&mut self, bytes: &[u8], text: &mut Vec<u8>) {
        let Self::Wide { is_big, half, first } = self else { return };
        let mut units: Vec<u16> = first.take().into_iter().collect();
        for byte in bytes {
            match half.take() {
                None => *half = Some(*byte),
                Some(other) if *is_big => units.push(u16::from_be_bytes([other, *byte])),
                Some(other) => units.push(u16::from_le_bytes([other, *byte])),
            }
        }
        *first = units.pop_if(|last| (0xD800..0xDC00).contains(last));
        for unit in char::decode_utf16(units) {
            put(unit.unwrap_or(char::REPLACEMENT_CHARACTER), text);
        }
    }
}

fn put(character: char, text: &mut Vec<u8>) {
    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::Coding;

    /// Decodes bytes whole and byte for byte: both come to the same.
    #[track_caller]
    fn check(bytes: &[u8], expected: &[u8]) {
        assert_eq!(Coding::decoded(bytes), expected);
        let (mut coding, mut text) = (Coding::default(), Vec::new());
        bytes.iter().for_each(|byte| coding.push(&[*byte], &mut text));
        coding.end(&mut text);
        assert_eq!(text, expected, "byte for byte");
    }

    #[test]
    fn utf_16_becomes_utf_8() {
        let wide = |is_big: bool| -> Vec<u8> {
            let units = "\u{feff}é 🦀\n".encode_utf16();
            units.flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        check(&wide(true), "é 🦀\n".as_bytes());
        check(&wide(false), "é 🦀\n".as_bytes());
    }

    #[test]
    fn what_is_cut_off_is_marked() {
        check(b"\xFF\xFEa\0b", "a\u{fffd}".as_bytes());
        check(b"\xFF\xFEa\0\x3E\xD8", "a\u{fffd}".as_bytes());
    }

    #[test]
    fn all_else_is_taken_as_it_comes() {
        for bytes in [&b""[..], b"\xFF\xFE", b"a", b"\xFF\xFE caf\xE9", b"plain \0\xE9"] {
            check(bytes, bytes);
        }
    }
}
