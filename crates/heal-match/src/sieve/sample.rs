use super::grams::gram;

/// How often each run of four bytes comes in a part of a stream, letters without their case.
///
/// Texts are looked for by their rarest runs. What is rare is asked of the stream itself: its words are not those of
/// any other.
pub(crate) struct Sample(Vec<u16>);

/// How much of a stream is looked at.
pub(super) const LENGTH: usize = 64 * 1024;
const BITS: u32 = 15;

impl Sample {
    pub(crate) fn new(text: &[u8]) -> Self {
        let mut counts = vec![0_u16; 1 << BITS];
        for window in text[..text.len().min(LENGTH)].windows(4) {
            let count = &mut counts[place(gram(window))];
            *count = count.saturating_add(1);
        }
        Self(counts)
    }

    /// About how often a run comes.
    pub(crate) fn count(&self, gram: u32) -> u32 {
        self.0[place(gram)].into()
    }
}

fn place(gram: u32) -> usize {
    (gram.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}
