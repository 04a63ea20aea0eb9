//! Of several changes those that a failure was ended by.

use std::convert::Infallible;

use heal_learn::{changes, ended_by, fewest};
use heal_model::Incident;

use crate::support::incident;

fn after(incident: &Incident) -> &str {
    let ending = incident.ending.as_ref().expect("it ended");
    ending.changes[0].after.as_ref().and_then(|after| after.text()).expect("a text")
}

#[test]
fn some_changes_of_a_file() {
    let whole = incident("a", "no", (1, 1, 0), "a\r\nb\r\nc\r\nd\r\n", "A\r\nb\r\nC\r\nd\r\ne\r\n");
    let all = changes(&whole);
    assert_eq!(all.len(), 3);
    let some = [&all[..0], &all[1..2], &[all[0].clone(), all[2].clone()], &all];
    let found: Vec<Incident> = some.iter().map(|kept| ended_by(&whole, kept)).collect();
    let found: Vec<&str> = found.iter().map(after).collect();
    assert_eq!(
        found,
        ["a\r\nb\r\nc\r\nd\r\n", "a\r\nb\r\nC\r\nd\r\n", "A\r\nb\r\nc\r\nd\r\ne\r\n", after(&whole)]
    );
}

#[test]
fn line_ends_that_change_too_are_one_change() {
    let whole = incident("a", "no", (1, 1, 0), "a\r\nb\r\n", "A\nb\n");
    let all = changes(&whole);
    assert_eq!(all.len(), 1);
    assert_eq!(ended_by(&whole, &all), whole);
}

#[track_caller]
fn check(needed: &[u32], most: usize, expected: &[u32]) {
    let mut tries = 0;
    let found = fewest((0..9).collect(), most, &mut |kept: &[u32]| {
        tries += 1;
        Ok::<_, Infallible>(needed.iter().all(|one| kept.contains(one)))
    });
    assert_eq!(found, Ok(expected.to_vec()));
    assert!(tries <= most, "{tries} tries");
}

#[test]
fn what_is_not_needed_is_left_out() {
    check(&[4], 24, &[4]);
    check(&[0, 8], 24, &[0, 8]);
    check(&[1, 2, 3, 5, 8], 24, &[1, 2, 3, 5, 8]);
    check(&[4], 2, &[0, 1, 2, 3, 4]);
    check(&[], 0, &[0, 1, 2, 3, 4, 5, 6, 7, 8]);
}
