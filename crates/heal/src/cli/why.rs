use std::io::BufRead;

use heal_diagnose::Lines;
use heal_match::NearMiss;

use super::arguments::Why;
use super::exit::Exit;
use super::failure::Failure;
use super::observed::{observation, read, sources};
use super::session::Session;
use super::style::{Style, visible};
use crate::report::{self, Report};
use crate::{Diagnostics, looks_at_diagnostics};

/// `heal why`: the nearest miss of a rule.
pub(super) fn why(session: &mut Session<'_>, wanted: &Why) -> Result<Exit, Failure> {
    let rules = session.rules(&[])?;
    let (_, rule) = rules.named(&wanted.rule)?;
    let observation = observation(wanted.command.as_deref(), wanted.exit, None);
    let files: Vec<String> = wanted.file.iter().cloned().collect();
    let reading = session.reading(None)?;
    let source = sources(session, &files)?.pop().expect("there is one source at least");
    let host = &session.host;
    let by_diagnostic = looks_at_diagnostics(rule);
    let mut diagnostics = match by_diagnostic {
        true => Diagnostics::wanted(&reading),
        false => Diagnostics::unwanted(&reading),
    };
    let by_output =
        |input: &mut dyn BufRead, _: &Lines| rules.matcher.why(&rule.id, input, &observation, host);
    let miss = read(source, None, &mut diagnostics, by_output)?;
    let miss = match miss {
        Some(miss) if miss.matched || !by_diagnostic => Some(miss),
        _ => rules.matcher.why_not(&rule.id, &diagnostics.finish(), host),
    };
    let miss = miss.expect("the rule was looked up in the same playbooks");
    if session.is_text() {
        let text = page(&miss, session.console.style());
        session.console.out(&text);
    } else {
        let mut report = Report::of("why");
        report.near_miss = Some(report::near_miss(&miss));
        session.console.json(&report);
    }
    Ok(if miss.matched { Exit::Done } else { Exit::Remains })
}

fn page(miss: &NearMiss, style: Style) -> String {
    let verdict = if miss.matched { style.good("matches") } else { style.bad("does not match") };
    let mut text = format!("{} {verdict}\n", style.bold(miss.rule.as_str()));
    for condition in &miss.conditions {
        let mark = if condition.met { style.good("✓") } else { style.bad("✗") };
        text.push_str(&format!("  {mark} {}\n", visible(&condition.text)));
    }
    if let Some(closest) = miss.closest.as_ref().filter(|_| !miss.matched) {
        let place = if closest.line == 0 { String::new() } else { format!(" (line {})", closest.line) };
        text.push_str(&format!("\nThe line that came closest{place}:\n  {}\n", underlined(closest, style)));
        let parts = [
            ("fits   ", style.added(&visible(&closest.matched))),
            ("missing", style.removed(&visible(&closest.missing))),
            ("instead", visible(&closest.instead)),
        ];
        for (name, part) in parts.iter().filter(|(_, part)| !part.is_empty()) {
            text.push_str(&format!("  {}  {part}\n", style.faint(name)));
        }
    }
    text
}

/// The closest line, with what of it fits marked.
fn underlined(closest: &heal_match::Closest, style: Style) -> String {
    match closest.text.split_once(&closest.matched) {
        Some((before, after)) if !closest.matched.is_empty() => {
            format!("{}{}{}", visible(before), style.added_words(&visible(&closest.matched)), visible(after))
        }
        _ => visible(&closest.text),
    }
}
