//! What real records suffer from: each makes of records others that have been through it.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::Record;
use crate::sha1::sha1;

/// A share of records, chosen by the hash of their ids and a word, so that the choice is the same each time.
fn chosen(record: &Record, word: &str, percent: u32) -> bool {
    let hash = u32::from_str_radix(&sha1(&format!("{word}{}", record.id))[..6], 16).unwrap_or(0);
    hash % 100 < percent
}

/// A fifth ended by an edit that has nothing to do with the failure's cause: the line is gone, doubled, or another.
pub(crate) fn poisoned(mut records: Vec<Record>) -> Vec<Record> {
    for record in records.iter_mut().filter(|record| chosen(record, "poison", 20)) {
        let mut lines: Vec<String> = record.before.split_inclusive('\n').map(str::to_owned).collect();
        let at = (record.line as usize - 1).min(lines.len() - 1);
        match sha1(&record.id).as_bytes()[0] % 3 {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            _ => lines[at] = format!("pass_{}\n", &record.id[..4]),
        }
        record.after = lines.concat();
    }
    records
}

/// A third came with a change of something else: in another file, and far away in the same where that is long enough.
pub(crate) fn mixed(mut records: Vec<Record>) -> Vec<Record> {
    for record in records.iter_mut().filter(|record| chosen(record, "mixed", 30)) {
        record.beside = Some(("notes.txt".to_owned(), "one\n".to_owned(), "one\ntwo\n".to_owned()));
        let lines = record.before.lines().count();
        if record.line as usize + 12 < lines {
            record.after.push_str("an unrelated last line\n");
        } else if record.line > 12 {
            record.after.insert_str(0, "an unrelated first line\n");
        }
    }
    records
}

/// A tenth passed without a change.
pub(crate) fn flaky(mut records: Vec<Record>) -> (Vec<Record>, BTreeSet<String>) {
    let mut ids = BTreeSet::new();
    for record in records.iter_mut().filter(|record| chosen(record, "flaky", 10)) {
        record.after = record.before.clone();
        ids.insert(record.id.clone());
    }
    (records, ids)
}

/// Files with `\r\n`.
pub(crate) fn returns(mut records: Vec<Record>) -> Vec<Record> {
    for record in &mut records {
        record.before = record.before.replace('\n', "\r\n");
        record.after = record.after.replace('\n', "\r\n");
    }
    records
}

/// Output in colour.
pub(crate) fn coloured(mut records: Vec<Record>) -> Vec<Record> {
    for record in &mut records {
        let colour = |line: &str| format!("\u{1b}[1m\u{1b}[38;5;9m{line}\u{1b}[0m\n");
        record.output = record.output.lines().map(colour).collect();
        record.msg = format!("\u{1b}[1m{}\u{1b}[0m", record.msg);
    }
    records
}

/// Each name that only one label's records hold becomes another of the same length.
pub(crate) fn renamed(records: Vec<Record>, all: &[Record]) -> Vec<Record> {
    let mut labels: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for record in all {
        for word in names(&record.before) {
            labels.entry(word).or_default().insert(&record.label);
        }
    }
    let own = |word: &str| labels.get(word).is_some_and(|labels| labels.len() == 1);
    let rename = |record: Record| {
        let copied: BTreeSet<&str> = names(&record.before).filter(|word| own(word)).collect();
        let said: BTreeSet<&str> = names(&record.msg).collect();
        let quoted: BTreeSet<&str> =
            record.msg.split(['`', '\'', '"']).skip(1).step_by(2).flat_map(names).collect();
        let after: BTreeSet<&str> = names(&record.after).collect();
        let words: BTreeSet<&str> = copied
            .into_iter()
            .filter(|word| after.contains(word) && (!said.contains(word) || quoted.contains(word)))
            .collect();
        let with = |text: &str| replaced(text, &words);
        Record {
            msg: with(&record.msg),
            output: with(&record.output),
            before: with(&record.before),
            after: with(&record.after),
            ..record.clone()
        }
    };
    records.into_iter().map(rename).collect()
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| word.len() > 3 && word.chars().all(|c| c.is_ascii_lowercase()))
}

fn replaced(text: &str, words: &BTreeSet<&str>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let word = &rest[..len];
        if words.contains(word) {
            out.extend(word.chars().map(|c| if c == 'z' { 'a' } else { char::from(c as u8 + 1) }));
        } else {
            out.push_str(word);
        }
        let gap = rest[len..].find(|c: char| c.is_alphanumeric() || c == '_').unwrap_or(rest.len() - len);
        out.push_str(&rest[len..len + gap]);
        rest = &rest[len + gap..];
    }
    out
}
