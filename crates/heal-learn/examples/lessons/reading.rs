use heal_model::{Diagnostic, Level};

use crate::data::Record;

/// The diagnostic that reading the output would give.
pub fn read(record: &Record) -> Diagnostic {
    let (level, code, message) = header(&record.msg);
    let mut diagnostic = Diagnostic::new(&record.tool, level, message);
    diagnostic.code = code.map(str::to_owned);
    diagnostic.file = Some(record.path.clone());
    diagnostic.line = Some(record.line);
    diagnostic.column = Some(record.column);
    if let Some((line, column)) = end(record) {
        diagnostic.end_line = Some(line);
        diagnostic.end_column = Some(column);
    }
    diagnostic
}

/// `CODE [*] text`, `C: [Correctable] Code/Name: text`, `error[E0382]: text` or `error: text`.
fn header(msg: &str) -> (Level, Option<&str>, &str) {
    if let Some((before, text)) = msg.split_once(" [*] ") {
        return (Level::Error, Some(before), text);
    }
    for (prefix, level) in [("C: ", Level::Warning), ("W: ", Level::Warning), ("E: ", Level::Error), ("F: ", Level::Error)] {
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

/// Where the span ends that the output underlines.
fn end(record: &Record) -> Option<(u32, u32)> {
    let lines: Vec<&str> = record.output.lines().collect();
    let place = format!("{}:{}:{}", record.path, record.line, record.column);
    let at = lines.iter().position(|line| line.contains(&place))?;
    let header = lines[at].trim_start();
    if header.starts_with("-->") { boxed(record, &lines[at + 1..]) } else { bare(record, &lines[at + 1..]) }
}

/// rustc's and ruff's drawing: a gutter with `|`, the underline below the line, or `|_____^` for several lines.
fn boxed(record: &Record, lines: &[&str]) -> Option<(u32, u32)> {
    let mut source: Option<(u32, &str)> = None;
    let mut multi = false;
    let mut number = record.line;
    let mut started = false;
    for line in lines {
        let (gutter, rest) = line.split_once('|')?;
        let gutter = gutter.trim();
        if !gutter.is_empty() {
            if let Ok(found) = gutter.parse::<u32>() {
                number = found;
            } else if started {
                number += 1;
            }
            started = true;
            multi |= rest.trim_start().starts_with('/');
            source = Some((number, rest));
            continue;
        }
        let marks = rest.trim_start();
        if multi {
            // `|_____^` below the last line.
            if let Some(inner) = marks.strip_prefix('|') {
                if inner.starts_with('_') {
                    let caret = inner.rfind('^')?;
                    if !inner.trim_start_matches('_').starts_with('^') { continue; }
                    let (last, _) = source?;
                    let column = u32::try_from(caret).ok()?;
                    return Some((last, column + 1));
                }
            }
            continue;
        }
        if marks.starts_with('_') && marks.contains('^') {
            multi = true;
            continue;
        }
        if marks.starts_with('^') {
            let (last, _) = source?;
            if last != record.line && gutter_is_number(lines) {
                continue;
            }
            let width = marks.chars().take_while(|&c| c == '^').count();
            return Some((record.line, record.column + u32::try_from(width).ok()?));
        }
    }
    None
}

fn gutter_is_number(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.split('|').next().is_some_and(|gutter| gutter.trim().parse::<u32>().is_ok()))
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
