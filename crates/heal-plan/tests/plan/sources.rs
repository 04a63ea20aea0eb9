use std::collections::BTreeMap;

use heal_model::{Action, Bytes, Content, Create, Fold, FoldHow, MemoryWorld, RelPath, Source, SourceKind};

use crate::support::{finding, planned, playbook, rule};

/// What events come to in a file that is made of them, and what is told of it.
#[track_caller]
fn check(fold: Option<FoldHow>, events: impl AsRef<[u8]>, expected: &str) {
    let fold = fold.map(|how| Fold { by: "$.id".to_owned(), how });
    let kind = SourceKind::Nodes { select: "$[*]".to_owned(), fold };
    let content = Content::Inline("{{json events}}".into());
    let create = Create { path: "state.json".into(), content, executable: false };
    let mut playbook = playbook(vec![rule("r", vec![Action::Create(create)])]);
    playbook.sources = BTreeMap::from([("events".to_owned(), Source { file: "e.jsonl".into(), kind })]);
    let mut world = MemoryWorld::default();
    world.files.insert(RelPath::new("e.jsonl").expect("a plain path"), Bytes::from(events.as_ref().to_vec()));
    let plan = planned(&playbook, &[finding("specs/r", &[])], &world);
    let made = plan.edits.iter().filter_map(|edit| edit.content.after.as_ref()?.text().map(str::to_owned));
    let warnings = plan.fixes.iter().flat_map(|fix| fix.warnings.clone());
    let refused = plan.refusals.iter().map(|refusal| refusal.reason.clone());
    assert_eq!(made.chain(warnings).chain(refused).collect::<Vec<_>>().join("\n"), expected);
}

const EVENTS: &str = r#"{"id": 1, "a": 1}
{"id": 2, "a": 2}
{"note": "no id"}

{"id": 1, "b": 3}
"#;

#[test]
fn events_are_folded_by_what_they_agree_in() {
    check(None, EVENTS, r#"[{"id":1,"a":1},{"id":2,"a":2},{"note":"no id"},{"id":1,"b":3}]"#);
    check(Some(FoldHow::Latest), EVENTS, r#"[{"id":1,"b":3},{"id":2,"a":2}]"#);
    check(Some(FoldHow::Merged), EVENTS, r#"[{"id":1,"a":1,"b":3},{"id":2,"a":2}]"#);
    check(Some(FoldHow::Latest), "", "[]");
}

#[test]
fn a_record_that_was_cut_off_does_not_count_and_is_told_of() {
    let torn = format!("{EVENTS}{{\"id\": 2, \"a");
    check(
        Some(FoldHow::Latest),
        torn,
        "[{\"id\":1,\"b\":3},{\"id\":2,\"a\":2}]\nthe last record of e.jsonl, in line 6, is cut off and does not count",
    );
    check(
        Some(FoldHow::Latest),
        format!("{{\"id\": 2, \"a\n{EVENTS}"),
        "the source `events` can't be read from e.jsonl: line 1: EOF while parsing a string",
    );
}

#[test]
fn one_that_was_cut_off_within_a_character_neither() {
    let torn = [b"{\"id\": 1}\n{\"id\": \"Br".as_slice(), &[0xC3]].concat();
    check(None, torn, "[{\"id\":1}]\nthe last record of e.jsonl, in line 2, is cut off and does not count");
}
