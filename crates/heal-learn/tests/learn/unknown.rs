use heal_learn::{complaint, groups};
use heal_model::Trigger;
use insta::assert_snapshot;

use crate::support::incident;

#[test]
fn the_most_frequent_come_first() {
    let seen = |id: &str, message: &str| incident(id, message, (1, 1, 0), "x\n", "x\n");
    let incidents = [
        seen("a", "cannot open 'a.txt'"),
        seen("b", "\u{1b}[31mtimeout after 30 s\u{1b}[0m"),
        seen("c", "cannot open 'b.txt'"),
        seen("d", "cannot find it"),
    ];
    let told: String = groups(&incidents, &|diagnostic| diagnostic.message.contains("find"))
        .iter()
        .map(|group| {
            let Trigger::Diagnostic(trigger) = &group.trigger else { return String::new() };
            let message = trigger.message.as_ref().map_or("", |message| &message.source);
            format!(
                "{} {} {:?}\n  {message}\n  {}\n",
                group.count, group.title, group.incidents, group.rule_title
            )
        })
        .collect();
    assert_snapshot!(told, @r#"
    2 cannot open <name> ["a", "c"]
      ^cannot open '(?<open>[^'\n]+)'$
      cannot open '{{open}}'
    1 timeout after <number> s ["b"]
      ^\[31mtimeout after 30 s\[0m$
      [31mtimeout after 30 s[0m
    "#);
}

#[track_caller]
fn check(output: &str, line: u64, expected: &str) {
    let found = complaint(output).map(|one| (one.span.first_line, one.span.last_line, one.message));
    assert_eq!(found, Some((line, line, expected.to_owned())));
}

#[test]
fn what_no_tool_is_known_for_is_told_by_a_line() {
    check("loading\nfrob: cannot open 'a'  \n\ndone in 3 s\n\n", 2, "frob: cannot open 'a'");
    check("Error: one\nERROR: two\nbye\n", 2, "ERROR: two");
    check("one\ntwo", 2, "two");
    assert_eq!(complaint(" \n\n"), None);
}

#[test]
fn a_line_becomes_a_trigger_for_lines() {
    let mut one = incident("a", "", (1, 1, 0), "x\n", "x\n");
    one.diagnostics = complaint("frob: cannot open 'a.txt'\n").into_iter().collect();
    let mut other = one.clone();
    other.diagnostics[0].message = "frob: cannot open 'b.txt'".to_owned();
    let groups = groups(&[one, other], &|_| false);
    let Trigger::Output(output) = &groups[0].trigger else { panic!("{:?}", groups[0].trigger) };
    let lines: Vec<&str> = output.lines.iter().map(|line| line.pattern.source.as_str()).collect();
    assert_eq!((groups.len(), lines), (1, vec!["^frob: cannot open '(?<open>[^'\\n]+)'$"]));
}
