//! What holds of values: of the environment, of templates, of what a document binds.

use heal_model::{DocumentTrigger, EnvTrigger, Template, Trigger, ValueTrigger};

use crate::state::{DAY, check, document};
use crate::support::regex;

#[test]
fn values() {
    let env = |name: &str, set, matches| Trigger::Env(EnvTrigger { name: name.to_owned(), set, matches });
    check(env("MODE", true, None), "name=\"MODE\" value=\"fast-3\"");
    check(env("MODE", true, Some(regex("-(?<n>\\d)"))), "n=\"3\" name=\"MODE\" value=\"fast-3\"");
    check(env("MODE", false, None), "");
    check(env("NONE", false, None), "name=\"NONE\"");
    let value = |is: &str, equals: Option<&str>, matches| {
        Trigger::Value(ValueTrigger { equals: equals.map(Template::from), matches, ..value_of(is) })
    };
    check(value("x{{name}}", Some("xa"), None), "r");
    check(value("x{{name}}", Some("xb"), None), "");
    check(value("x{{name}}", None, Some(regex("^x(?<y>.)"))), "y=\"a\"");
}

#[test]
fn a_node_gives_captures_from_inside() {
    let bind = [("id", "$.id"), ("at", "$.at"), ("none", "$.none")];
    let bind = bind.map(|(name, path)| (name.to_owned(), path.to_owned()));
    let tasks = DocumentTrigger { bind: bind.into(), ..document("var/locks.json", "$.locks[*]") };
    let old = ValueTrigger { older_than: Some(DAY * 5), ..value_of("{{at}}") };
    let both = |old| Trigger::All(vec![Trigger::Document(tasks.clone()), Trigger::Value(old)]);
    let found = "at=\"1970-01-01\" file=\"var/locks.json\" id=\"1\" node=\"{\\\"at\\\":\\\"1970-01-01\\\",\\\"id\\\":1}\" pointer=\"/locks/0\" at var/locks.json";
    check(both(old), found);
    check(both(ValueTrigger { older_than: Some(DAY * 9), ..value_of("{{at}}") }), "");
    check(both(ValueTrigger { more_than: Some(0.0), less_than: Some(2.0), ..value_of("{{id}}") }), found);
    check(both(ValueTrigger { more_than: Some(1.0), ..value_of("{{id}}") }), "");
    check(both(ValueTrigger { older_than: Some(DAY), ..value_of("soon") }), "? `soon` is not a time");
}

/// A value of which nothing is asked.
pub(crate) fn value_of(text: &str) -> ValueTrigger {
    ValueTrigger {
        value: Template::from(text),
        equals: None,
        matches: None,
        older_than: None,
        more_than: None,
        less_than: None,
    }
}
