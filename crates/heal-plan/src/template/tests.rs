use heal_model::{Template, Time};
use proptest::prelude::{ProptestConfig, proptest};
use serde_json::{Value, json};

use super::{Escape, Prepared};

fn filled(source: &str, escape: Escape, data: &Value) -> String {
    let now = Time(1_700_000_000_123);
    let prepared = Prepared::new(&Template(source.to_owned()), escape, now);
    prepared.and_then(|prepared| prepared.fill(data)).unwrap_or_else(|refused| refused.reason)
}

#[track_caller]
fn check(source: &str, data: &Value, expected: &str) {
    assert_eq!(filled(source, Escape::Plain, data), expected);
}

#[track_caller]
fn refuses(source: &str, data: &Value, why: &str) {
    let reason = filled(source, Escape::Plain, data);
    assert_eq!(reason.rsplit_once("can't be filled in: ").map(|(_, why)| why), Some(why), "{reason}");
}

#[test]
fn values_are_data() {
    check("{{x}}", &json!({"x": "{{7*7}} <&> \"'"}), "{{7*7}} <&> \"'");
    check("no templates", &json!({}), "no templates");
    check("{{a.b}}", &json!({"a": {"b": 1}}), "1");
    refuses("{{x}} {{y}}", &json!({"x": 1}), "`y` is not known here");
    refuses("{{upper y}}", &json!({"x": 1}), "`y` is not known here");
}

#[track_caller]
fn unmarked(line: &str, marks: &str, expected: &str) {
    check("{{unmarked l m}}", &json!({"l": line, "m": marks}), expected);
}

#[test]
fn lines_as_they_were_before_what_is_marked() {
    unmarked("    f(&a, b.clone());é", "      +    ++++++++", "    f(a, b);é");
    unmarked("spawn(move || x)", "      ++++", "spawn(|| x)");
    unmarked("let mut a = Some(f(b)) ;", "    +++     +++++   +", "let a = f(b) ;");
    unmarked("let a = b as u64;", "          ++++++", "let a = b;");
    unmarked("fn f<T: Copy + Clone>() {}", "             +++++++", "fn f<T: Copy>() {}");
    unmarked("    &a", "    +", "    a");
    unmarked("a", "   +++", "a");
    unmarked("a", "", "a");
}

#[test]
fn a_name_alone_is_a_value_though_a_helper_has_it_too() {
    let data = json!({"count": 3, "upper": "a", "list": [1, 2], "x": true});
    check("{{count}} of {{count list}}, {{upper}} {{upper upper}}", &data, "3 of 2, a A");
    check("{{#if x}}{{count}}{{/if}}", &data, "3");
    refuses("{{max}}", &data, "`max` is not known here");
}

#[test]
fn values_are_escaped_for_their_target() {
    let data = json!({"x": "a.b\"\n[c]"});
    assert_eq!(filled("^{{x}}", Escape::Regex, &data), "^a\\.b\"\n\\[c\\]");
    assert_eq!(filled("{{x}}/*", Escape::Glob, &data), "a.b\"\n[[]c[]]/*");
    assert_eq!(filled("\"{{x}}\"", Escape::Quoted, &data), "\"a.b\\\"\\n[c]\"");
    assert_eq!(filled("{{json x}}", Escape::Quoted, &data), "\"a.b\\\"\\n[c]\"");
}

#[test]
fn helpers_of_lists_and_numbers() {
    let data = json!({"l": [{"n": "7"}, {"n": "40"}, {"n": "9"}], "none": [], "s": "12"});
    check("{{count l}} {{count none}}", &data, "3 0");
    check("{{max l \"n\"}} {{max none \"n\"}}", &data, "40 0");
    check("{{add (max l \"n\") 1}} {{add s 0.5}}", &data, "41 12.5");
    refuses("{{add s \"x\"}}", &data, "`add` needs a number, not \"x\"");
    refuses("{{count s}}", &data, "`count` needs one list");
    refuses("{{max l \"m\"}}", &data, "`max` needs `m` in each, and {\"n\":\"7\"} has none");
}

#[test]
fn helpers_of_texts() {
    let data = json!({"x": "HTTPServer_errorCode 2"});
    check("{{lower x}}|{{upper x}}", &data, "httpserver_errorcode 2|HTTPSERVER_ERRORCODE 2");
    check(
        "{{snake x}}|{{kebab x}}|{{camel x}}",
        &data,
        "http_server_error_code_2|http-server-error-code-2|HttpServerErrorCode2",
    );
    check("{{default x \"y\"}}{{default z \"y\"}}{{default e \"y\"}}", &json!({"x": "x", "e": ""}), "xyy");
    check("{{#if (default z \"\")}}a{{else}}b{{/if}}", &json!({}), "b");
    check("{{default (lookup t k) \"none\"}}", &json!({"t": {"a": "b"}, "k": "yaml"}), "none");
    refuses("{{lookup t k}}", &json!({"t": {}, "k": "yaml"}), "a value it looks up is not there");
    check("{{nearest \"cachee\" l}}", &json!({"l": "'cache', capfd,\n caplog"}), "cache");
    check("{{lookup t k}}", &json!({"t": {"yaml": "PyYAML"}, "k": "yaml"}), "PyYAML");
    check("{{now}} {{now \"%Y-%m\"}}", &json!({}), "2023-11-14T22:13:20Z 2023-11");
    check("{{nearest \"lenght\" l}}", &json!({"l": ["width", "length", "lengthy"]}), "length");
    check("{{nearest \"lenght\" l \"name\"}}", &json!({"l": [{"name": "x"}, {"name": "length"}]}), "length");
    check("{{default (nearest \"lenght\" l) \"none\"}}", &json!({"l": ["width"]}), "none");
    refuses(
        "{{nearest \"add_shpo\" l}}",
        &json!({"l": "add_test"}),
        "`nearest` finds nothing like `add_shpo`",
    );
    refuses("{{nearest \"lenght\" l}}", &json!({"l": ["width"]}), "`nearest` finds nothing like `lenght`");
}

#[test]
fn modules_of_paths() {
    for (path, module) in [
        ("src/core/a.py", "core.a"),
        ("pkg/__init__.py", "pkg"),
        ("a.b/c.py", "c"),
        ("examples/moved-symbol/core/b.py", "core.b"),
        ("tools/src/core/a.py", "core.a"),
        ("crates/x/src/a/mod.rs", "crate::a"),
        ("src/lib.rs", "crate"),
        ("src/a/b.rs", "crate::a::b"),
    ] {
        check("{{module-of-path p}}", &json!({"p": path}), module);
    }
}

#[test]
fn bombs_are_refused() {
    refuses(&format!("{{{{x}}}}{}", "y".repeat(65 * 1024)), &json!({"x": 1}), "it is longer than 64 KiB");
    refuses(&"{{#if x}}".repeat(5_000), &json!({}), "it nests deeper than 16");
    refuses(&format!("{{{{add {}", "(".repeat(5_000)), &json!({}), "it nests deeper than 16");
    refuses(
        "{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}",
        &json!({}),
        "partials and decorators are not part of the language",
    );
    refuses("{{{x}}}", &json!({"x": 1}), "write `{{…}}`, not `{{{…}}}`");
    let list = json!({"l": vec![json!({"l": vec![0; 400]}); 400]});
    refuses("{{#each l}}{{#each l}}{{/each}}{{/each}}", &list, "it enters more than 100000 blocks");
    let long = json!({"l": vec!["x".repeat(1_000); 1_100]});
    refuses("{{#each l}}{{this}}{{/each}}", &long, "it comes to more than 1 MiB");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn no_template_panics(source in "[{}#/^&>*~!.@ a-c\"'()|\\[\\]=\\\\\n]{0,40}", value in "[{}a\"\\\\]{0,6}") {
        filled(&source, Escape::Quoted, &json!({"a": value, "b": [1, {"c": 2}], "c": null}));
    }
}
