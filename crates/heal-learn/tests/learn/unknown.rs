use heal_learn::groups;
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
            let heal_model::Trigger::Diagnostic(trigger) = &group.trigger else { return String::new() };
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
