use heal_model::{Action, Finding, Rule, Safety};

use super::style::{Style, visible};

/// One finding as a person reads it: how bad, what, where, and which rule says so.
///
/// `input` is the file that the output was read from.
pub(super) fn finding(
    finding: &Finding,
    rule: &Rule,
    title: &str,
    input: Option<&str>,
    style: Style,
) -> String {
    let head = format!("{} {}", style.severity(rule.severity), style.bold(&visible(title)));
    let mut facts = Vec::new();
    if let Some(place) = place(finding, input) {
        facts.push(style.code(&place));
    }
    facts.push(format!("{} ({})", rule.id, kind(rule, style)));
    if finding.count > 1 {
        facts.push(format!("seen {} times", finding.count));
    }
    let facts = format!("  {}", facts.join(&style.faint(" · ")));
    format!("{}\n{}\n", style.fold(&head, 2), style.fold(&facts, 4))
}

/// `core/app.py:3:7`, or the lines of the output where nothing better is known.
pub(super) fn place(finding: &Finding, input: Option<&str>) -> Option<String> {
    if let Some(location) = &finding.location {
        let mut place = location.path.to_string();
        for part in [location.line, location.column].into_iter().flatten() {
            place.push_str(&format!(":{part}"));
        }
        return Some(place);
    }
    let span = finding.span.as_ref()?;
    Some(match (input, span.last_line - span.first_line) {
        (Some(input), _) => format!("{}:{}", visible(input), span.first_line),
        (None, 0) => format!("line {} of the output", span.first_line),
        (None, _) => format!("lines {} to {} of the output", span.first_line, span.last_line),
    })
}

fn kind(rule: &Rule, style: Style) -> String {
    let only_tells = rule.steps.iter().all(|step| matches!(step.action, Action::Guide(_)));
    match (rule.steps.is_empty(), rule.safety) {
        (true, _) => style.faint("named only"),
        (_, Safety::Manual) => style.safety(Safety::Manual),
        _ if only_tells => style.safety(Safety::Manual),
        (_, safety) => format!("{} fix", style.safety(safety)),
    }
}
