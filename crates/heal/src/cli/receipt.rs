use heal_model::{CommandOutcome, FileOutcome, Receipt, ReceiptState};

use super::style::{Style, counted, visible};

/// What was done, in a few lines, and how to take it back.
pub(super) fn receipt(receipt: &Receipt, style: Style) -> String {
    let mut text = format!("{} {}\n", state(receipt.state, style), what(receipt));
    for file in &receipt.files {
        text.push_str(&format!("  {} {}\n", style.faint(verb(file)), file.path));
    }
    for command in &receipt.commands {
        text.push_str(&outcome(command, style));
    }
    if let Some(verification) = &receipt.verification {
        for check in &verification.checks {
            text.push_str(&format!("  {}\n", visible(check)));
        }
    }
    for note in &receipt.notes {
        text.push_str(&format!("  {} {}\n", style.faint("note:"), visible(note)));
    }
    text
}

/// One line of the log.
pub(super) fn line(receipt: &Receipt, at: &str, style: Style) -> String {
    let rules: Vec<&str> = receipt.rules.iter().map(heal_model::RuleId::as_str).collect();
    let rules = if receipt.undoes.is_some() { "undo".to_owned() } else { rules.join(", ") };
    format!(
        "{}  {}  {:<11} {}  {}\n",
        style.code(&receipt.id),
        style.faint(at),
        word(receipt.state),
        what(receipt),
        rules
    )
}

/// What became of an operation, in a word.
pub(super) fn word(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::Applied => "applied",
        ReceiptState::Verified => "verified",
        ReceiptState::RolledBack => "rolled back",
        ReceiptState::Recovered => "recovered",
        ReceiptState::Conflict => "conflict",
        ReceiptState::Undone => "undone",
        _ => "unfinished",
    }
}

fn state(state: ReceiptState, style: Style) -> String {
    let text = word(state);
    match state {
        ReceiptState::Applied | ReceiptState::Verified => style.good(text),
        ReceiptState::RolledBack | ReceiptState::Conflict => style.bad(text),
        _ => style.warn(text),
    }
}

fn what(receipt: &Receipt) -> String {
    let mut parts = Vec::new();
    if !receipt.files.is_empty() {
        parts.push(counted(receipt.files.len(), "file", "files"));
    }
    if !receipt.commands.is_empty() {
        parts.push(counted(receipt.commands.len(), "command", "commands"));
    }
    if parts.is_empty() { "nothing to change".to_owned() } else { parts.join(", ") }
}

fn verb(file: &FileOutcome) -> &'static str {
    match (&file.before, &file.after) {
        (None, _) => "created",
        (_, None) => "deleted",
        _ => "edited",
    }
}

fn outcome(command: &CommandOutcome, style: Style) -> String {
    let ended = match (command.exit, command.signal) {
        _ if command.timed_out => "ran out of time".to_owned(),
        (Some(0), _) => "passed".to_owned(),
        (Some(code), _) => format!("ended with code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "did not end".to_owned(),
    };
    let mut text = format!("  {} {} {ended}\n", style.faint("ran"), visible(&command.argv.join(" ")));
    if command.exit != Some(0) {
        for line in command.tail.lines() {
            text.push_str(&format!("    {}\n", style.faint(&visible(line))));
        }
    }
    text
}
