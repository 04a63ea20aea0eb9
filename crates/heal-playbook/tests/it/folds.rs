use crate::check;

#[test]
fn folds() {
    let source = |keys: &str| format!("heal: 1\nname: t\nsources: {{a: {{file: a.jsonl, {keys}}}}}\n");
    check(&source("select: '$[*]', latest: $.id"), &[]);
    check(
        &source("select: '$[*]', latest: a b"),
        &[
            "3:54 heal::jsonpath ‹a b› this is not a JSONPath → write a path such as `$.tasks[*].status` (RFC 9535)",
        ],
    );
    check(
        &source("text: true, merged: $.id"),
        &["3:50 heal::fold ‹$.id› `merged` needs `select` → add `select: \"$[*]\"` for all records"],
    );
    check(
        &source("select: '$[*]', latest: $.id, merged: $.id"),
        &["3:68 heal::fold ‹$.id› `latest` and `merged` can't both be → take one of them out"],
    );
}
