use std::time::Duration;

use heal_model::{CommandOutcome, FileOutcome, Receipt, ReceiptState, Verification, command_line};

use super::style::{Style, counted, visible};

/// What was done, in a few lines.
pub(super) fn receipt(receipt: &Receipt, style: Style) -> String {
    let is_idle = receipt.state == ReceiptState::RolledBack && receipt.did_nothing();
    let word = if is_idle { style.bad("not applied") } else { state(receipt.state, style) };
    let mut text = format!("{word} {}\n", what(receipt));
    for file in &receipt.files {
        text.push_str(&format!("  {} {}\n", style.faint(verb(receipt.state, file)), file.path));
    }
    for command in &receipt.commands {
        text.push_str(&outcome("ran", command, style));
    }
    if let Some(verification) = &receipt.verification {
        text.push_str(&verified(verification, style));
    }
    for note in &receipt.notes {
        text.push_str(&format!("  {} {}\n", style.faint("note:"), visible(note)));
    }
    text
}

/// What showed that it helped; or what did not pass, and what the commands printed.
fn verified(verification: &Verification, style: Style) -> String {
    if verification.passed {
        return verification.commands.iter().map(|command| outcome("checked", command, style)).collect();
    }
    let failed = verification.checks.iter().filter(|check| !check.passed);
    let mut text: String =
        failed.map(|check| format!("  {} {}\n", style.faint("failed:"), visible(&check.text))).collect();
    verification.commands.iter().for_each(|command| text.push_str(&tail(command, style)));
    text
}

/// One line of the log.
pub(super) fn line(receipt: &Receipt, at: &str, style: Style) -> String {
    let rules: Vec<&str> = receipt.rules.iter().map(heal_model::RuleId::as_str).collect();
    let rules = if receipt.undoes.is_some() { "undo".to_owned() } else { rules.join(", ") };
    let (id, at, word) = (style.code(&receipt.id), style.faint(at), word(receipt.state));
    let row = format!("{id}  {at}  {word:<11} {}  {rules}", what(receipt));
    format!("{}\n", style.fold(&row, receipt.id.len() + 2))
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

fn verb(state: ReceiptState, file: &FileOutcome) -> &'static str {
    let is_back = matches!(state, ReceiptState::RolledBack | ReceiptState::Recovered | ReceiptState::Undone);
    match (&file.before, &file.after) {
        (None, _) if is_back => "removed",
        _ if is_back => "restored",
        (None, _) => "created",
        (_, None) => "deleted",
        (before, after) if before == after => "changed the mode of",
        _ => "edited",
    }
}

fn outcome(verb: &str, command: &CommandOutcome, style: Style) -> String {
    if !command.has_run() {
        let line = first_line(&command_line(&command.argv));
        return format!("  {} {line}: {}\n", style.faint("not run"), visible(&command.tail));
    }
    let seconds = Duration::from_millis(command.milliseconds).as_secs_f64();
    let ended = match (command.exit, command.signal) {
        _ if command.timed_out => format!("ran out of time after {seconds:.1} s"),
        // What was signalled ended: on what is all that there is to say.
        (Some(0), Some(_)) => visible(&command.tail),
        (Some(0), None) => "passed".to_owned(),
        (Some(code), _) => format!("ended with code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        // The last try was not made: what it says is why.
        (None, None) => format!("{}; {}", failed(command.attempts - 1), visible(&command.tail)),
    };
    let line = first_line(&command_line(&command.argv));
    let is_told = command.exit == Some(0) || (command.exit, command.signal) == (None, None);
    let tail = if is_told && !command.timed_out { String::new() } else { tail(command, style) };
    format!("  {} {line}: {ended}\n{tail}", style.faint(verb))
}

fn failed(tries: u32) -> String {
    if tries == 1 { "failed".to_owned() } else { format!("failed {tries} times") }
}

/// A command by its first line: of a script, the preview has shown the rest.
fn first_line(line: &str) -> String {
    match line.split_once('\n') {
        Some((first, _)) => format!("{} …", visible(first)),
        None => visible(line),
    }
}

/// The end of what a command printed.
fn tail(command: &CommandOutcome, style: Style) -> String {
    command.tail.lines().map(|line| format!("    {}\n", style.faint(&visible(line)))).collect()
}
