//! What is found among diagnostics.

use crate::support::{playbook, regex, show};
use heal_match::Matcher;
use heal_model::{Diagnostic, DiagnosticTrigger, Level, Offered, Trigger};

#[test]
fn diagnostics() {
    let trigger = DiagnosticTrigger {
        tool: Some("ruff".to_owned()),
        code: Some(regex("^F(?<n>\\d+)$")),
        level: Some(Level::Warning),
        message: Some(regex("`(?<what>[^`]+)`")),
        file: Some("src/**".to_owned()),
        help: None,
        suggestion: Some(Offered::Nothing),
        not: None,
    };
    let one = |code: &str, file: &str, level| Diagnostic {
        code: Some(code.to_owned()),
        file: Some(file.to_owned()),
        line: Some(3),
        ..Diagnostic::new("ruff", level, "`os` imported but unused")
    };
    let all = [
        one("F401", "src/a.py", Level::Error),
        one("F401", "src/a.py", Level::Error),
        one("E501", "src/a.py", Level::Error),
        one("F401", "tests/a.py", Level::Error),
        one("F401", "src/a.py", Level::Note),
    ];
    let found = Matcher::new(&[playbook(vec![("r", Trigger::Diagnostic(trigger))])]).diagnostics(&all);
    let shown: Vec<String> = found.iter().map(show).collect();
    assert_eq!(
        shown,
        [
            "r code=\"F401\" file=\"src/a.py\" level=\"error\" line=\"3\" message=\"`os` imported but unused\" n=\"401\" tool=\"ruff\" what=\"os\" at src/a.py:3 | `os` imported but unused ×2"
        ]
    );
    assert_eq!(found[0].diagnostic.as_ref(), Some(&all[0]));
}

#[test]
fn a_diagnostic_that_another_bars() {
    let not = DiagnosticTrigger { code: Some(regex("^E")), ..DiagnosticTrigger::default() };
    let trigger = DiagnosticTrigger {
        message: Some(regex("unused")),
        not: Some(Box::new(not)),
        ..DiagnosticTrigger::default()
    };
    let matcher = Matcher::new(&[playbook(vec![("r", Trigger::Diagnostic(trigger))])]);
    let unused = Diagnostic::new("rustc", Level::Warning, "unused import");
    let mut error = Diagnostic::new("rustc", Level::Error, "cannot find type");
    assert_eq!(matcher.diagnostics(&[unused.clone(), error.clone()]).len(), 1);
    error.code = Some("E0412".to_owned());
    assert_eq!(matcher.diagnostics(&[unused, error]).len(), 0);
}
