//! Playbooks in, what they mean or what is wrong with them out.

mod amend;
mod amend_laws;
mod every_key;
mod folds;
mod laws;
mod load;
mod meaning;
mod schema;
mod sense;
mod shape;
mod templates;
mod together;
mod yaml;

use heal_model::{Asset, Origin};
use heal_playbook::{Input, LoadError, Loaded, Problem, Severity};

/// The files that playbooks of these tests refer to.
fn assets(path: &str) -> Asset {
    let content = match path {
        "templates/state.json.hbs" => {
            Some(r#"{"tasks": {{count todo}}, "next": {{add (max todo "number") 1}}}"#)
        }
        "templates/bad.hbs" => Some("one\n{{nme}}\n"),
        "schemas/state.schema.json" => Some(r#"{"type": "object"}"#),
        "schemas/bad.schema.json" => Some(r#"{"type": "objekt"}"#),
        "schemas/broken.json" => Some("{"),
        _ => None,
    };
    Asset { path: path.to_owned(), content: content.map(Into::into) }
}

fn load(text: &[u8]) -> Result<Loaded, LoadError> {
    heal_playbook::load(&Input { origin: Origin::Named("t.yaml".to_owned()), text, assets: &assets })
}

/// Compares what is told about a text: a line for each problem, with its place, code, the underlined text, message and
/// help; advice and warnings as such.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let problems = load(text.as_bytes()).map_or_else(|error| error.problems, |loaded| loaded.warnings);
    let told: Vec<String> = problems.iter().map(|problem| line(problem, text)).collect();
    assert_eq!(told, expected, "told:\n{}", told.join("\n"));
}

fn line(problem: &Problem, text: &str) -> String {
    let Problem { code, severity, message, help, line, column, span, .. } = problem;
    let severity = match severity {
        Severity::Error => "",
        Severity::Warning => "warning: ",
        Severity::Advice => "advice: ",
    };
    let help = help.as_deref().unwrap_or("-");
    let underlined = text.get(span.clone()).unwrap_or("…");
    format!("{line}:{column} {severity}{code} ‹{underlined}› {message} → {help}")
}

/// A playbook with one rule, whose lines start in line 4.
fn rule(body: &str) -> String {
    format!("heal: 1\nname: t\nrules:\n- id: r\n  title: T\n{body}\n")
}

/// A rule with a pattern and steps, which start in line 8.
fn steps(body: &str) -> String {
    rule(&format!("  trigger: {{output: 'x (?<name>.+)'}}\n  steps:\n{body}"))
}

/// Compares a generated file with what is checked in; with `HEAL_UPDATE` in the environment, writes it instead.
#[track_caller]
#[expect(
    clippy::disallowed_methods,
    reason = "files of the source tree are rewritten when a person asks for it"
)]
fn current(path: &str, checked_in: &str, generated: &str) {
    if std::env::var("HEAL_UPDATE").is_ok() {
        let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, generated).expect("the source tree can be written");
    } else {
        assert!(
            checked_in == generated,
            "{path} is not current: run HEAL_UPDATE=1 cargo test -p heal-playbook"
        );
    }
}
