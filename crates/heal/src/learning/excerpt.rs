use heal_exec::incidents::LONGEST_OUTPUT;
use heal_model::{Diagnostic, Span};

/// Cuts an output that is too long to keep down to the lines that its diagnostics are about, the first ones first, and
/// says where in that they are. Where there are none its end is kept, which is where most tools say what went wrong.
pub(super) fn excerpt(output: String, diagnostics: Vec<Diagnostic>) -> (String, Vec<Diagnostic>) {
    if output.len() <= LONGEST_OUTPUT {
        return (output, diagnostics);
    }
    let lines: Vec<&str> = output.split_inclusive('\n').collect();
    if diagnostics.is_empty() {
        return (end(&lines), diagnostics);
    }
    let mut is_kept = vec![false; lines.len()];
    let mut bytes = 0;
    let mut about = Vec::new();
    for diagnostic in diagnostics {
        let span = rows(diagnostic.span, lines.len());
        let new: usize = span.clone().filter(|row| !is_kept[*row]).map(|row| lines[row].len()).sum();
        if bytes + new > LONGEST_OUTPUT {
            break;
        }
        bytes += new;
        is_kept[span].fill(true);
        about.push(diagnostic);
    }
    about.iter_mut().for_each(|diagnostic| diagnostic.span = moved(diagnostic.span, &lines, &is_kept));
    let kept = lines.iter().zip(&is_kept).filter(|(_, is_kept)| **is_kept);
    (kept.map(|(line, _)| *line).collect(), about)
}

/// The lines of a span, from 0.
fn rows(span: Span, count: usize) -> std::ops::Range<usize> {
    let row = |line: u64| usize::try_from(line).unwrap_or(usize::MAX).clamp(1, count);
    row(span.first_line) - 1..row(span.last_line.max(span.first_line))
}

/// Where a span is when only some lines are kept.
fn moved(span: Span, lines: &[&str], is_kept: &[bool]) -> Span {
    let rows = rows(span, lines.len());
    let before = || (0..rows.start).filter(|row| is_kept[*row]);
    let first = before().count() as u64 + 1;
    let start = before().map(|row| lines[row].len() as u64).sum();
    let length: usize = rows.clone().map(|row| lines[row].len()).sum();
    Span { first_line: first, last_line: first + rows.len() as u64 - 1, start, end: start + length as u64 }
}

fn end(lines: &[&str]) -> String {
    let mut bytes = 0;
    let fits = lines.iter().rev().take_while(|line| {
        bytes += line.len();
        bytes <= LONGEST_OUTPUT
    });
    lines[lines.len() - fits.count()..].concat()
}

#[cfg(test)]
mod tests {
    use heal_model::{Diagnostic, Level, Span};

    use super::excerpt;

    fn about(first_line: u64, last_line: u64) -> Diagnostic {
        let mut diagnostic = Diagnostic::new("gcc", Level::Error, "no");
        diagnostic.span = Span { first_line, last_line, start: 0, end: 0 };
        diagnostic
    }

    #[test]
    fn of_a_long_output_the_lines_with_diagnostics_are_kept() {
        let mut lines = vec!["noise\n"; 20_000];
        (lines[9_000], lines[9_001], lines[15_000]) = ("a.c: no\n", "  here\n", "b.c: no\n");
        let (text, diagnostics) = excerpt(lines.concat(), vec![about(9_001, 9_002), about(15_001, 15_001)]);
        assert_eq!(text, "a.c: no\n  here\nb.c: no\n");
        let spans: Vec<Span> = diagnostics.iter().map(|diagnostic| diagnostic.span).collect();
        assert_eq!(
            spans,
            [
                Span { first_line: 1, last_line: 2, start: 0, end: 15 },
                Span { first_line: 3, last_line: 3, start: 15, end: 23 }
            ]
        );
    }

    #[test]
    fn of_one_without_diagnostics_the_end_is_kept() {
        let (text, _) = excerpt(format!("{}last\n", "noise\n".repeat(20_000)), Vec::new());
        assert!(text.ends_with("noise\nlast\n") && text.len() > 60_000 && text.len() <= 65_536);
        assert_eq!(excerpt("short".to_owned(), Vec::new()).0, "short");
    }
}
