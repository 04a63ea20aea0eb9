use super::style::{Style, printed};
use super::wrapped::wrapped;

/// How wide a column may be set that is not the last.
const WIDEST: usize = 44;

/// A table of Markdown in columns, if the lines are one: the last column takes what is left of a page.
pub(super) fn table(lines: &[String], style: Style) -> Option<String> {
    let rows: Vec<Vec<&str>> = lines.iter().map(|line| row(line)).collect::<Option<_>>()?;
    let rule = rows.get(1)?;
    if !rule.iter().all(|cell| cell.contains("--") && cell.trim_matches([':', '-']).is_empty()) {
        return None;
    }
    let rows: Vec<&Vec<&str>> =
        rows.iter().enumerate().filter(|(place, _)| *place != 1).map(|(_, row)| row).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| printed(cell)).max().unwrap_or(0).min(WIDEST)
    };
    let widths: Vec<usize> = (1..rule.len()).map(|column| width(column - 1)).collect();
    let mut text = String::new();
    for (place, row) in rows.iter().enumerate() {
        text.push_str(&set(row, &widths, style));
        if place == 0 {
            let last = row.last().map_or(0, |cell| printed(cell));
            let lines: Vec<String> = widths.iter().chain([&last]).map(|width| "─".repeat(*width)).collect();
            text.push_str(&format!("{}\n", lines.join("  ")));
        }
    }
    Some(text)
}

/// The cells of a row; a `\|` is no border.
fn row(line: &str) -> Option<Vec<&str>> {
    let inside = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let mut cells = Vec::new();
    let mut start = 0;
    for (at, _) in inside.match_indices('|').filter(|(at, _)| !inside[..*at].ends_with('\\')) {
        cells.push(inside[start..at].trim());
        start = at + 1;
    }
    cells.push(inside[start..].trim());
    Some(cells)
}

fn set(row: &[&str], widths: &[usize], style: Style) -> String {
    let mut first = String::new();
    for (cell, width) in row.iter().zip(widths) {
        first.push_str(cell);
        first.push_str(&" ".repeat(width.saturating_sub(printed(cell)) + 2));
    }
    let below = " ".repeat(widths.iter().map(|width| width + 2).sum());
    let last = row.get(widths.len()).copied().unwrap_or_default();
    wrapped(&last.replace("\\|", "|"), &first, &below, style)
}

#[cfg(test)]
mod tests {
    use super::{Style, table};

    #[track_caller]
    fn check(source: &str, expected: Option<&str>) {
        let lines: Vec<String> = source.lines().map(str::to_owned).collect();
        let style = Style { color: false, columns: usize::MAX };
        assert_eq!(table(&lines, style).as_deref(), expected);
    }

    #[test]
    fn columns_stand_below_each_other() {
        let long = format!("{} {}", "x".repeat(50), "y".repeat(50));
        let source = format!(
            "| it says | look for |\n|---|:--|\n| a | `b` |\n| `longer one` | {long} |\n| c | d \\| e |"
        );
        let expected = format!(
            "it says       look for\n────────────  ────────\na             `b`\n`longer one`  {}\n{}{}\nc             d | e\n",
            "x".repeat(50),
            " ".repeat(14),
            "y".repeat(50)
        );
        check(&source, Some(&expected));
    }

    #[test]
    fn what_has_no_rule_below_its_first_row_is_no_table() {
        check("| a | b |\n| c | d |", None);
        check("| a |", None);
        check("plain\ntext", None);
        check("", None);
    }
}
