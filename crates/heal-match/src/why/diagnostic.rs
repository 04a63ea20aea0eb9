use heal_model::{Diagnostic, DiagnosticTrigger, RuleId};

use super::near::Near;
use super::{Closest, Condition, Tried, describe};
use crate::diagnostics::Wanted;
use crate::scan::{Line, excerpt};
use crate::state::Captures;

/// What a diagnostic trigger asks for, beside the diagnostic of which the most of it holds.
pub(super) fn tried(
    rule: &RuleId,
    trigger: &DiagnosticTrigger,
    diagnostics: &[Diagnostic],
) -> (Tried, Option<Captures>) {
    let asked = describe::asked(trigger);
    let alone = each_alone(trigger);
    let met = |diagnostic: &Diagnostic| -> Vec<bool> {
        let holds = |trigger: &DiagnosticTrigger| {
            Wanted::new(trigger).is_ok_and(|wanted| wanted.finding(rule, diagnostic).is_some())
        };
        alone.iter().map(holds).collect()
    };
    let count = |met: &[bool]| met.iter().filter(|met| **met).count();
    let mut best: Option<(&Diagnostic, Vec<bool>)> = None;
    for diagnostic in diagnostics {
        let met = met(diagnostic);
        if best.as_ref().is_none_or(|(_, best)| count(&met) > count(best)) {
            best = Some((diagnostic, met));
        }
    }
    let Some((diagnostic, met)) = best else {
        let conditions = vec![Condition { text: describe::diagnostic(trigger), met: false }];
        return (Tried { conditions, closest: None }, None);
    };
    let mut conditions = vec![Condition { text: "a diagnostic".to_owned(), met: true }];
    let pairs = asked.into_iter().zip(&met).zip(describe::instead(diagnostic));
    conditions.extend(pairs.filter_map(|((text, met), instead)| {
        let instead = instead.filter(|_| !met).map(|is| format!(" ({is})")).unwrap_or_default();
        Some(Condition { text: text? + &instead, met: *met })
    }));
    let wanted = Wanted::new(trigger).ok();
    let barred = wanted.as_ref().is_some_and(|wanted| wanted.is_barred_by(diagnostics));
    conditions.extend(describe::not(trigger).map(|text| Condition { text, met: !barred }));
    let captures = wanted.and_then(|wanted| wanted.finding(rule, diagnostic)).filter(|_| !barred);
    let closest = captures.is_none().then(|| closest(trigger, diagnostic));
    (Tried { conditions, closest }, captures.map(|finding| finding.captures))
}

/// The trigger once for each thing it may ask of a diagnostic, asking for that alone.
fn each_alone(trigger: &DiagnosticTrigger) -> [DiagnosticTrigger; 7] {
    let none = DiagnosticTrigger::default;
    let DiagnosticTrigger { tool, code, level, message, file, help, suggestion, not: _ } = trigger.clone();
    [
        DiagnosticTrigger { tool, ..none() },
        DiagnosticTrigger { code, ..none() },
        DiagnosticTrigger { level, ..none() },
        DiagnosticTrigger { message, ..none() },
        DiagnosticTrigger { file, ..none() },
        DiagnosticTrigger { help, ..none() },
        DiagnosticTrigger { suggestion, ..none() },
    ]
}

/// The diagnostic as the line that came closest, its message compared with the one that is asked for.
fn closest(trigger: &DiagnosticTrigger, diagnostic: &Diagnostic) -> Closest {
    let text = diagnostic.message.as_bytes();
    let line = Line { number: diagnostic.span.first_line, start: 0, end: 0, text };
    let near = trigger.message.as_ref().and_then(|pattern| {
        let mut near = Near::new(pattern);
        near.take(line);
        near.closest()
    });
    near.unwrap_or_else(|| Closest {
        line: line.number,
        text: excerpt(text),
        matched: String::new(),
        missing: String::new(),
        instead: String::new(),
    })
}
