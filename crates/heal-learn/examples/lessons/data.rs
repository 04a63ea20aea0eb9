use std::collections::BTreeMap;

use heal_model::{Bytes, ChangedFile, Ending, Incident, RelPath, Time};
use serde_json::Value;

use crate::reading::read;

/// One recorded failure and the file before and after it was mended.
pub struct Record {
    pub id: String,
    pub tool: String,
    pub label: String,
    pub path: String,
    pub line: u32,
    pub column: u32,
    pub msg: String,
    pub output: String,
    pub before: String,
    pub after: String,
}

pub fn load(text: &str) -> Vec<Record> {
    text.lines().filter(|line| !line.trim().is_empty()).map(record).collect()
}

fn record(line: &str) -> Record {
    let value: Value = serde_json::from_str(line).expect("one JSON object a line");
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let number = |key: &str| value[key].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    Record {
        id: text("id"),
        tool: text("ds"),
        label: text("label"),
        path: text("path"),
        line: number("line"),
        column: number("col"),
        msg: text("msg"),
        output: text("output"),
        before: text("before"),
        after: text("after"),
    }
}

impl Record {
    pub fn incident(&self) -> Incident {
        let path = RelPath::new(&self.path).expect("a path");
        Incident {
            id: self.id.clone(),
            at: Time(0),
            command: None,
            exit: Some(1),
            diagnostics: vec![read(self)],
            output: self.output.clone(),
            ending: Some(Ending {
                changes: vec![ChangedFile {
                    path,
                    before: Some(Bytes::from(self.before.as_str())),
                    after: Some(Bytes::from(self.after.as_str())),
                }],
                output: String::new(),
            }),
        }
    }

    /// Message, old and new lines.
    pub fn essence(&self) -> (String, String, String) {
        let (before, after): (Vec<&str>, Vec<&str>) = (self.before.lines().collect(), self.after.lines().collect());
        let head = before.iter().zip(&after).take_while(|(x, y)| x == y).count();
        let tail = before[head..].iter().rev().zip(after[head..].iter().rev()).take_while(|(x, y)| x == y).count();
        (
            self.msg.clone(),
            before[head..before.len() - tail].join("\n"),
            after[head..after.len() - tail].join("\n"),
        )
    }
}

/// The first `n` of each label in order of the SHA-1 of their ids, and the rest.
pub fn split(records: &[Record], n: usize) -> (Vec<&Record>, Vec<&Record>) {
    let mut labels: BTreeMap<&str, Vec<(String, &Record)>> = BTreeMap::new();
    for record in records {
        labels.entry(&record.label).or_default().push((sha1(&record.id), record));
    }
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for of_label in labels.values_mut() {
        of_label.sort_by(|one, other| one.0.cmp(&other.0));
        let at = n.min(of_label.len());
        first.extend(of_label[..at].iter().map(|(_, record)| *record));
        rest.extend(of_label[at..].iter().map(|(_, record)| *record));
    }
    (first, rest)
}

/// SHA-1 in hexadecimal: the protocol's order, nothing to rely on.
fn sha1(text: &str) -> String {
    let mut state: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    let mut message = text.as_bytes().to_vec();
    let bits = (message.len() as u64) * 8;
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend(bits.to_be_bytes());
    for block in message.chunks_exact(64) {
        let mut words: Vec<u32> =
            block.chunks_exact(4).map(|word| u32::from_be_bytes([word[0], word[1], word[2], word[3]])).collect();
        for index in 16..80 {
            let word = words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16];
            words.push(word.rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (index, word) in words.iter().enumerate() {
            let (mix, constant) = match index {
                0..20 => ((b & c) | (!b & d), 0x5A82_7999),
                20..40 => (b ^ c ^ d, 0x6ED9_EBA1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6_u32),
            };
            let next =
                a.rotate_left(5).wrapping_add(mix).wrapping_add(e).wrapping_add(constant).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, part) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(part);
        }
    }
    state.iter().map(|word| format!("{word:08x}")).collect()
}
