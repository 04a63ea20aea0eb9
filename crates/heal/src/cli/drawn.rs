use heal_playbook::{Problem, Report};
use miette::{GraphicalReportHandler, GraphicalTheme, NarratableReportHandler};

use super::style::Style;

/// Of a longer line only so many characters are shown.
const WIDEST: usize = 160;
/// How many of them stand before the label.
const BEFORE: usize = 60;

/// A problem with its text underlined; without colours in plain characters. Of long lines only what is around the
/// label is shown.
pub(super) fn drawn(problem: &Problem, path: &str, text: &str, style: Style) -> String {
    let clipped = clipped(problem, text);
    let shown = match &clipped {
        Some(Clipped { problem, text }) => Report::new(problem, path, text),
        None => Report::new(problem, path, text),
    };
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut drawn = String::new();
    let result = GraphicalReportHandler::new_themed(theme).with_width(100).render_report(&mut drawn, &shown);
    if result.is_err() {
        drawn.clear();
        NarratableReportHandler::new().render_report(&mut drawn, &shown).expect("a string takes all text");
    }
    let (shown, text) = clipped.as_ref().map_or((problem, text), |clipped| (&clipped.problem, &clipped.text));
    let start = text[..shown.span.start].rfind('\n').map_or(0, |at| at + 1);
    // What is drawn counts bytes, and knows nothing of what was cut.
    let (Problem { line, column, .. }, counted) = (problem, shown.span.start - start + 1);
    drawn.replacen(&format!(":{line}:{counted}]"), &format!(":{line}:{column}]"), 1) + "\n"
}

/// A text whose long lines around a problem are cut, and the problem's place in it.
struct Clipped {
    text: String,
    problem: Problem,
}

/// Nothing where no line is long.
fn clipped(problem: &Problem, text: &str) -> Option<Clipped> {
    let near = problem.line.saturating_sub(2) as usize..=problem.end_line as usize;
    let is_long = |line: &str| line.chars().count() > WIDEST;
    if !text.lines().enumerate().any(|(number, line)| near.contains(&number) && is_long(line)) {
        return None;
    }
    let mut clipped = Clipped { text: String::new(), problem: problem.clone() };
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_end_matches(['\n', '\r']);
        let label = (number + 1 == problem.line as usize).then(|| problem.span.start.saturating_sub(start));
        let piece = match near.contains(&number) && is_long(bare) {
            true => Piece::around(bare, label.unwrap_or(0).min(bare.len())),
            false => Piece { text: bare.to_owned(), start: 0, mark: 0 },
        };
        if let Some(label) = label {
            let at = label - piece.start + piece.mark;
            let end = at + problem.span.len().min(piece.text.len().saturating_sub(at));
            clipped.problem.span = clipped.text.len() + at..clipped.text.len() + end;
        }
        clipped.text.push_str(&piece.text);
        clipped.text.push('\n');
        start += line.len();
    }
    Some(clipped)
}

/// A part of a line: where it starts in the line, in bytes, and how long the mark is that stands before it.
struct Piece {
    text: String,
    start: usize,
    mark: usize,
}

impl Piece {
    fn around(line: &str, at: usize) -> Self {
        let before = line[..at].chars().count().saturating_sub(BEFORE);
        let start = line.char_indices().nth(before).map_or(0, |(start, _)| start);
        let end = line[start..].char_indices().nth(WIDEST).map_or(line.len(), |(end, _)| start + end);
        let mark = |is_cut| if is_cut { "…" } else { "" };
        let (head, tail) = (mark(start > 0), mark(end < line.len()));
        Self { text: format!("{head}{}{tail}", &line[start..end]), start, mark: head.len() }
    }
}
