//! Tells of each lesson, and of each incident that no rule mended.

use std::collections::BTreeMap;

use heal_model::{Action, Lesson, Trigger};

use crate::data::Record;
use crate::score::{Kind, Tried, learn, score};

/// Prints lessons, misses, wrong edits and a count for each label.
pub(crate) fn all(train: &[Record], test: &[Record]) {
    for lesson in learn(train).0.iter().filter(|lesson| lesson.evidence.distinct > 1) {
        show(lesson);
    }
    let mut labels: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    let mut applied: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let total = score(train, test, &mut |tried| {
        let record = tried.record;
        if tried.kind == Kind::Known {
            return miss(tried);
        }
        let exact = tried.found.as_ref().is_some_and(|(_, found)| *found == record.after);
        let counts = labels.entry(record.label.replace('\n', " ")).or_default();
        if let Some((lesson, _)) = &tried.found {
            let counts = applied.entry(lesson.rule.id.to_string()).or_default();
            *counts = (counts.0 + 1, counts.1 + usize::from(exact));
        }
        *counts =
            (counts.0 + 1, counts.1 + usize::from(tried.found.is_some()), counts.2 + usize::from(exact));
        if !exact {
            miss(tried);
        }
    });
    for (rule, (dared, exact)) in &applied {
        println!("{rule}: dared {dared} exact {exact}");
    }
    for (label, (novel, dared, exact)) in &labels {
        println!("{label}: novel {novel} dared {dared} exact {exact}");
    }
    println!("{}", total.line());
}

/// Prints what should have come of an incident, and what did.
pub(crate) fn miss(tried: &Tried<'_>) {
    let Tried { record, kind, found } = tried;
    let what = found.as_ref().map_or("MISS".to_owned(), |(lesson, _)| format!("WRONG {}", lesson.rule.id));
    let seen = match kind {
        Kind::Known => "KNOWN ",
        Kind::Again => "REPEAT ",
        Kind::Novel => "",
    };
    println!("{seen}{what} {} {:?} {}:{}", record.id, record.msg, record.line, record.column);
    diff("want", &record.before, &record.after);
    if let Some((_, found)) = found {
        diff("got ", &record.before, found);
    }
}

/// Prints a lesson.
pub(crate) fn show(lesson: &Lesson) {
    let failed: Vec<&str> =
        lesson.gates.iter().filter(|gate| !gate.passed).map(|gate| gate.name.as_str()).collect();
    let evidence = &lesson.evidence;
    println!("LESSON {} right {} wrong {} {failed:?}", lesson.rule.id, evidence.right, evidence.wrong);
    if let Trigger::Diagnostic(trigger) = &lesson.rule.trigger {
        println!("   {}", trigger.message.as_ref().map_or("", |message| &message.source));
    }
    for step in &lesson.rule.steps {
        match &step.action {
            Action::Edit(edit) => println!("   {}  =>  {}", edit.search.source, edit.replace),
            other => println!("   {other:?}"),
        }
    }
}

fn diff(what: &str, before: &str, after: &str) {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let pairs = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = pairs.take_while(|(old, new)| old == new).count();
    println!(
        "   {what} {:?} -> {:?}",
        old[head..old.len() - tail].join("\n"),
        new[head..new.len() - tail].join("\n")
    );
}
