use heal_model::{DiagnosticTrigger, OutputTrigger, Trigger};
use heal_pattern::literals;

use crate::ways::{Passing, ways};

/// Texts, ASCII letters in lower case, of which any output that a trigger fires on holds at least one, whatever their
/// case; `None` where there are no such texts, or it looks at files alone.
///
/// Made once, when playbooks are built in: then only the rules that may fire on an output need to be read at all.
#[must_use]
pub fn gate(trigger: &Trigger) -> Option<Vec<Vec<u8>>> {
    let mut texts = Vec::new();
    for way in ways(trigger).ok()? {
        texts.extend(match way.passing.as_ref()? {
            Passing::Output(output) => of_output(output)?,
            Passing::Diagnostic(diagnostic) => of_diagnostic(diagnostic)?,
        });
    }
    texts.sort_unstable();
    texts.dedup();
    Some(texts)
}

/// Those of the line whose shortest text is longest.
fn of_output(output: &OutputTrigger) -> Option<Vec<Vec<u8>>> {
    let lines = output.lines.iter().filter(|line| !line.optional);
    let sets = lines.filter_map(|line| literals(&line.pattern));
    let texts = |set: Vec<heal_pattern::Literal>| -> Vec<Vec<u8>> {
        set.into_iter().map(|literal| literal.text.to_ascii_lowercase()).collect()
    };
    let shortest = |set: &Vec<Vec<u8>>| set.iter().map(Vec::len).min().unwrap_or(0);
    sets.map(texts).filter(|set| shortest(set) >= GRAM).max_by_key(shortest)
}

/// The longest words of what the message must hold: a word is in the output as it is in the message, whether the output
/// is text, JSON or XML, where what stands between words may be escaped or wrapped.
fn of_diagnostic(diagnostic: &DiagnosticTrigger) -> Option<Vec<Vec<u8>>> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let longest = |literal: heal_pattern::Literal| {
        let words = literal.text.split(|byte| !is_word(byte)).max_by_key(|word| word.len());
        words.filter(|word| word.len() >= GRAM).map(<[u8]>::to_ascii_lowercase)
    };
    literals(diagnostic.message.as_ref()?)?.into_iter().map(longest).collect()
}

/// How many bytes are looked up at once.
const GRAM: usize = 4;
/// Size of the first filter.
const BITS: u32 = 16;
/// Letters of English and of code, the most frequent first.
const FREQUENT: &[u8] = b" etaoinsrhldcumfpgwybvkxjqz";

/// Says for each of some gates whether it is open: whether one of its texts is in an output, which is given whole.
///
/// `None` where the output holds colours, or lines that were overwritten: what it shows is not what its bytes are.
#[must_use]
pub fn open_gates(gates: &[&[&[u8]]], output: &[u8]) -> Option<Vec<bool>> {
    let is_overwritten = |at: usize| output.get(at + 1) != Some(&b'\n');
    if memchr::memchr(0x1B, output).is_some() || memchr::memchr_iter(b'\r', output).any(is_overwritten) {
        return None;
    }
    let mut wanted: Vec<Wanted<'_>> = Vec::new();
    for (gate, texts) in gates.iter().enumerate() {
        wanted.extend(texts.iter().map(|text| Wanted::new(gate, text)));
    }
    wanted.sort_unstable_by_key(|wanted| wanted.gram);
    let mut filter = vec![0_u64; 1 << (BITS - 6)];
    for Wanted { gram, .. } in &wanted {
        let bit = hash(*gram);
        filter[bit >> 6] |= 1 << (bit & 63);
    }
    let mut open = vec![false; gates.len()];
    for (at, window) in output.array_windows::<GRAM>().enumerate() {
        let gram = folded(*window);
        let bit = hash(gram);
        if filter[bit >> 6] >> (bit & 63) & 1 == 1 {
            let first = wanted.partition_point(|wanted| wanted.gram < gram);
            let same = wanted[first..].iter().take_while(|wanted| wanted.gram == gram);
            same.filter(|wanted| wanted.is_at(output, at)).for_each(|wanted| open[wanted.gate] = true);
        }
    }
    Some(open)
}

/// A text that is looked for, by four of its bytes.
struct Wanted<'a> {
    gram: u32,
    gate: usize,
    text: &'a [u8],
    /// Where in the text the four bytes are: those that come least often.
    offset: usize,
}

impl<'a> Wanted<'a> {
    fn new(gate: usize, text: &'a [u8]) -> Self {
        let rarity = |byte: &u8| FREQUENT.iter().position(|letter| letter == byte).unwrap_or(FREQUENT.len());
        let windows = text.windows(GRAM).map(|window| window.iter().map(rarity).sum::<usize>());
        let offset = windows.enumerate().max_by_key(|(_, rarity)| *rarity).map_or(0, |(offset, _)| offset);
        let gram = text[offset..].first_chunk().map_or(0, |gram| folded(*gram));
        Self { gram, gate, text, offset }
    }

    fn is_at(&self, output: &[u8], at: usize) -> bool {
        let start = at.checked_sub(self.offset);
        let found = start.and_then(|start| output.get(start..start + self.text.len()));
        found.is_some_and(|found| found.eq_ignore_ascii_case(self.text))
    }
}

fn folded(gram: [u8; GRAM]) -> u32 {
    u32::from_le_bytes(gram) | 0x2020_2020
}

fn hash(gram: u32) -> usize {
    (gram.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}
