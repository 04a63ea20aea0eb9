use super::arguments::Format;
use super::session::Session;
use crate::report::{Report, annotation, github, results, sarif};

/// Prints a report in the call's format.
pub(super) fn print(session: &mut Session<'_>, report: &Report) {
    match session.format {
        Format::Text | Format::Jsonl => {}
        Format::Json => session.console.json(report),
        Format::Sarif => session.console.json(&sarif(&results(report))),
        Format::Github => {
            let text: String = results(report).iter().map(|result| github(&annotation(result))).collect();
            session.console.out(&text);
        }
    }
}
