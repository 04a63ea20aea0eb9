//! What holds of any lesson in any playbook.

use heal_model::Lesson;
use heal_playbook::amend;
use proptest::prelude::{
    ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use proptest::sample::select;

use crate::amend::lesson;

fn texts() -> impl Strategy<Value = String> {
    let lines = select(vec![
        "", "a", " b", "c ", "\td", "# e", "- f", "g: h", "'", "\"", "\\", "---", "...", "{{", "é", "\r",
        "\u{7f}", "|",
    ]);
    prop_oneof![
        prop::collection::vec(lines, 0..6).prop_map(|lines| lines.join("\n")),
        "[ -~\\n\\t]{0,40}",
        any::<String>(),
    ]
}

fn lessons() -> impl Strategy<Value = Lesson> {
    (texts(), texts(), prop::option::of(texts()), "[a-z]{1,8}").prop_map(|(output, file, explain, id)| {
        let mut lesson = lesson();
        lesson.rule.id = heal_model::RuleId::new("learned", &id);
        lesson.rule.explain = explain;
        lesson.rule.tests[0].input.output = Some(output);
        lesson.rule.tests[0].expect.files.insert("b c.py".to_owned(), Some(file));
        lesson
    })
}

/// Playbooks in different hands' styles.
fn playbooks() -> impl Strategy<Value = String> {
    let head = select(vec!["", "# a\n", "---\n", "\u{feff}"]);
    let rule = select(vec![
        "- {id: ID, title: t, trigger: {env: A}}  # why\n",
        "-   id: ID\n    title: t\n    trigger:\n        env: A\n",
        "-\n  id: ID\n  title: >-\n    folded\n    text\n  trigger: {env: A}\n",
        "- id: ID\t# a\tb\n  #\tc\n  title: t  #\td\n\t# e\n  trigger: {env: A}\t#\n",
        "- title: 't'\n  id: ID\n  trigger: {env: A}\n  explain: |+\n    kept\n\n",
        "# of its own\n- \"id\": ID\n  \"title\": \"t\"\n  trigger: {env: A, }\n\n",
    ]);
    let rules = prop::collection::vec(rule, 0..4);
    let tail = select(vec![
        "",
        "\n\n",
        "# end",
        "\t# end\n",
        "#\tend\n\t\n",
        "files:\n- {path: a, tier: optional}\n",
        "\n# about\nvars: {a: 1}",
    ]);
    (head, rules, tail, 0..4_usize, any::<bool>()).prop_map(|(head, rules, tail, indent, crlf)| {
        let mut text = format!("{head}heal: 1\nname: p\n");
        if !rules.is_empty() {
            text.push_str("rules:\n");
        }
        for (index, rule) in rules.iter().enumerate() {
            for line in rule.replace("ID", &format!("r-{index}")).lines() {
                let line =
                    if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(indent)) };
                text.push_str(&line);
                text.push('\n');
            }
        }
        text.push_str(tail);
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

/// Playbooks whose rules stand in brackets, on a line or over several.
fn in_brackets() -> impl Strategy<Value = String> {
    let rules = prop::collection::vec(select(vec!["{id: ID, title: t, trigger: {env: A}}"]), 1..4);
    let gap = select(vec!["", " ", "\n  ", "  # why\n    ", "\t#\ta\n  "]);
    let tail = select(vec!["\n", "  # end\n", "\nvars: {a: 1}\n", ""]);
    (rules, gap, tail, any::<bool>()).prop_map(|(rules, gap, tail, ends_in_comma)| {
        let numbered = rules.iter().enumerate();
        let rules: Vec<String> = numbered
            .map(|(index, rule)| format!("{gap}{}", rule.replace("ID", &format!("r-{index}"))))
            .collect();
        let comma = if ends_in_comma && !rules.is_empty() { "," } else { "" };
        format!("heal: 1\nname: p\nrules: [{}{comma}{gap}]{tail}", rules.join(","))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a lesson says, it can be written, and reads the same.
    #[test]
    fn every_text_can_be_written(lesson in lessons()) {
        let amended = amend("", &lesson);
        prop_assert!(amended.is_ok(), "{:?}", amended);
    }

    /// In every style that is not flow style, the rule is added, what comes before it stays, and what comes after too.
    #[test]
    fn every_style_takes_a_rule(text in playbooks(), lesson in lessons()) {
        let amended = amend(&text, &lesson);
        prop_assert!(amended.is_ok(), "{:?}\n{}", amended, text);
        let amended = amended.expect("just seen");
        let shared = text.bytes().zip(amended.bytes()).take_while(|(old, new)| old == new).count();
        let (head, tail) = text.split_at(text.floor_char_boundary(shared));
        prop_assert!(amended.starts_with(head) && amended.ends_with(tail));
        let before = crate::load(text.as_bytes()).map(|loaded| loaded.playbook.rules.len());
        let after = crate::load(amended.as_bytes()).map(|loaded| loaded.playbook.rules.len());
        prop_assert_eq!(before.map(|count| count + 1), after);
    }

    /// Rules in brackets are left as they are, and it is said on which line they begin; none of them is lost or half written.
    #[test]
    fn brackets_are_refused(text in in_brackets(), lesson in lessons()) {
        prop_assert!(crate::load(text.as_bytes()).is_ok(), "{}", text);
        let told = amend(&text, &lesson).map_err(|error| error.to_string());
        let expected = "line 3: `rules` is one `[…]`: write each rule after a `-` of its own";
        prop_assert_eq!(told, Err(expected.to_owned()));
    }
}
