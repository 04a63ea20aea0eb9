use heal_model::{
    Action, Breaker, Defaults, Find, Keep, Occurrences, PatternKind, PatternTemplate, Place, Retry, Safety,
    Severity, TextEdit, Tier, Timeout,
};
use heal_playbook::Loaded;
use serde_json::json;

const EXAMPLE: &str = r####"
# yaml-language-server: $schema=../schemas/playbook.schema.json
heal: 1                                  # version of the language
name: specs
summary: The planning files, and import errors left by the move to autonomy_matrix.

defaults:
  timeout: {first: 30s, retry: 60s}
  retry: {attempts: 3, backoff: {initial: 100ms, factor: 2}, breaker: {failures: 5, cooldown: 60s}}

sources:                                 # named values that templates and conditions may use
  todo: {file: specs/TODO.md, lines: '^### (?<number>\d+)\. (?<title>.+)$'}

files:
  - path: specs/state.json
    tier: create
    template: templates/state.json.hbs   # `{{count todo}}`, `{{add (max todo "number") 1}}`
    fallback: '{"_schema_version": "1.0.0", "tasks": []}'   # degraded mode, when the template itself is missing
    schema: schemas/state.schema.json    # what is there must also be valid; if not: restore
    keep: {checksum: true, backups: 10}
  - path: specs/TODO.md
    tier: require
    recover:
      - "Restore it from git: git checkout HEAD -- {{path}}"
      - "Or write a new one; the format is in docs/todo-format.md"
  - {path: local.yaml, tier: optional}

rules:
  - id: moved-symbol
    title: "{{symbol}} is no longer defined in {{module}}"
    category: import
    severity: high
    safety: safe
    trigger:
      output: "ImportError: cannot import name '(?<symbol>\\w+)' from '(?<module>[\\w.]+)'"
    steps:
      - find: {files: "**/*.py", regex: '^(?:class|def) {{symbol}}\b', one: true}
        as: home                         # home.path, home.line, home.module …
      - edit:
          files: "**/*.py"
          search: "from {{module}} import {{symbol}}"
          replace: "from {{home.module}} import {{symbol}}"
    verify: {rerun: true}                # the command that failed must now pass; else roll back
    tests:
      - output: "ImportError: cannot import name 'AutonomyLevel' from 'core.autonomy'"
        files: {core/autonomy_matrix.py: "class AutonomyLevel:\n", app.py: "from core.autonomy import AutonomyLevel\n"}
        expect: {files: {app.py: "from core.autonomy_matrix import AutonomyLevel\n"}}
      - output: "ImportError: cannot import name 'x'"        # no module named: must not match
        expect: {match: none}
"####;

fn loaded(text: &str) -> Loaded {
    crate::load(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_example_loads_as_it_reads() {
    let Loaded { playbook, warnings } = loaded(EXAMPLE);
    assert_eq!(warnings, []);
    let [rule] = &playbook.rules[..] else { panic!("one rule") };
    assert_eq!(rule.id.as_str(), "specs/moved-symbol");
    assert_eq!((rule.severity, rule.safety), (Severity::High, Safety::Safe));
    assert_eq!(
        serde_json::to_value(&rule.trigger).unwrap(),
        json!({ "Output": {
            "lines": [{
                "pattern": {
                    "source": r"ImportError: cannot import name '(?<symbol>\w+)' from '(?<module>[\w.]+)'",
                    "kind": "Regex", "unicode": false, "engine": "Linear"
                },
                "optional": false
            }],
            "within": null, "not": null, "count": null, "command": null, "exit": null, "stream": null
        }})
    );
    let steps: Vec<_> =
        rule.steps.iter().map(|step| (&step.action, step.bind.as_deref(), step.place)).collect();
    let find = Find {
        files: vec!["**/*.py".into()],
        above: None,
        pattern: PatternTemplate { source: r"^(?:class|def) {{symbol}}\b".into(), kind: PatternKind::Regex },
        one: true,
    };
    let edit = TextEdit {
        files: vec!["**/*.py".into()],
        search: PatternTemplate {
            source: "from {{module}} import {{symbol}}".into(),
            kind: PatternKind::Text,
        },
        replace: "from {{home.module}} import {{symbol}}".into(),
        occurrences: Occurrences::All,
        at: None,
    };
    assert_eq!(
        steps,
        [
            (&Action::Find(find), Some("home"), Place { line: 37, column: 9 }),
            (&Action::Edit(edit), None, Place { line: 39, column: 9 }),
        ]
    );
    let tests: Vec<_> =
        rule.tests.iter().map(|test| (test.expect.matches, test.expect.files.len())).collect();
    assert_eq!(tests, [(None, 1), (Some(0), 0)]);
}

#[test]
fn the_example_answers_for_its_files() {
    let Loaded { playbook, .. } = loaded(EXAMPLE);
    let files: Vec<_> =
        playbook.files.iter().map(|file| (file.path.as_str(), file.tier, file.recover.len())).collect();
    assert_eq!(
        files,
        [
            ("specs/state.json", Tier::Create, 0),
            ("specs/TODO.md", Tier::Require, 2),
            ("local.yaml", Tier::Optional, 0),
        ]
    );
    assert_eq!(playbook.files[0].keep, Some(Keep { checksum: true, backups: 10 }));
    let assets: Vec<_> =
        playbook.assets.values().map(|asset| (asset.path.as_str(), asset.content.is_some())).collect();
    assert_eq!(assets, [("schemas/state.schema.json", true), ("templates/state.json.hbs", true)]);
    assert_eq!(playbook.sources["todo"].file.as_str(), "specs/TODO.md");
    let defaults = Defaults {
        timeout: Timeout::default(),
        retry: Retry { attempts: 3, breaker: Some(Breaker::default()), ..Retry::default() },
    };
    assert_eq!(playbook.defaults, defaults);
}
