//! The source that tools show, and what they draw below it.

/// One line of source as it is shown, or what is drawn below one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown<'a> {
    /// Source: its number where that is shown, and the text behind the margin.
    Source(Option<u32>, &'a str),
    /// What stands below it, behind the margin.
    Below(&'a str),
}

/// Where what is underlined ends: its last line, and the column behind it.
///
/// A place of which no end is drawn is a point; the column of a caret inside an underline counts as its start.
pub(crate) fn end(lines: &[String], line: u32, column: u32) -> Option<(u32, u32)> {
    let arrow = lines.iter().position(|line| line.trim_start().starts_with("--> "));
    let first = arrow.map_or(0, |at| at + 1);
    let end = match boxed(&lines[first..]) {
        Some(shown) => in_box(&shown, line, column),
        None => below(lines, line, column),
    };
    // Without an arrow one mark alone only says where it begins, as gcc draws it.
    end.filter(|end| arrow.is_some() || *end != (line, column.saturating_add(1)) || is_wavy(lines))
}

/// The lines of a drawing with a margin of numbers and bars, up to the first line that is none of it; `None` where there
/// is no such drawing.
pub(crate) fn boxed(lines: &[String]) -> Option<Vec<Shown<'_>>> {
    let mut shown = Vec::new();
    let mut is_cut = false;
    for line in lines {
        let trimmed = line.trim_start();
        if trimmed == "..." || trimmed.starts_with("... ") {
            is_cut = true;
            continue;
        }
        let Some((margin, rest)) = line.split_once('|') else { break };
        let margin = margin.trim();
        let number = margin.parse().ok();
        if number.is_none() && !margin.is_empty() && margin != "LL" {
            break;
        }
        // Behind a cut only the number says which line it is.
        if is_cut && number.is_none() {
            break;
        }
        shown.push(if margin.is_empty() { Shown::Below(rest) } else { Shown::Source(number, rest) });
    }
    shown.iter().any(|one| matches!(one, Shown::Source(..))).then_some(shown)
}

/// Whether one wave alone is drawn, as tsc does below a name of one letter.
fn is_wavy(lines: &[String]) -> bool {
    lines.iter().any(|line| line.trim() == "~")
}

fn in_box(shown: &[Shown<'_>], line: u32, column: u32) -> Option<(u32, u32)> {
    let mut current = None;
    let mut is_long = false;
    for one in shown {
        match one {
            Shown::Source(number, rest) => {
                current =
                    number.or_else(|| current.map_or(Some(line), |current: u32| current.checked_add(1)));
                is_long |= rest.trim_start().starts_with('/');
            }
            Shown::Below(rest) if is_long => {
                // ` |_____^` ends at the mark.
                let inner = rest.trim_start().strip_prefix('|').filter(|inner| inner.starts_with('_'));
                if let Some(caret) = inner.and_then(|inner| inner.find('^')) {
                    return Some((current?, u32::try_from(caret).ok()? + 1));
                }
            }
            Shown::Below(rest) => {
                let marks = rest.trim_start();
                if marks.starts_with('_') && marks.trim_start_matches('_').starts_with('^') {
                    is_long = true;
                } else if current == Some(line)
                    && let Some(width) = width(rest, column)
                {
                    return Some((line, column.checked_add(width)?));
                }
            }
        }
    }
    None
}

/// How many characters are underlined from a column on; where the drawing does not have it there, from the first mark.
fn width(drawn: &str, column: u32) -> Option<u32> {
    let marks: Vec<char> = drawn.chars().collect();
    let there = usize::try_from(column).ok().filter(|at| marks.get(*at) == Some(&'^'));
    let start =
        there.or_else(|| marks.iter().position(|mark| *mark != ' ').filter(|at| marks[*at] == '^'))?;
    let length = marks[start..].iter().take_while(|mark| matches!(mark, '^' | '~')).count();
    u32::try_from(length).ok()
}

/// The source right below the message, and the marks right below it.
fn below(lines: &[String], line: u32, column: u32) -> Option<(u32, u32)> {
    let mut said = lines.iter().filter(|line| !line.trim().is_empty());
    let (_, marks) = (said.next()?, said.next()?.trim());
    let is_drawn = marks.chars().all(|mark| matches!(mark, '^' | '~' | ' '));
    let length = marks.chars().take_while(|mark| *mark != ' ').count();
    let starts_inside = marks.starts_with('~') && marks.contains('^');
    let end = column.checked_add(u32::try_from(length).ok()?)?;
    (is_drawn && length > 0 && !starts_inside).then_some((line, end))
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(drawing: &str, place: (u32, u32), expected: Option<(u32, u32)>) {
        let lines: Vec<String> = drawing.lines().map(str::to_owned).collect();
        assert_eq!(super::end(&lines, place.0, place.1), expected);
    }

    #[test]
    fn drawings_with_a_margin() {
        let rustc = " --> a.rs:4:9\n  |\n3 | fn a() -> X {\n  |           - expected `X`\n4 |     let y = z;\n  |         ^ - here\n";
        check(rustc, (4, 9), Some((4, 10)));
        check("  |\n4 |     base(1)\n  |     ^^^^--- found\n  = note: ^^", (4, 5), Some((4, 9)));
        check("    5 |   int x = y\n      |           ^~~\n", (5, 11), Some((5, 14)));
        check("    5 |   a b\n      |     ^\n", (5, 5), None);
        check("LL |\tx(y)\n   |     ^^^^\n", (7, 2), Some((7, 6)));
        let cut =
            "LL |       let x = a\n   |  _____________^\n...  |\nLL | |         .b();\n   | |____________^\n";
        check(cut, (1, 15), None);
        check("LL | (a)\n   | ^^^\n...\nLL | y\n   | ^\n", (8, 1), Some((8, 4)));
        check("1 | a\n  | ~^~\n", (1, 2), Some((1, 4)));
        check("  |\n2 | / if a {\n3 | |     b\n4 | | }\n  | |_^ help\n", (2, 1), Some((4, 2)));
        check("  |\n2 |   x(if a {\n  |  ___^\n3 | |     b\n4 | | })\n  | |_^\n", (2, 4), Some((4, 2)));
        check("  |\n2 | x\n  |\n", (2, 1), None);
    }

    #[test]
    fn marks_below_the_source() {
        check("x.fetch(key, {}) { it }\n             ^^\n", (1, 14), Some((1, 16)));
        check("\treturn 0;\n\t^~~~~~\n", (3, 2), Some((3, 8)));
        check("    return 0;\n    ^\n", (3, 5), None);
        check("d==i;\n~^~~\n", (3, 3), None);
        check("\n1 const x: number = y;\n        ~~\n", (1, 7), Some((1, 9)));
        check("a\n- b ^\n", (1, 1), None);
        check("a\n", (1, 1), None);
    }
}
