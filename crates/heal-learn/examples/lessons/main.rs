//! Measures the learner on recorded failures: `lessons FOLDER [FILE N]`.
//!
//! Within a label the first N incidents by the SHA-1 of their ids are learned from, all labels together and without
//! telling which is which; the rest are tried. With a file's name and an N it tells of each lesson and each incident.
//! `seeds COUNT FIRST` adds up other orders, and `again COUNT FIRST` shows what is not mended when it is seen again.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads its data and prints")]

mod data;
mod noise;
mod orders;
mod reading;
mod score;
mod sha1;
mod show;

use std::collections::BTreeMap;

use data::Record;
use score::{Score, learn, score};

pub(crate) const HEAD: &str =
    "            N novel covered exact precision gated precision repeats   known rules    time/incident";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = arguments.first() else {
        println!("lessons FOLDER [FILE N | seeds COUNT FIRST | again COUNT FIRST]: a folder of .jsonl files");
        return;
    };
    let files = files(folder);
    match arguments.get(1).map(String::as_str) {
        Some("seeds") => return orders::scores(&files, orders::numbers(&arguments[2..])),
        Some("again") => return orders::missed(&files, orders::numbers(&arguments[2..])),
        _ => {}
    }
    if let (Some(name), Some(n)) = (arguments.get(1), arguments.get(2).and_then(|n| n.parse().ok())) {
        let (train, test) = data::split(
            files.get(name).expect("one of the folder's files"),
            n,
            arguments.get(3).map_or("", String::as_str),
        );
        show::all(&train, &test);
        return;
    }
    println!("{HEAD}");
    let mut totals: BTreeMap<usize, Score> = BTreeMap::new();
    for (name, records) in &files {
        for n in [1, 2, 3, 5] {
            let (train, test) = data::split(records, n, "");
            let score = score(&train, &test, &mut |_| {});
            println!("{name:11} {n} {}", score.line());
            totals.entry(n).or_default().add(&score);
        }
    }
    for (n, total) in &totals {
        println!("{:11} {n} {}", "all", total.line());
    }
    for (name, change) in VARIATIONS {
        println!("\n{name}\n{HEAD}");
        for n in [2, 5] {
            let mut total = Score::default();
            for records in files.values() {
                let (train, test) = data::split(records, n, "");
                let (train, test) = change(train, test, records);
                total.add(&score(&train, &test, &mut |_| {}));
            }
            println!("{:11} {n} {}", "all", total.line());
        }
    }
    println!();
    for (name, records) in &files {
        println!("{}", invariants(name, records));
    }
}

type Change = fn(Vec<Record>, Vec<Record>, &[Record]) -> (Vec<Record>, Vec<Record>);

const VARIATIONS: [(&str, Change); 6] = [
    ("20 % of what is learned from ended by a wrong edit", |train, test, _| (noise::poisoned(train), test)),
    ("30 % came with an unrelated change", |train, test, _| (noise::mixed(train), test)),
    ("10 % passed without a change", |train, test, _| (noise::flaky(train).0, test)),
    ("names in what is tried are others", |train, test, all| (train, noise::renamed(test, all))),
    ("files with CRLF are tried", |train, test, _| (train, noise::returns(test))),
    ("output in colour", |train, test, _| (noise::coloured(train), noise::coloured(test))),
];

/// What must hold of the lessons of one file, and whether it does.
fn invariants(name: &str, records: &[Record]) -> String {
    let (train, _) = data::split(records, 5, "");
    let mut backwards = train.clone();
    backwards.reverse();
    let mut shuffled = train.clone();
    shuffled.sort_by_key(|record| sha1::sha1(&format!("seed{}", record.id)));
    let (lessons, _) = learn(&train);
    let same = lessons == learn(&backwards).0 && lessons == learn(&shuffled).0;
    let (flaky, ids) = noise::flaky(train);
    let taught = learn(&flaky)
        .0
        .iter()
        .flat_map(|lesson| lesson.evidence.incidents.clone())
        .filter(|id| ids.contains(id))
        .count();
    let word = |holds: bool| if holds { "yes" } else { "NO" };
    format!(
        "{name:11} the same lessons in any order: {}; of {} passes without a change, learned from: {taught}",
        word(same),
        ids.len(),
    )
}

fn files(folder: &str) -> BTreeMap<String, Vec<Record>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            files.insert(name, data::load(&std::fs::read_to_string(&path).expect("a readable file")));
        }
    }
    files
}
