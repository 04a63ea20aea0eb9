//! The same in other orders: how much of a figure is the luck of which incidents came first.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::HEAD;
use crate::data::{Record, split};
use crate::score::{Kind, Score, learn, score};
use crate::show::{miss, show};

/// The numbers of orders that `COUNT [FIRST]` asks for; the first is 1 where none is told.
pub(crate) fn numbers(arguments: &[String]) -> Range<usize> {
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(1);
    let (count, first): (usize, usize) = (number(0), number(1));
    first..first + count
}

/// Prints the table of several orders added up.
pub(crate) fn scores(files: &BTreeMap<String, Vec<Record>>, orders: Range<usize>) {
    println!("orders {orders:?}\n{HEAD}");
    let mut totals: BTreeMap<usize, Score> = BTreeMap::new();
    for (name, records) in files {
        for n in [2, 3, 5] {
            let mut sum = Score::default();
            for order in orders.clone() {
                let (train, test) = split(records, n, &seed(order));
                sum.add(&score(&train, &test, &mut |_| {}));
            }
            println!("{name:11} {n} {}", sum.line());
            totals.entry(n).or_default().add(&sum);
        }
    }
    for (n, total) in &totals {
        println!("{:11} {n} {}", "all", total.line());
    }
}

/// Prints each incident that had been seen and is not mended when it is seen again, and the lessons that were drawn
/// from the same message.
pub(crate) fn missed(files: &BTreeMap<String, Vec<Record>>, orders: Range<usize>) {
    for order in orders {
        for (name, records) in files {
            for n in [2, 3, 5] {
                let (train, test) = split(records, n, &seed(order));
                let lessons = learn(&train).0;
                score(&train, &test, &mut |tried| {
                    if tried.kind == Kind::Novel {
                        return;
                    }
                    println!("\n{name} {n}, order {order}");
                    miss(tried);
                    let essence = tried.record.essence();
                    let of_it =
                        |id: &String| train.iter().any(|one| one.id == *id && one.essence() == essence);
                    lessons.iter().filter(|one| one.evidence.incidents.iter().any(of_it)).for_each(show);
                });
            }
        }
    }
}

/// What an order's ids are hashed with: nothing for number 0, the order of the main table.
fn seed(order: usize) -> String {
    if order == 0 { String::new() } else { order.to_string() }
}
