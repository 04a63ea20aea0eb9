use heal_model::{
    Action, Applicability, Diagnostic, Document, Finding, Level, Line, LineChange, LinePosition, MemoryWorld,
    Part, Plan, Playbook, Remove, Replacement, Set, Suggestion, Suggestions, World,
};
use heal_plan::{preview, select, unified};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select as any_of;
use serde_json::{Value, json};

use crate::support::{create, edit, finding, planned, playbook, regex, replace, rule};

/// Small texts over few words, so that rules meet.
fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(any_of(vec!["old ", "new ", "é", "x", "\n", "\r\n", "\t"]), 0..12)
        .prop_map(|words| words.concat())
}

fn action() -> impl Strategy<Value = Action> {
    let line = |change| Action::Line(Line { file: "a.txt".into(), change });
    let present = LineChange::Present { line: "x {{word}}".into(), position: LinePosition::End };
    prop_oneof![
        Just(replace("*.txt", "old", "other")),
        Just(replace("a.txt", "{{word}}", "<>")),
        Just(Action::Edit(edit("*.txt", regex("(?<all>new )+$"), "[end]"))),
        Just(create("made.txt", "{{word}}\n")),
        Just(line(present)),
        Just(line(LineChange::Absent(regex("^x$")))),
        Just(Action::Guide("see {{word}}".into())),
    ]
}

fn rules() -> impl Strategy<Value = Playbook> {
    let actions = proptest::collection::vec(action(), 1..3);
    proptest::collection::vec(actions, 1..4).prop_map(|rules| {
        let named = rules.into_iter().enumerate().map(|(index, actions)| rule(&format!("r{index}"), actions));
        playbook(named.collect())
    })
}

fn plan_all(playbook: &Playbook, world: &dyn World) -> Plan {
    let findings: Vec<_> =
        playbook.rules.iter().map(|rule| finding(rule.id.as_str(), &[("word", "new")])).collect();
    planned(playbook, &findings, world)
}

fn apply(world: &mut MemoryWorld, plan: &Plan) {
    for edit in &plan.edits {
        assert_eq!(world.files.get(&edit.path), edit.content.before.as_ref(), "the plan is of this world");
        match &edit.content.after {
            Some(content) => world.files.insert(edit.path.clone(), content.clone()),
            None => world.files.remove(&edit.path),
        };
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_plan_is_made_of_its_parts(playbook in rules(), a in text(), b in text()) {
        let world = MemoryWorld::with_files([("a.txt", a.as_str()), ("b.txt", b.as_str())]);
        let plan = plan_all(&playbook, &world);
        prop_assert_eq!(&select(&plan, &|_| true, &|_| true), &plan);
        prop_assert_eq!(&plan_all(&playbook, &world), &plan, "the same again");
        for edit in &plan.edits {
            prop_assert!(!edit.parts.is_empty());
            prop_assert!(edit.content.before != edit.content.after);
        }
        let none = select(&plan, &|_| false, &|_| true);
        prop_assert_eq!(none.edits.len(), 0);
    }

    #[test]
    fn every_part_has_its_hunk(playbook in rules(), a in text(), b in text()) {
        let world = MemoryWorld::with_files([("a.txt", a.as_str()), ("b.txt", b.as_str())]);
        let plan = plan_all(&playbook, &world);
        let shown = preview(&plan);
        prop_assert_eq!(shown.files.len(), plan.edits.len());
        for (file, edit) in shown.files.iter().zip(&plan.edits) {
            let mut parts: Vec<_> = file.hunks.iter().flat_map(|hunk| hunk.parts.clone()).collect();
            let mut asked = edit.parts.clone();
            parts.sort();
            asked.sort();
            prop_assert_eq!(parts, asked);
            prop_assert_eq!(applied(&edit.content.before.clone().unwrap_or_default(), file), edit.content.after.clone().unwrap_or_default().to_vec());
        }
        prop_assert_eq!(unified(&shown).matches("diff --git ").count(), plan.edits.len());
    }

    #[test]
    fn what_settles_in_one_go_stays_settled(word in "[a-c]{1,2}", lines in text()) {
        let present = LineChange::Present { line: "x {{word}}".into(), position: LinePosition::End };
        let steps = vec![
            create("made.txt", "{{word}}\n"),
            Action::Line(Line { file: "a.txt".into(), change: present }),
            Action::Line(Line { file: "a.txt".into(), change: LineChange::Absent(regex("^old ")) }),
            Action::Set(Set { at: document("s.json", "a.{{word}}[+]"), value: json!("{{word}}") }),
            Action::Remove(Remove { at: document("s.json", "gone") }),
        ];
        let playbook = playbook(vec![rule("settle", steps)]);
        let mut world = MemoryWorld::with_files([("a.txt", lines.as_str()), ("s.json", "{\"gone\": 1}\n")]);
        let found = [finding("specs/settle", &[("word", word.as_str())])];
        let plan = planned(&playbook, &found, &world);
        prop_assert_eq!(&plan.refusals, &[]);
        apply(&mut world, &plan);
        let again = planned(&playbook, &found, &world);
        prop_assert_eq!((again.edits, again.fixes, again.refusals), (Vec::new(), Vec::new(), Vec::new()));
    }

    #[test]
    fn splices_go_from_the_first_to_the_last_change_of_a_line(before in text()) {
        let playbook = playbook(vec![rule("one", vec![replace("a.txt", "old", "other")])]);
        let world = MemoryWorld::with_files([("a.txt", before.as_str())]);
        for part in planned(&playbook, &[finding("specs/one", &[])], &world).fixes.iter().flat_map(|fix| &fix.parts) {
            let is_meant = |range: &std::ops::Range<usize>| {
                let around = &before[range.start.saturating_sub(1)..range.end];
                around.starts_with("old") && around.ends_with("old") && !around.contains('\n')
            };
            let fits = matches!(part, Part::Splice { range, .. } if is_meant(range));
            prop_assert!(fits);
        }
    }
}

fn document(file: &str, key: &str) -> Document {
    Document { file: file.into(), key: key.into() }
}

/// Applies a preview's hunks as `patch` does.
fn applied(before: &[u8], file: &heal_model::FilePreview) -> Vec<u8> {
    use heal_model::LineTag;
    let old: Vec<&[u8]> = before.split_inclusive(|&byte| byte == b'\n').collect();
    let (mut after, mut at) = (Vec::new(), 0);
    for hunk in &file.hunks {
        let start = if hunk.old_lines == 0 { hunk.old_start } else { hunk.old_start - 1 } as usize;
        after.extend(old[at..start].concat());
        let shown = |tags: [LineTag; 2]| -> Vec<u8> {
            let lines = hunk.lines.iter().filter(|line| tags.contains(&line.tag));
            let text = |line: &heal_model::DiffLine| {
                let pieces: String = line.pieces.iter().map(|piece| piece.text.as_str()).collect();
                pieces + if line.no_newline { "" } else { "\n" }
            };
            lines.map(text).collect::<String>().into_bytes()
        };
        let end = start + hunk.old_lines as usize;
        assert_eq!(shown([LineTag::Context, LineTag::Removed]), old[start..end].concat(), "what is there");
        after.extend(shown([LineTag::Context, LineTag::Added]));
        at = end;
    }
    after.extend(old[at..].concat());
    after
}

/// A document in each format that says the same, with a comment wherever one may stand.
fn written(format: &str, members: &[(String, Value)]) -> String {
    let entry = |index: usize, (name, value): &(String, Value)| match format {
        "json" => format!("  \"{name}\": {value}{}\n", if index + 1 < members.len() { "," } else { "" }),
        "jsonc" => format!("  // above {name}\n  \"{name}\": {value}, // behind {name}\n"),
        "yaml" => format!("# above {name}\n{name}: {value} # behind {name}\n"),
        _ => format!("# above {name}\n{name} = {} # behind {name}\n", toml(value)),
    };
    let body: String = members.iter().enumerate().map(|(index, member)| entry(index, member)).collect();
    if format.starts_with("json") { format!("{{\n{body}}}\n") } else { body }
}

fn toml(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{name} = {}", toml(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        scalar => scalar.to_string(),
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any_of(vec![json!(true), json!(0), json!(-7), json!(1.5)]),
        "[ -~]{0,8}".prop_filter("not a template", |text| !text.contains("{{")).prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-e]", inner, 1..3).prop_map(|members| json!(members)),
        ]
    })
}

fn read(format: &str, text: &str) -> Value {
    let without_comments = |text: &str| -> String {
        let line = |line: &str| line.split(" // ").next().unwrap_or_default().to_owned();
        text.lines().filter(|line| !line.trim_start().starts_with("//")).map(line).collect()
    };
    match format {
        "json" => serde_json::from_str(text).expect("JSON"),
        "jsonc" => {
            let text = without_comments(text);
            let end = text.rfind('}').map_or(0, |end| text[..end].trim_end().trim_end_matches(',').len());
            serde_json::from_str(&format!("{}}}", &text[..end])).expect("JSON")
        }
        "yaml" => serde_yaml::from_str(text).expect("YAML"),
        _ => toml_edit::de::from_str(text).expect("TOML"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_set_is_read_and_comments_stay(
        format in any_of(vec!["json", "jsonc", "yaml", "toml"]),
        members in proptest::collection::btree_map("[a-d]", value(), 0..4),
        key in "[a-f]",
        new in value(),
    ) {
        let members: Vec<(String, Value)> = members.into_iter().collect();
        let before = written(format, &members);
        let file = format!("f.{format}");
        let set = Action::Set(Set { at: document(&file, &key), value: new.clone() });
        let playbook = playbook(vec![rule("set", vec![set])]);
        let world = MemoryWorld::with_files([(file.as_str(), before.as_str())]);
        let plan = planned(&playbook, &[finding("specs/set", &[])], &world);
        prop_assert_eq!(&plan.refusals, &[], "{}", before);
        let after = plan.edits.first().map_or(before.clone(), |edit| {
            edit.content.after.as_ref().and_then(|after| after.text()).expect("text").to_owned()
        });
        let mut meant: serde_json::Map<String, Value> = members.into_iter().collect();
        meant.insert(key.clone(), new);
        prop_assert_eq!(read(format, &after), Value::Object(meant), "{}", after);
        for comment in before.lines().filter(|line| line.contains(" above ")) {
            prop_assert!(after.lines().any(|line| line == comment), "{} lost {}", after, comment);
        }
        for behind in before.lines().filter_map(|line| line.split_once(" behind ")).map(|(_, name)| name) {
            prop_assert!(after.contains(&format!(" behind {behind}")), "{} lost behind {}", after, behind);
        }
    }
}

/// Text that looks like a document, or nearly.
fn nearly() -> impl Strategy<Value = String> {
    let words = vec![
        "a", "b:", " ", "  ", "\n", "- ", "{", "}", "[", "]", ",", "\"x\"", ": ", "= 1", "#c", "//c\n",
        "&x ", "*x", "|\n", "é", "[t]\n", "1", "---\n", "'", "\r\n", "? ", "!!str ",
    ];
    proptest::collection::vec(any_of(words), 0..16).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn no_document_makes_planning_panic(
        format in any_of(vec!["json", "jsonc", "yaml", "toml"]),
        text in nearly(),
        key in "(a|b|/a/0|a\\[0\\]|a\\[\\+\\]|\\[0\\]|t\\.a)",
        new in value(),
    ) {
        let file = format!("f.{format}");
        let actions = vec![
            Action::Set(Set { at: document(&file, &key), value: new }),
            Action::Remove(Remove { at: document(&file, &key) }),
        ];
        for action in actions {
            let playbook = playbook(vec![rule("any", vec![action])]);
            let world = MemoryWorld::with_files([(file.as_str(), text.as_str())]);
            let plan = planned(&playbook, &[finding("specs/any", &[])], &world);
            prop_assert!(plan.fixes.len() + plan.refusals.len() <= 1);
        }
    }

    #[test]
    fn no_diff_makes_planning_panic(
        diff in "(--- a/f\n\\+\\+\\+ b/f\n)?(@@ -[0-9]{1,2}(,[0-9])? \\+[0-9](,[0-9])? @@\n|[ +-][ab]?\n|\\\\ No\n|\n){0,8}",
        text in "[ab\n]{0,8}",
    ) {
        let patch = heal_model::Patch { diff: Some("{{diff}}".into()), strip: 0 };
        let playbook = playbook(vec![rule("any", vec![Action::Patch(patch)])]);
        let world = MemoryWorld::with_files([("f", text.as_str())]);
        let plan = planned(&playbook, &[finding("specs/any", &[("diff", diff.as_str())])], &world);
        prop_assert!(plan.fixes.len() + plan.refusals.len() <= 1);
    }

    #[test]
    fn no_suggestion_makes_planning_panic(
        line in 0..4_u32, column in 0..5_u32, end_line in 0..4_u32, end_column in 0..5_u32, bytes in 0..9_u64,
        text in "[aé\r\n]{0,8}",
    ) {
        let bytes = (bytes < 8).then_some((bytes, bytes + 1));
        let replacement =
            Replacement { file: "f".to_owned(), line, column, end_line, end_column, bytes, text: "x".to_owned(), seen: Vec::new() };
        let applicability = Applicability::MachineApplicable;
        let suggestion = Suggestion { message: String::new(), applicability, replacements: vec![replacement] };
        let diagnostic = Diagnostic { suggestions: vec![suggestion], ..Diagnostic::new("t", Level::Error, "m") };
        let found = Finding { diagnostic: Some(diagnostic), ..finding("specs/any", &[]) };
        let playbook = playbook(vec![rule("any", vec![Action::Suggestions(Suggestions { applicability })])]);
        let plan = planned(&playbook, &[found], &MemoryWorld::with_files([("f", text.as_str())]));
        prop_assert!(plan.fixes.len() + plan.refusals.len() <= 1);
    }
}
