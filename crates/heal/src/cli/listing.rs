use std::io;

use heal_model::{Diagnostic, Level};

use super::arguments::{Format, Match};
use super::exit::Exit;
use super::failure::Failure;
use super::localized::files_of;
use super::observed::{read, sources};
use super::session::Session;
use super::style::{Style, counted, visible};
use crate::Diagnostics;
use crate::report::Report;

/// `heal match --list`: what tools complained of, in one form whatever they printed.
pub(super) fn list(session: &mut Session<'_>, wanted: &Match) -> Result<Exit, Failure> {
    let mut found = Vec::new();
    let reading = session.reading(wanted.input_format.as_deref())?;
    for source in sources(session, &wanted.files)? {
        let mut diagnostics = Diagnostics::every(&reading);
        let console = wanted.tee.then_some(&mut *session.console);
        read(source, console, &mut diagnostics, |input, _| io::copy(input, &mut io::sink()))?;
        found.extend(diagnostics.finish());
    }
    found.iter_mut().for_each(|diagnostic| files_of(&session.host, diagnostic));
    match session.format {
        Format::Text => {
            let style = session.console.style();
            let text: String = found.iter().map(|diagnostic| line(diagnostic, style)).collect();
            session.console.out(&text);
            session.console.err(&format!("{}\n", counted(found.len(), "diagnostic", "diagnostics")));
        }
        Format::Json => {
            let mut report = Report::of("match");
            let value = |one| serde_json::to_value(one).expect("a diagnostic has text keys alone");
            report.diagnostics = found.iter().map(value).collect();
            session.console.json(&report);
        }
        Format::Jsonl => session.console.out(&heal_diagnose::jsonl(&found)),
        Format::Sarif => session.console.json(&heal_diagnose::sarif(&found)),
        Format::Github => session.console.out(&heal_diagnose::github(&found)),
    }
    Ok(if found.is_empty() { Exit::Remains } else { Exit::Done })
}

/// `core/app.py:3:7: error[E0382]: use of moved value (rustc)`.
fn line(diagnostic: &Diagnostic, style: Style) -> String {
    let mut place = diagnostic.file.as_deref().map(visible).unwrap_or_default();
    for number in [diagnostic.line, diagnostic.column].into_iter().flatten() {
        place.push_str(&format!(":{number}"));
    }
    let place = if place.is_empty() { place } else { format!("{}: ", style.code(&place)) };
    let level = match diagnostic.level {
        Level::Error => style.bad("error"),
        Level::Warning => style.warn("warning"),
        Level::Help => style.hint("help"),
        Level::Note => style.faint("note"),
    };
    let code = diagnostic.code.as_deref().map(|code| format!("[{}]", visible(code))).unwrap_or_default();
    let message = visible(diagnostic.message.lines().next().unwrap_or_default());
    format!("{place}{level}{code}: {message} {}\n", style.faint(&format!("({})", diagnostic.tool)))
}
