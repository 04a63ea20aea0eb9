//! The edits that tools draw: beside an underline, or as lines with `-`, `+` and `~` in the margin.

use heal_model::{Applicability, Replacement, Suggestion};

use super::drawing::{Shown, boxed};

/// A line and a column.
pub(crate) type Point = (u32, u32);

/// What is offered in the lines of a diagnostic that starts here and, where that is drawn, ends there. Nothing says how
/// sure the tool is of it.
pub(crate) fn offers(lines: &[String], file: &str, start: Point, end: Option<Point>) -> Vec<Suggestion> {
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let beside = ["^ help: ", "- help: "].into_iter().find_map(|mark| line.split_once(mark));
        let offer = match (beside, line.strip_prefix("help: ")) {
            (Some((_, said)), _) => beside_mark(lines, said, start, end),
            (None, Some(_)) => drawn(&lines[index + 1..], start.0),
            (None, None) => None,
        };
        let said = beside.map(|(_, said)| said).or_else(|| line.strip_prefix("help: "));
        let (Some((place, text, seen)), Some(said)) = (offer, said) else { continue };
        let ((line, column), (end_line, end_column)) = place;
        let file = file.to_owned();
        found.push(Suggestion {
            message: said.split(": `").next().unwrap_or_default().to_owned(),
            applicability: Applicability::Unspecified,
            replacements: vec![Replacement {
                file,
                line,
                column,
                end_line,
                end_column,
                seen,
                bytes: None,
                text,
            }],
        });
    }
    found
}

/// What is put where, and the lines there as they are shown.
type Offer = ((Point, Point), String, Vec<String>);

/// ``help: try: `code` `` beside the underline: in place of what is underlined.
fn beside_mark(lines: &[String], said: &str, start: Point, end: Option<Point>) -> Option<Offer> {
    let (_, code) = said.split_once(": `")?;
    let code = code.strip_suffix('`')?;
    let end = end?;
    let first = lines.iter().position(|line| line.trim_start().starts_with("--> ")).map_or(0, |at| at + 1);
    let shown = boxed(&lines[first..]).unwrap_or_default();
    let is_there = |number: u32| number == start.0 && start.0 == end.0;
    let seen = shown.iter().find_map(|one| match one {
        Shown::Source(Some(number), text) if is_there(*number) => Some(vec![behind(text)]),
        _ => None,
    });
    Some(((start, end), code.to_owned(), seen.unwrap_or_default()))
}

/// Lines with `-` and `+` in the margin, or one with `~`.
fn drawn(lines: &[String], first: u32) -> Option<Offer> {
    let mut number = first;
    let (mut olds, mut news): (Vec<(u32, String)>, Vec<String>) = (Vec::new(), Vec::new());
    let mut changed = Vec::new();
    for line in lines.iter().skip(1) {
        let trimmed = line.trim_start();
        let (margin, rest) = trimmed.split_once(' ').unwrap_or((trimmed, ""));
        let given: Option<u32> = margin.parse().ok();
        if given.is_none() && margin != "LL" {
            break;
        }
        let at = given.unwrap_or(number);
        match rest.chars().next() {
            Some('-') => olds.push((at, behind(&rest[1..]))),
            Some('+') => news.push(behind(&rest[1..])),
            Some('~') => changed.push((at, behind(&rest[1..]))),
            _ => {}
        }
        number = if rest.starts_with('+') { number } else { at.checked_add(1)? };
    }
    if let ([(at, text)], true) = (changed.as_slice(), news.is_empty() && olds.is_empty()) {
        return Some((((*at, 1), (at.checked_add(1)?, 1)), format!("{text}\n"), Vec::new()));
    }
    let ((first, _), (last, end)) = (olds.first()?, olds.last()?);
    let seen: Vec<String> = olds.iter().map(|(_, text)| text.clone()).collect();
    let (old, new) = (seen.join("\n"), news.join("\n"));
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let same = |pair: &(&char, &char)| pair.0 == pair.1 && *pair.0 != '\n';
    let head = old.iter().zip(&new).take_while(same).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(same).count();
    let place = ((*first, from_one(head)?), (*last, from_one(end.chars().count() - tail)?));
    Some((place, new[head..new.len() - tail].iter().collect(), seen))
}

/// The text behind a margin and the one blank that follows it.
fn behind(text: &str) -> String {
    text.strip_prefix(' ').unwrap_or(text).to_owned()
}

fn from_one(count: usize) -> Option<u32> {
    u32::try_from(count).ok()?.checked_add(1)
}

#[cfg(test)]
mod tests {
    use heal_model::Replacement;

    #[track_caller]
    fn check(drawing: &str, start: (u32, u32), end: Option<(u32, u32)>, expected: &str) {
        let lines: Vec<String> = drawing.lines().map(str::to_owned).collect();
        let offers = super::offers(&lines, "a.rs", start, end);
        let told = |one: &Replacement| {
            let Replacement { line, column, end_line, end_column, text, seen, .. } = one;
            format!("{line}:{column}-{end_line}:{end_column} {text:?} for {seen:?}")
        };
        let told: Vec<String> = offers
            .iter()
            .map(|offer| {
                format!("{}: {}", offer.message, offer.replacements.iter().map(told).collect::<String>())
            })
            .collect();
        assert_eq!(told.join("\n"), expected);
    }

    #[test]
    fn what_is_offered() {
        check(
            " --> a.rs:2:13\n  |\n2 |     let _ = x.len() == 0;\n  |             ^^^^^^^^^^^^ help: try: `x.is_empty()`\n",
            (2, 13),
            Some((2, 25)),
            r#"try: 2:13-2:25 "x.is_empty()" for ["    let _ = x.len() == 0;"]"#,
        );
        check(
            "help: remove this\n   |\n5 -     a.b()\n5 +     a\n   |\n",
            (5, 5),
            None,
            r#"remove this: 5:6-5:10 "" for ["    a.b()"]"#,
        );
        check("help: use it\n  |\nLL ~     b(a)\n", (3, 1), None, "use it: 3:1-4:1 \"    b(a)\\n\" for []");
        check("help: look there\n  |\n2 | a\n  | +\n", (2, 1), None, "");
        check("  |  ^ help: remove it\n", (2, 1), Some((2, 2)), "");
        check("  |  ^ help: try: `x`\n", (2, 1), None, "");
    }
}
