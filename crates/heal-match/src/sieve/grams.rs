use heal_pattern::Literal;

use super::{Hit, Sample};

/// Looks for texts by runs of four of their bytes, at every fourth or eighth byte alone.
///
/// Wherever a text of eleven bytes stands, one of eight neighbouring runs of four starts at a place that divides by
/// eight; so those eight runs, marked in a small bitmap, are all that must be looked up, one for every eight bytes of
/// the stream. What the bitmap lets through is compared with the runs, then with the texts. The runs are those that
/// are rarest in the stream.
///
/// The cost is one look-up for each step, about two cycles, and one comparison for each false alarm. Letters are
/// looked up without their case.
pub(crate) struct Grams {
    step: Step,
    bitmap: Box<[u8; BYTES]>,
    /// Runs and where their uses start, by hash; open addressing, at most half full.
    slots: Vec<Slot>,
    uses: Vec<Use>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Nothing is looked for.
    None,
    Four,
    Eight,
}

#[derive(Clone, Copy)]
struct Slot {
    gram: u32,
    /// The first of its uses; `EMPTY` where the slot is free.
    first: u32,
}

/// One text that holds a run.
struct Use {
    text: u32,
    /// Where in the text the run is.
    offset: u32,
    /// Whether the next use is of the same run.
    more: bool,
}

/// The shortest text that can be looked for: four runs of four bytes.
pub(crate) const SHORTEST: usize = 7;
/// The shortest text that eight runs fit in.
const LONG: usize = 11;
/// 16 KiB: half of a core's nearest cache.
const BITS: u32 = 17;
const BYTES: usize = 1 << (BITS - 3);
const EMPTY: u32 = u32::MAX;
const FOLD: u32 = 0x2020_2020;

/// A run of four bytes as a number, letters in lower case.
pub(crate) fn gram(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) | FOLD
}

fn hash(gram: u32) -> u32 {
    gram.wrapping_mul(0x9E37_79B1)
}

impl Grams {
    /// Sets up a search for texts, each with its number, in streams like the sample.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = (usize, &'a Literal)>, sample: &Sample) -> Self {
        let texts: Vec<(usize, &Literal)> = texts.collect();
        let shortest = texts.iter().map(|(_, literal)| literal.text.len()).min();
        let step = match shortest {
            None => Step::None,
            Some(length) if length < LONG => Step::Four,
            Some(_) => Step::Eight,
        };
        let runs = step.bytes();
        let mut all: Vec<(u32, u32, u32)> = Vec::with_capacity(texts.len() * runs);
        for (id, literal) in texts {
            let start = rarest(&literal.text, runs, sample);
            let id = u32::try_from(id).expect("there are fewer than 2^32 texts");
            all.extend((start..start + runs).map(|at| (gram(&literal.text[at..]), id, at as u32)));
        }
        all.sort_unstable();
        let mut grams = Self {
            step,
            bitmap: Box::new([0; BYTES]),
            slots: vec![Slot { gram: 0, first: EMPTY }; (all.len() * 2).next_power_of_two()],
            uses: Vec::with_capacity(all.len()),
        };
        for (at, &(gram, text, offset)) in all.iter().enumerate() {
            if at == 0 || all[at - 1].0 != gram {
                grams.mark(gram);
            }
            let more = all.get(at + 1).is_some_and(|next| next.0 == gram);
            grams.uses.push(Use { text, offset, more });
        }
        grams
    }

    fn mark(&mut self, gram: u32) {
        let bit = hash(gram) >> (32 - BITS);
        self.bitmap[(bit >> 3) as usize] |= 1 << (bit & 7);
        let mut slot = self.slot(gram);
        while self.slots[slot].first != EMPTY {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = Slot { gram, first: self.uses.len() as u32 };
    }

    fn slot(&self, gram: u32) -> usize {
        (hash(gram) as usize >> 3) & (self.slots.len() - 1)
    }

    /// Adds each place where a text stands, in no order; `candidates` is room to work in.
    pub(crate) fn hits<'a>(
        &self,
        text: &[u8],
        literal: impl Fn(usize) -> &'a Literal,
        candidates: &mut Vec<u32>,
        hits: &mut Vec<Hit>,
    ) {
        candidates.clear();
        match self.step {
            Step::None => {}
            Step::Four => self.pass::<4>(text, candidates),
            Step::Eight => self.pass::<8>(text, candidates),
        }
        for at in candidates.iter() {
            self.compare(text, *at as usize, &literal, hits);
        }
    }

    /// Finds the steps whose run the bitmap knows, without a branch that depends on the text.
    fn pass<const STEP: usize>(&self, text: &[u8], candidates: &mut Vec<u32>) {
        let (chunks, rest) = text.as_chunks::<STEP>();
        candidates.resize(chunks.len() + 1, 0);
        let mut found = 0;
        for (at, chunk) in chunks.iter().enumerate() {
            let bit = hash(gram(chunk)) >> (32 - BITS);
            candidates[found] = at as u32;
            found += usize::from(self.bitmap[(bit >> 3) as usize] >> (bit & 7) & 1);
        }
        if rest.len() >= 4 {
            candidates[found] = chunks.len() as u32;
            found += 1;
        }
        candidates.truncate(found);
        candidates.iter_mut().for_each(|at| *at *= STEP as u32);
    }

    fn compare<'a>(
        &self,
        text: &[u8],
        at: usize,
        literal: &impl Fn(usize) -> &'a Literal,
        hits: &mut Vec<Hit>,
    ) {
        let gram = gram(&text[at..]);
        let mut slot = self.slot(gram);
        while self.slots[slot].first != EMPTY {
            if self.slots[slot].gram == gram {
                self.compare_uses(text, at, self.slots[slot].first as usize, literal, hits);
                return;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    fn compare_uses<'a>(
        &self,
        text: &[u8],
        at: usize,
        first: usize,
        literal: &impl Fn(usize) -> &'a Literal,
        hits: &mut Vec<Hit>,
    ) {
        for used in &self.uses[first..] {
            let id = used.text as usize;
            let wanted = literal(id);
            let start = at.checked_sub(used.offset as usize);
            let found = start.and_then(|start| text.get(start..start + wanted.text.len()));
            let is_same = |found: &[u8]| match wanted.folded {
                true => found.eq_ignore_ascii_case(&wanted.text),
                false => found == wanted.text,
            };
            if found.is_some_and(is_same) {
                hits.push((at - used.offset as usize, id));
            }
            if !used.more {
                return;
            }
        }
    }
}

impl Step {
    fn bytes(self) -> usize {
        match self {
            Self::None => 0,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }
}

/// Where in a text the neighbouring runs start that come least often.
fn rarest(text: &[u8], runs: usize, sample: &Sample) -> usize {
    let counts: Vec<u32> = text.windows(4).map(|window| sample.count(gram(window))).collect();
    let sums = counts.windows(runs).map(|counts| counts.iter().sum::<u32>());
    sums.enumerate().min_by_key(|(_, sum)| *sum).map_or(0, |(start, _)| start)
}
