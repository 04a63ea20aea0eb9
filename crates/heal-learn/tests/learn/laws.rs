use heal_learn::{Policy, Trial, distil, groups, refused, signature};
use heal_model::Incident;
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

use crate::support::incident;

/// Text of the kind that programs are made of, well formed or not.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[a-c]{1,3}",
        2 => "[ \t]{1,2}",
        3 => r#"[()\[\]{}"'`,;.=+\\$^*|#-]"#,
        1 => Just("\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("{{a}}".to_owned()),
        1 => "[0-9]{1,3}",
        1 => Just("é\u{1f600}".to_owned()),
    ];
    vec(part, 0..14).prop_map(|parts| parts.concat())
}

fn message() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("expected ';' after expression".to_owned()),
        "[a-c]{1,2}".prop_map(|name| format!("use of undeclared name `{name}`")),
        ("[a-c]{1,2}", text()).prop_map(|(name, text)| format!("replace '{name}' by `{text}` here")),
        text(),
    ]
}

/// An edit of a text: the same in most incidents, so that there is something to learn.
fn edited(before: &str, kind: u8, other: &str) -> String {
    match kind % 6 {
        0 => before.replacen('(', "", 1),
        1 => before.replace("a", "b"),
        2 => format!("{before};"),
        3 => before.lines().skip(1).map(|line| format!("{line}\n")).collect(),
        4 => before.replacen(' ', ";", 1),
        _ => other.to_owned(),
    }
}

/// A message, its place, a text, how that was edited, and with what.
type Drawn = (String, (u32, u32, u32), String, u8, String);

fn incidents() -> impl Strategy<Value = Vec<Incident>> {
    let one = (message(), (0_u32..5, 0_u32..12, 0_u32..14), text(), 0_u8..12, text());
    vec(one, 0..6).prop_map(|all| {
        let one = |(index, (message, place, before, kind, other)): (usize, Drawn)| {
            incident(&format!("i{index}"), &message, place, &before, &edited(&before, kind, &other))
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_rule_mends_its_own_incidents_and_order_does_not_count(incidents in incidents()) {
        let lessons = distil(&incidents, &[], &[], &Policy::default());
        for lesson in &lessons {
            prop_assert!(lesson.gates.iter().any(|gate| gate.name == "reproduces" && gate.passed));
            let trial = Trial::new(&lesson.rule).expect("a learned rule is of the learned kind");
            for id in &lesson.evidence.incidents {
                let own = incidents.iter().find(|incident| incident.id == *id).expect("one of them");
                prop_assert!(trial.mends(own));
            }
        }
        let mut backwards = incidents.clone();
        backwards.reverse();
        prop_assert_eq!(&lessons, &distil(&backwards, &[], &[], &Policy::default()));
        let _ = refused(&incidents, &lessons);
    }

    #[test]
    fn nothing_panics_on_any_text(message in "\\PC{0,60}", before in "(?s).{0,80}", after in "(?s).{0,80}", place in (0_u32..9, 0_u32..90, 0_u32..99)) {
        let incidents = [
            incident("a", &message, place, &before, &after),
            incident("b", &message, place, &after, &before),
        ];
        let lessons = distil(&incidents, &[], std::slice::from_ref(&message), &Policy::default());
        let _ = refused(&incidents, &lessons);
        let _ = signature(&incidents[0].diagnostics[0]);
        let _ = groups(&incidents, &|_| false);
    }
}
