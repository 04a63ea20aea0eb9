use heal_model::Bytes;
use serde_json::{Value, json};

use super::Format::{self, Json, Jsonc, Toml, Yaml};
use super::{Change, Key, edited};

/// What a document becomes; `=` where nothing has to change.
fn outcome(format: Format, text: &str, key: &str, change: &Change) -> String {
    let key = Key::parse(key).expect("a key");
    match edited(format, &Bytes::from(text), &key, change) {
        Ok(Some(after)) => after.text().expect("text").to_owned(),
        Ok(None) => "=".to_owned(),
        Err(reason) => format!("error: {reason}"),
    }
}

#[track_caller]
fn set(format: Format, text: &str, key: &str, value: Value, expected: &str) {
    let after = outcome(format, text, key, &Change::Set(value.clone()));
    assert_eq!(after, expected);
    if !after.starts_with(['=', 'e']) {
        assert_eq!(outcome(format, &after, key, &Change::Set(value)), "=", "a second time");
    }
}

#[track_caller]
fn remove(format: Format, text: &str, key: &str, expected: &str) {
    assert_eq!(outcome(format, text, key, &Change::Remove), expected);
}

#[test]
fn json_keeps_its_layout() {
    set(Json, "{\"a\": 1}", "b", json!(2), "{\"a\": 1, \"b\": 2}");
    set(Json, "{\"a\": 1}", "a", json!(1), "=");
    set(Json, "{}", "a", json!("x"), "{\n  \"a\": \"x\"\n}");
    set(
        Json,
        "{\n    \"a\": {\n        \"x\": 1\n    }\n}\n",
        "a.y",
        json!({"k": [true, null]}),
        "{\n    \"a\": {\n        \"x\": 1,\n        \"y\": {\n            \"k\": [\n                true,\n                null\n            ]\n        }\n    }\n}\n",
    );
    set(Json, "{\n  \"a\": [1, 2]\n}\n", "a[+]", json!(3), "{\n  \"a\": [1, 2, 3]\n}\n");
    set(Json, "{\n  \"a\": [1, 2]\n}\n", "/a/0", json!(3), "{\n  \"a\": [3, 2]\n}\n");
    set(Json, "{\n  \"a\": [1, 2]\n}\n", "a[+]", json!(2), "=");
    set(Json, "{\"a\": 1}", "a.b", json!(2), "error: there is 1, which holds nothing else");
    set(Json, "{\"a\": [1]}", "a[4]", json!(2), "error: the list has 1 items and no item 4");
}

#[test]
fn json_loses_what_is_removed_and_its_comma() {
    remove(Json, "{\n  \"a\": [1, 2], \"b\": 3\n}", "a[0]", "{\n  \"a\": [2], \"b\": 3\n}");
    remove(Json, "{\"a\": 1, \"b\": 2}", "b", "{\"a\": 1}");
    remove(Json, "{\n  \"a\": 1,\n  \"b\": 3\n}", "b", "{\n  \"a\": 1\n}");
    remove(Json, "{\n  \"a\": 1,\n  \"b\": 3\n}", "a", "{\n  \"b\": 3\n}");
    remove(Json, "{\n  \"a\": 1\n}", "a", "{}");
    remove(Json, "{\n  \"a\": 1\n}", "b.c", "=");
}

#[test]
fn json_with_comments_keeps_them() {
    set(Json, "{\"a\": 1} // end\n", "a", json!(2), "{\"a\": 2} // end\n");
    let text = "{\n  // head\n  \"a\": 1, // one\n  \"b\": 2 // two\n  // tail\n}\n";
    let set_text = "{\n  // head\n  \"a\": 1, // one\n  \"b\": 2, // two\n  \"c\": true\n  // tail\n}\n";
    set(Jsonc, text, "c", json!(true), set_text);
    remove(Jsonc, text, "b", "{\n  // head\n  \"a\": 1 // one\n  // tail\n}\n");
    let trailing = "{\n  \"a\": 1, /* one */ // more\n}\n";
    set(Jsonc, trailing, "b", json!(2), "{\n  \"a\": 1, /* one */ // more\n  \"b\": 2,\n}\n");
}

const YAML: &str = "\
# head
a: 1 # one
b:
  - x
  - k: v
    l: |
      text

  # tail
c:
d: {p: 1, q: [1, 2]}
'e f': 'é'
";

#[track_caller]
fn yaml(key: &str, value: Option<Value>, old: &str, new: &str) {
    assert_eq!(YAML.matches(old).count(), 1, "{old}");
    let change = value.map_or(Change::Remove, Change::Set);
    assert_eq!(outcome(Yaml, YAML, key, &change), YAML.replace(old, new));
}

#[test]
fn yaml_keeps_all_other_bytes() {
    yaml("a", Some(json!("two")), "a: 1 #", "a: two #");
    yaml("b[0]", Some(json!("3.8")), "- x", "- \"3.8\"");
    yaml("b[+]", Some(json!("z")), "      text\n", "      text\n  - z\n");
    yaml("b[1].l", Some(json!("new")), "l: |\n      text", "l: new");
    yaml(
        "b[1].m",
        Some(json!([1, {"z": 1}])),
        "      text\n",
        "      text\n    m:\n      - 1\n      - z: 1\n",
    );
    yaml("c", Some(json!({"m": {"o": "p"}})), "c:\n", "c:\n  m:\n    o: p\n");
    yaml("c.k", Some(json!(1)), "c:\n", "c:\n  k: 1\n");
    yaml("d.r", Some(json!("s: t")), "[1, 2]}", "[1, 2], r: \"s: t\"}");
    yaml("d.q[+]", Some(json!(3)), "[1, 2]", "[1, 2, 3]");
    yaml("\"e f\"", Some(json!("it's")), "'é'", "'it''s'");
    yaml("f.g", Some(json!("h")), "'é'\n", "'é'\nf:\n  g: h\n");
}

#[test]
fn yaml_loses_what_is_removed() {
    yaml("a", None, "a: 1 # one\n", "");
    yaml("b[0]", None, "  - x\n", "");
    yaml("b[1]", None, "  - k: v\n    l: |\n      text\n", "");
    yaml("b[1].k", None, "k: v\n    l: |", "l: |");
    yaml("c", None, "c:\n", "");
    yaml("d.p", None, "{p: 1, q", "{q");
    yaml("d.q[1]", None, "[1, 2]", "[1]");
    remove(Yaml, "a:\n  - 1\n", "a[0]", "a: []\n");
}

#[test]
fn yaml_of_other_styles() {
    set(Yaml, "", "a.b", json!(1), "a:\n  b: 1\n");
    set(Yaml, "# only a comment\n", "a", json!(1), "# only a comment\na: 1\n");
    set(Yaml, "a:\n- 1\n", "b", json!([3]), "a:\n- 1\nb:\n- 3\n");
    set(Yaml, "a:\r\n  b: 1\r\n", "a.c", json!(2), "a:\r\n  b: 1\r\n  c: 2\r\n");
    set(Yaml, "x: &a 1\ny: *a\n", "y", json!(2), "x: &a 1\ny: 2\n");
    set(Yaml, "a:\n  - &é x\n", "a[+]", json!("y"), "error: its dash stands elsewhere");
    set(Yaml, "- |\n  x\n", "[+]", json!("y"), "- |\n  x\n- \"y\"\n");
    let by_reference = "error: what leads there is written by reference";
    set(Yaml, "{a: &x {k: 1}, b: *x}\n", "b.z", json!(2), by_reference);
    let unsafe_style = "error: it is written in a style that can't be edited safely; change it by hand";
    set(Yaml, "x: &a 1\ny: *a\n", "x", json!(2), unsafe_style);
    set(Yaml, "a: 1\n---\nb: 2\n", "a", json!(2), "error: it holds several documents");
}

const TOML: &str = "\
# head
[package]
name = \"x\" # the name

[dependencies]
serde = \"1\"
# tail

[tool.pytest]
markers = [
    \"a\", # one
    \"b\", # two
]
flat = [1, 2]
";

#[track_caller]
fn toml(key: &str, value: Option<Value>, old: &str, new: &str) {
    assert_eq!(TOML.matches(old).count(), 1, "{old}");
    let change = value.map_or(Change::Remove, Change::Set);
    assert_eq!(outcome(Toml, TOML, key, &change), TOML.replace(old, new));
}

#[test]
fn toml_keeps_comments_and_sections() {
    toml("package.name", Some(json!("y")), "\"x\" #", "\"y\" #");
    toml("package.edition", Some(json!("2024")), "the name\n", "the name\nedition = \"2024\"\n");
    toml(
        "dependencies.toml",
        Some(json!({"version": "1", "features": ["a"]})),
        "serde = \"1\"\n",
        "serde = \"1\"\ntoml = { version = \"1\", features = [\"a\"] }\n",
    );
    toml("tool.pytest.markers[+]", Some(json!("c")), "# two\n", "# two\n    \"c\",\n");
    toml("tool.pytest.flat[+]", Some(json!(3)), "[1, 2]", "[1, 2, 3]");
    toml("tool.ruff", Some(json!({"line-length": 100})), "2]\n", "2]\n\n[tool.ruff]\nline-length = 100\n");
    toml("bin[+]", Some(json!({"name": "b"})), "2]\n", "2]\n\n[[bin]]\nname = \"b\"\n");
    toml("package.name", None, "name = \"x\" # the name\n", "");
    toml("tool.pytest.markers[0]", None, "    \"a\", # one\n", "");
    toml("tool.pytest.markers[1]", None, "    \"b\", # two\n", "");
    set(
        Toml,
        "a = [\n  1, # one\n  2 # two\n]\n",
        "a[+]",
        json!(3),
        "a = [\n  1, # one\n  2, # two\n  3\n]\n",
    );
    set(Toml, "a = 1\n", "b", json!(null), "error: TOML can't say `null`");
}
