use std::collections::BTreeMap;

use serde_json::Value;

use crate::sha1::sha1;

/// One recorded failure and the file before and after it was mended.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) tool: String,
    pub(crate) label: String,
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) msg: String,
    pub(crate) output: String,
    pub(crate) before: String,
    pub(crate) after: String,
    /// Another file that was changed as well: its path, before and after.
    pub(crate) beside: Option<(String, String, String)>,
}

/// Reads a file with one JSON object a line.
pub(crate) fn load(text: &str) -> Vec<Record> {
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
        beside: None,
    }
}

impl Record {
    /// Message, old and new lines.
    pub(crate) fn essence(&self) -> (String, String, String) {
        let (before, after): (Vec<&str>, Vec<&str>) =
            (self.before.lines().collect(), self.after.lines().collect());
        let head = before.iter().zip(&after).take_while(|(x, y)| x == y).count();
        let tail =
            before[head..].iter().rev().zip(after[head..].iter().rev()).take_while(|(x, y)| x == y).count();
        (
            self.msg.clone(),
            before[head..before.len() - tail].join("\n"),
            after[head..after.len() - tail].join("\n"),
        )
    }
}

/// The first `n` of each label in order of the SHA-1 of their ids after a seed, and the rest.
pub(crate) fn split(records: &[Record], n: usize, seed: &str) -> (Vec<Record>, Vec<Record>) {
    let mut labels: BTreeMap<&str, Vec<(String, &Record)>> = BTreeMap::new();
    for record in records {
        labels.entry(&record.label).or_default().push((sha1(&format!("{seed}{}", record.id)), record));
    }
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for of_label in labels.values_mut() {
        of_label.sort_by(|one, other| one.0.cmp(&other.0));
        let at = n.min(of_label.len());
        first.extend(of_label[..at].iter().map(|(_, record)| (*record).clone()));
        rest.extend(of_label[at..].iter().map(|(_, record)| (*record).clone()));
    }
    (first, rest)
}
