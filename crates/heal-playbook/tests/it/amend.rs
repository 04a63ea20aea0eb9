//! A lesson into a playbook's text.

use std::collections::BTreeMap;

use heal_model::{
    Action, Anchor, AnchorEnd, CaptureType, DiagnosticTrigger, Engine, Evidence, Expectation, Lesson, Level,
    Occurrences, Pattern, PatternKind, PatternTemplate, Place, Provenance, Rule, RuleId, RuleTest, Safety,
    Severity, Step, TestInput, TextEdit, Trigger,
};
use heal_playbook::amend;

/// What a run of learning comes to: a renamed method of a library.
pub(crate) fn lesson() -> Lesson {
    let pattern = |source: &str| Pattern {
        source: source.to_owned(),
        kind: PatternKind::Regex,
        unicode: false,
        engine: Engine::Linear,
    };
    let edit = TextEdit {
        files: vec!["{{file}}".into()],
        search: PatternTemplate { source: r"\.{{old}}\(".into(), kind: PatternKind::Regex },
        replace: ".{{snake old}}(".into(),
        occurrences: Occurrences::First,
        at: Some(Anchor {
            line: "{{line}}".into(),
            column: Some("{{column}}".into()),
            within: 1,
            to: Some(AnchorEnd { line: "{{end_line}}".into(), column: "{{end_column}}".into() }),
        }),
    };
    let step = Step {
        action: Action::Edit(edit),
        bind: None,
        when: None,
        retry: None,
        timeout: None,
        place: Place::default(),
    };
    let rule = Rule {
        id: RuleId::new("learned", "renamed-method"),
        title: "`{{old}}` is gone".into(),
        category: Some("attribute".to_owned()),
        severity: Severity::Medium,
        safety: Safety::Manual,
        explain: None,
        links: Vec::new(),
        also: Vec::new(),
        captures: BTreeMap::from([("old".to_owned(), CaptureType::Ident)]),
        trigger: Trigger::Diagnostic(DiagnosticTrigger {
            tool: Some("python".to_owned()),
            level: Some(Level::Error),
            message: Some(pattern(r"^'Api' object has no attribute '(?<old>\w+)'$")),
            not: Some(Box::new(DiagnosticTrigger {
                code: Some(pattern("^E")),
                ..DiagnosticTrigger::default()
            })),
            ..DiagnosticTrigger::default()
        }),
        steps: vec![step],
        verify: None,
        retry: None,
        timeout: None,
        tests: vec![test("app.py:3: error: 'Api' object has no attribute 'getAll'\n")],
        learned: Some(Provenance {
            incidents: vec!["0a1b".to_owned(), "2c3d".to_owned()],
            since: Some("2026-01-02T03:04:05Z".to_owned()),
            signature: Some("sig-v1".to_owned()),
        }),
        place: Place::default(),
    };
    Lesson { rule, evidence: Evidence::default(), gates: Vec::new() }
}

fn test(output: &str) -> RuleTest {
    let file = |text: &str| BTreeMap::from([("app.py".to_owned(), text.to_owned())]);
    RuleTest {
        name: None,
        input: TestInput {
            output: Some(output.to_owned()),
            files: file("import api\n\napi.getAll()\n"),
            ..TestInput::default()
        },
        expect: Expectation {
            files: BTreeMap::from([("app.py".to_owned(), Some("import api\n\napi.get_all()\n".to_owned()))]),
            ..Expectation::default()
        },
        place: Place::default(),
    }
}

/// The rule as it is written, its `-` at the line's start.
const WRITTEN: &str = r"- id: renamed-method
  title: '`{{old}}` is gone'
  category: attribute
  safety: manual
  captures:
    old: ident
  trigger:
    diagnostic:
      tool: python
      level: error
      message: '^''Api'' object has no attribute ''(?<old>\w+)''$'
      not:
        code: '^E'
  steps:
    - edit:
        files: '{{file}}'
        regex: '\.{{old}}\('
        replace: '.{{snake old}}('
        occurrences: first
        at:
          line: '{{line}}'
          column: '{{column}}'
          within: 1
          to:
            line: '{{end_line}}'
            column: '{{end_column}}'
  tests:
    - output: |
        app.py:3: error: 'Api' object has no attribute 'getAll'
      files:
        app.py: |
          import api

          api.getAll()
      expect:
        files:
          app.py: |
            import api

            api.get_all()
  learned:
    incidents:
      - '0a1b'
      - '2c3d'
    since: '2026-01-02T03:04:05Z'
    signature: sig-v1
";

/// Checks what becomes of a text: `{rule}` in what is expected stands for the rule's lines, indented by `indent`.
#[track_caller]
fn check(text: &str, indent: usize, expected: &str) {
    let lines = WRITTEN.lines().map(|line| {
        if line.is_empty() { "\n".to_owned() } else { format!("{}{line}\n", " ".repeat(indent)) }
    });
    let expected = expected.replace("{rule}", &lines.collect::<String>());
    let expected = if text.contains('\r') { expected.replace('\n', "\r\n") } else { expected };
    match amend(text, &lesson()) {
        Ok(amended) => assert_eq!(amended, expected),
        Err(error) => panic!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string)),
    }
}

#[track_caller]
fn check_refused(text: &str, lesson: &Lesson, expected: &str) {
    assert_eq!(amend(text, lesson).map_err(|error| error.to_string()), Err(expected.to_owned()));
}

#[test]
fn a_playbook_is_begun() {
    check("", 2, "heal: 1\nname: learned\nrules:\n{rule}");
    check("# What heal learned.\n\n", 2, "# What heal learned.\n\nheal: 1\nname: learned\nrules:\n{rule}");
    check("# no line end", 2, "# no line end\nheal: 1\nname: learned\nrules:\n{rule}");
}

#[test]
fn a_rule_goes_after_the_last() {
    let one = "{id: a, title: b, trigger: {env: C}}";
    let head = "heal: 1\nname: p\n";
    check(&format!("{head}rules:\n- {one}\n"), 0, &format!("{head}rules:\n- {one}\n{{rule}}"));
    check(&format!("{head}rules:\n   -  {one}"), 3, &format!("{head}rules:\n   -  {one}\n{{rule}}"));
    check(
        &format!(
            "{head}rules: # all\n  - {one} # last\n\n# files\nfiles:\n  - {{path: a, tier: optional}}\n"
        ),
        2,
        &format!(
            "{head}rules: # all\n  - {one} # last\n{{rule}}\n# files\nfiles:\n  - {{path: a, tier: optional}}\n"
        ),
    );
    check(head, 2, &format!("{head}rules:\n{{rule}}"));
    check("heal: 1\r\nname: p", 2, "heal: 1\nname: p\nrules:\n{rule}");
}

#[test]
fn block_scalars_at_the_end_keep_their_blank_lines() {
    let text =
        "heal: 1\nname: p\nrules:\n- id: a\n  title: b\n  trigger: {env: C}\n  explain: |+\n    text\n\n\n";
    check(text, 0, &format!("{text}{{rule}}"));
    let text =
        "heal: 1\nname: p\nrules:\n-\n  id: a\n  title: b\n  trigger: {env: C}\n  explain: |\n    text\n";
    check(text, 0, &format!("{text}{{rule}}"));
}

#[test]
fn what_takes_no_rule() {
    let name = "heal: 1\nname: p\n";
    check_refused(
        "{heal: 1, name: p}",
        &lesson(),
        "line 1: the playbook is one `{…}`: write each key in a line of its own",
    );
    check_refused(
        &format!("{name}rules: [{{id: a, title: b, trigger: {{env: C}}}}]\n"),
        &lesson(),
        "line 3: `rules` is one `[…]`: write each rule after a `-` of its own",
    );
    check_refused("heal: 1\n", &lesson(), "the playbook can't be used as it is");
    check_refused(&format!("{name}...\n"), &lesson(), "with the rule, the playbook would not load");
    let once = amend(name, &lesson()).expect("it takes a rule");
    check_refused(
        &once,
        &lesson(),
        "the playbook has a rule `p/renamed-method` already: accept the lesson under another name",
    );
}

#[test]
fn what_is_no_lesson() {
    let mut run = lesson();
    run.rule.steps[0].action = Action::Delete(heal_model::Delete { path: "../x".into() });
    check_refused("", &run, "with the rule, the playbook would not load");
    let mut policy = lesson();
    policy.rule.retry = Some(heal_model::Retry::default());
    check_refused("", &policy, "a learned rule can't have a policy of its own");
    let mut state = lesson();
    state.rule.trigger = Trigger::All(Vec::new());
    check_refused("", &state, "a learned rule can't have a trigger other than `output` and `diagnostic`");
}

/// Texts that are easily read as something else.
const HARD: [&str; 48] = [
    "",
    " ",
    "a ",
    " a",
    "\n",
    "a\n",
    "\na",
    "a\n\n",
    "a\n\n\n",
    "a\nb",
    " a\nb",
    "a \nb",
    "a\n b\n",
    "a\n\tb\n",
    "\ta",
    "a\r\nb\r\n",
    "a\rb",
    "\r",
    "- a",
    "-",
    "? a",
    ": a",
    "a: b",
    "a:",
    "a #b",
    "#a",
    "'",
    "''",
    "\"",
    "it's \"so\"",
    "\\",
    "\\n",
    "C:\\new",
    "{a}",
    "[a]",
    "*a",
    "&a",
    "!a",
    "|",
    ">-",
    "%a",
    "@a",
    "`a`",
    "null",
    "~",
    "no",
    "1.0",
    "a\u{2028}b\u{feff}\u{1b}[0m é 😀",
];

#[test]
fn hard_texts_survive() {
    for text in HARD {
        let mut hard = lesson();
        hard.rule.tests[0].input.output = Some(text.to_owned());
        hard.rule.tests[0].input.files.insert("b".to_owned(), format!("{text}{text}"));
        hard.rule.tests[0].input.env.insert(format!("k{text}"), text.to_owned());
        let amended = amend("", &hard);
        assert!(amended.is_ok(), "{text:?}: {amended:?}");
    }
}
