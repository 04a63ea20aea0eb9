//! What a tool's words and drawings say: the diagnostic, the span that is underlined, and the edit that is offered.

use heal_model::{Applicability, Diagnostic, Level, Note, Replacement, Suggestion};

use crate::data::Record;

/// The diagnostic that reading the output would give.
pub(crate) fn read(record: &Record) -> Diagnostic {
    let record = &Record { msg: plain(&record.msg), output: plain(&record.output), ..record.clone() };
    let (level, code, message) = header(&record.msg);
    let mut diagnostic = Diagnostic::new(&record.tool, level, message);
    diagnostic.code = code.map(str::to_owned);
    diagnostic.file = Some(record.path.clone());
    diagnostic.line = Some(record.line);
    diagnostic.column = Some(record.column);
    let lines: Vec<&str> = record.output.lines().collect();
    let place = format!("{}:{}:{}", record.path, record.line, record.column);
    let Some(at) = lines.iter().position(|line| line.contains(&place)) else { return diagnostic };
    let below = &lines[at + 1..];
    let is_boxed = lines[at].trim_start().starts_with("-->");
    let end = if is_boxed { boxed(record, below) } else { bare(record, below) };
    if let Some((line, column)) = end {
        diagnostic.end_line = Some(line);
        diagnostic.end_column = Some(column);
    }
    if is_boxed {
        offer(&mut diagnostic, below);
    }
    diagnostic
}

/// A text without colours.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').map_or("", |(_, rest)| rest))
}

/// `CODE [*] text`, `C: [Correctable] Code/Name: text`, `error[E0382]: text` or `error: text`.
fn header(msg: &str) -> (Level, Option<&str>, &str) {
    if let Some((before, text)) = msg.split_once(" [*] ") {
        return (Level::Error, Some(before), text);
    }
    for (prefix, level) in
        [("C: ", Level::Warning), ("W: ", Level::Warning), ("E: ", Level::Error), ("F: ", Level::Error)]
    {
        if let Some(rest) = msg.strip_prefix(prefix) {
            let rest = rest.strip_prefix("[Correctable] ").unwrap_or(rest);
            if let Some((code, text)) = rest.split_once(": ") {
                return (level, Some(code), text);
            }
        }
    }
    for (prefix, level) in [("error", Level::Error), ("warning", Level::Warning)] {
        if let Some(rest) = msg.strip_prefix(prefix) {
            if let Some(rest) = rest.strip_prefix(": ") {
                return (level, None, rest);
            }
            if let Some((code, text)) = rest.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
                return (level, Some(code), text);
            }
        }
    }
    (Level::Error, None, msg)
}

/// rustc's and ruff's drawing: a gutter with `|`, the underline below the line, or `|_____^` for several lines.
fn boxed(record: &Record, lines: &[&str]) -> Option<(u32, u32)> {
    let numbered = lines
        .iter()
        .any(|line| line.split('|').next().is_some_and(|gutter| gutter.trim().parse::<u32>().is_ok()));
    let mut number = record.line;
    let mut started = false;
    let mut multi = false;
    for line in lines {
        if line.trim() == "..." || line.trim_start().starts_with("... ") {
            if !numbered {
                return None;
            }
            continue;
        }
        let (gutter, rest) = line.split_once('|')?;
        let gutter = gutter.trim();
        if !gutter.is_empty() {
            number = gutter.parse().unwrap_or(if started { number + 1 } else { number });
            started = true;
            multi |= rest.trim_start().starts_with('/');
            continue;
        }
        let marks = rest.trim_start();
        if multi {
            if let Some(inner) =
                marks.strip_prefix('|').filter(|inner| inner.trim_start_matches('_').starts_with('^'))
            {
                let caret = inner.find('^')?;
                return Some((number, u32::try_from(caret).ok()? + 1));
            }
        } else if marks.starts_with('_') && marks.trim_start_matches('_').starts_with('^') {
            multi = true;
        } else if marks.starts_with('^') && number == record.line {
            let width = marks.chars().take_while(|&c| c == '^').count();
            return Some((record.line, record.column + u32::try_from(width).ok()?));
        }
    }
    None
}

/// clang's and rubocop's: the line, and the underline right below it.
fn bare(record: &Record, lines: &[&str]) -> Option<(u32, u32)> {
    let marks = lines.get(1)?.trim_start();
    let width = marks.chars().take_while(|&c| c == '^').count();
    if width == 0 || !marks.trim_end().chars().all(|c| matches!(c, '^' | '~' | ' ')) {
        return None;
    }
    let tail = marks.chars().skip(1).take_while(|&c| c == '^' || c == '~').count();
    (width > 1 || tail > 0).then(|| (record.line, record.column + 1 + u32::try_from(tail).unwrap_or(0)))
}

/// What rustc and clippy offer, beside the underline or as a drawing of its own.
fn offer(diagnostic: &mut Diagnostic, lines: &[&str]) {
    for (index, line) in lines.iter().enumerate() {
        let beside =
            line.split_once("^ help: ").or_else(|| line.split_once("- help: ")).map(|(_, text)| text);
        if let Some(text) = beside {
            inline(diagnostic, text);
        } else if let Some(text) = line.strip_prefix("help: ") {
            note(diagnostic, text);
            drawn(diagnostic, text, &lines[index + 1..]);
        }
    }
}

fn note(diagnostic: &mut Diagnostic, message: &str) {
    let message = message.to_owned();
    diagnostic.notes.push(Note { level: Level::Help, message, file: None, line: None, column: None });
}

/// ``help: try: `code` `` beside the underline: in place of what is underlined.
fn inline(diagnostic: &mut Diagnostic, text: &str) {
    note(diagnostic, text);
    let Some((message, code)) = text.split_once(": `") else { return };
    let (Some(code), Some(line), Some(column)) = (code.strip_suffix('`'), diagnostic.line, diagnostic.column)
    else {
        return;
    };
    let (Some(end_line), Some(end_column)) = (diagnostic.end_line, diagnostic.end_column) else { return };
    suggest(diagnostic, message, (line, column, end_line, end_column), code);
}

fn suggest(diagnostic: &mut Diagnostic, message: &str, place: (u32, u32, u32, u32), text: &str) {
    let Some(file) = diagnostic.file.clone() else { return };
    let (line, column, end_line, end_column) = place;
    diagnostic.suggestions.push(Suggestion {
        message: message.to_owned(),
        applicability: Applicability::Unspecified,
        replacements: vec![Replacement {
            file,
            line,
            column,
            end_line,
            end_column,
            seen: Vec::new(),
            bytes: None,
            text: text.to_owned(),
        }],
    });
}

/// Lines with `-`, `+` and `~` in the gutter.
fn drawn(diagnostic: &mut Diagnostic, message: &str, lines: &[&str]) {
    let Some(first) = diagnostic.line else { return };
    let mut number = first;
    let (mut olds, mut news): (Vec<(u32, &str)>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut changed = Vec::new();
    for line in lines.iter().skip(1) {
        let trimmed = line.trim_start();
        let Some((gutter, rest)) = trimmed.split_once(' ').or(Some((trimmed, ""))) else { break };
        if gutter != "LL" && gutter.parse::<u32>().is_err() {
            break;
        }
        let (mark, text) = rest.split_at(rest.len().min(1));
        let text = text.strip_prefix(' ').unwrap_or(text);
        match mark {
            "-" => {
                if let Ok(given) = gutter.parse() {
                    number = given;
                }
                olds.push((number, text));
                number += 1;
            }
            "+" => news.push(text),
            "~" => {
                let at = gutter.parse().unwrap_or(number);
                changed.push((at, text));
                number = at + 1;
            }
            _ => number += 1,
        }
    }
    if let (Some((first, _)), Some((last, text))) = (olds.first(), olds.last()) {
        let old: Vec<&str> = olds.iter().map(|(_, text)| *text).collect();
        let (old, new) = (old.join("\n"), news.join("\n"));
        let head: usize = old.chars().zip(new.chars()).take_while(|(x, y)| x == y && *x != '\n').count();
        let place = (
            *first,
            u32::try_from(head).unwrap_or(0) + 1,
            *last,
            u32::try_from(text.chars().count()).unwrap_or(0) + 1,
        );
        let new: String = new.chars().skip(head).collect();
        suggest(diagnostic, message, place, &new);
    } else if let ([(at, text)], true) = (changed.as_slice(), news.is_empty()) {
        suggest(diagnostic, message, (*at, 1, *at + 1, 1), &format!("{text}\n"));
    }
}
