use heal_model::{Diagnostic, Level};

/// Writes each diagnostic as a workflow command of GitHub Actions, which makes an annotation of it.
///
/// See <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.
#[must_use]
pub fn github(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(command).collect()
}

fn command(diagnostic: &Diagnostic) -> String {
    let kind = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Help | Level::Note => "notice",
    };
    let code = diagnostic.code.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
    let number = |number: Option<u32>| number.map(|number| number.to_string());
    // Columns count only where both ends are on one line.
    let one_line = diagnostic.end_line.is_none_or(|end| Some(end) == diagnostic.line);
    let column = diagnostic.column.filter(|_| one_line);
    let properties = [
        ("file", diagnostic.file.clone()),
        ("line", number(diagnostic.line)),
        ("endLine", number(diagnostic.end_line)),
        ("col", number(column)),
        ("endColumn", number(diagnostic.end_column.filter(|_| column.is_some()))),
        ("title", Some(format!("{}{code}", diagnostic.tool))),
    ];
    let properties: Vec<String> = properties
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", property(&value?))))
        .collect();
    let notes = diagnostic.notes.iter().filter(|note| note.level >= Level::Help);
    let help: String = notes.map(|note| format!("\nhelp: {}", note.message)).collect();
    format!("::{kind} {}::{}\n", properties.join(","), data(&format!("{}{help}", diagnostic.message)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
