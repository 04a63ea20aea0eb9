//! Measures the learner on recorded failures.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads its data and prints")]

mod data;
mod reading;

use std::collections::{BTreeMap, BTreeSet};

use data::Record;
use heal_learn::{Policy, Trial, distil};

fn main() {
    let mut args = std::env::args().skip(1);
    let dir = args.next().expect("a folder");
    let only = args.next();
    let detail: Option<usize> = args.next().and_then(|n| n.parse().ok());
    for name in ["ruff", "clippy", "rubocop", "tracer"] {
        if only.as_ref().is_some_and(|only| only != name && only != "all") {
            continue;
        }
        let records = data::load(&std::fs::read_to_string(format!("{dir}/{name}.jsonl")).expect("readable"));
        for n in [1, 2, 3, 5] {
            if detail.is_some_and(|detail| detail != n) {
                continue;
            }
            run(name, &records, n, detail.is_some());
        }
    }
}

fn run(name: &str, records: &[Record], n: usize, detail: bool) {
    let (train, test) = data::split(records, n);
    let incidents: Vec<_> = train.iter().map(|record| record.incident()).collect();
    let start = std::time::Instant::now();
    let lessons = distil(&incidents, &[], &[], &Policy::default());
    let took = start.elapsed();
    if detail {
        for (i, lesson) in lessons.iter().enumerate() {
            println!("LESSON {i} {:?} {}", lesson.gates[0], lesson.evidence.incidents.len());
            show(&lesson.rule);
        }
    }
    let seen: BTreeSet<_> = train.iter().map(|record| record.essence()).collect();
    let trials: Vec<_> = lessons.iter().map(|lesson| Trial::new(&lesson.rule)).collect();
    let (mut novel, mut dared, mut right) = (0, 0, 0);
    let mut by: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    let mut bylesson: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for record in &test {
        if seen.contains(&record.essence()) {
            continue;
        }
        novel += 1;
        let incident = record.incident();
        let found = trials
            .iter()
            .enumerate()
            .find_map(|(i, trial)| Some((i, trial.as_ref()?.mend(&incident.diagnostics[0], record.before.as_bytes())?)));
        let entry = by.entry(record.label.clone()).or_default();
        entry.0 += 1;
        if let Some((i, found)) = found {
            dared += 1;
            entry.1 += 1;
            let ok = found == record.after;
            let slot = bylesson.entry(lessons[i].gates[0].name.clone()).or_default();
            slot.0 += 1;
            slot.1 += usize::from(ok);
            right += usize::from(ok);
            entry.2 += usize::from(ok);
            if detail && !ok {
                println!("WRONG lesson {i} {} {:?} {}:{}", record.label, record.msg, record.line, record.column);
                diff("want", &record.before, &record.after);
                diff("got ", &record.before, &found);
            }
        } else if detail {
            println!("MISS {} {:?} {}:{}", record.label, record.msg, record.line, record.column);
            diff("want", &record.before, &record.after);
        }
    }
    if detail {
        for (label, (n, d, r)) in &by {
            println!("{label:?}: novel {n} dared {d} right {r}");
        }
        println!("{bylesson:?}");
    }
    println!(
        "{name} N={n} lessons {} novel {novel} coverage {:.1} exact {:.1} precision {:.1} time {:?}",
        lessons.len(),
        100.0 * dared as f64 / novel as f64,
        100.0 * right as f64 / novel as f64,
        100.0 * right as f64 / (dared as f64).max(1.0),
        took,
    );
}

fn diff(what: &str, before: &str, after: &str) {
    let (b, a): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = b.iter().zip(&a).take_while(|(x, y)| x == y).count();
    let tail = b[head..].iter().rev().zip(a[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    println!("   {what} {:?} -> {:?}", b[head..b.len() - tail].join("\n"), a[head..a.len() - tail].join("\n"));
}

fn show(rule: &heal_model::Rule) {
    if let heal_model::Trigger::Diagnostic(t) = &rule.trigger {
        println!("   {:?} {}", t.code.as_ref().map(|p| &p.source), t.message.as_ref().map_or("", |p| &p.source));
    }
    for step in &rule.steps {
        match &step.action {
            heal_model::Action::Edit(e) => println!("   {}  =>  {}   {:?}", e.search.source, e.replace, e.at.as_ref().map(|a| (&a.line.0, a.column.is_some(), a.to.is_some()))),
            other => println!("   {other:?}"),
        }
    }
}
