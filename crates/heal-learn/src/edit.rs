use heal_model::{Anchor, AnchorEnd, Occurrences, PatternKind, PatternTemplate, Template, TextEdit};

use crate::compose::Piece;
use crate::example::Example;
use crate::frame::Frame;
use crate::hole::{Breadth, Lines};
use crate::sketch::Sketch;
use crate::template::template;
use crate::token::is_word;

/// The marks that close a line, as [`crate::frame::CLOSING`] has them.
const CLOSERS: &str = ";{,:";

/// Writes a sketch as an edit of the file that an example was about, tied to the place that its diagnostic names.
pub(crate) fn edit(sketch: &Sketch, frame: Frame, breadth: Breadth, example: &Example) -> Option<TextEdit> {
    let search = match frame {
        Frame::Suggestion | Frame::Slot(_) | Frame::Block(_) | Frame::Anywhere => return None,
        Frame::Insert if breadth == Breadth::Wide => {
            let first = match sketch.pieces.first()? {
                Piece::Literal(text) => text.chars().next()?,
                Piece::Value(_) => return None,
            };
            regex_template(format!("(?<a>[^{}])", regex::escape(&first.to_string())))
        }
        Frame::Quoted if !sketch.is_literal() => regex_template("(?s:.+)".to_owned()),
        Frame::Span | Frame::Quoted => regex_template(sketch.regex(breadth, Lines::Any)?),
        Frame::Word => regex_template(format!(r"\b{}\b", sketch.regex(Breadth::Narrow, Lines::One)?)),
        Frame::Rest => regex_template(format!(
            r"{}{}(?<![ \t{CLOSERS}])(?=[ \t]*[{CLOSERS}]*[ \t]*$)",
            unopened(sketch),
            sketch.regex(breadth, Lines::One)?
        )),
        Frame::Gap => {
            let behind = match sketch.pieces.first() {
                Some(Piece::Literal(text)) if sketch.is_empty() => {
                    let first: String = text.chars().take(1).collect();
                    format!(r"(?<=[^\s{}])", regex::escape(&first))
                }
                _ => String::new(),
            };
            let token = sketch.regex(breadth, Lines::One)?;
            let gap = if sketch.pieces.is_empty() { r"[ \t]*(?<gap>\n\s*)" } else { r"(?<gap>[ \t]*\n\s*)" };
            regex_template(format!(r"{behind}{token}{gap}(?=\S)"))
        }
        Frame::Above => {
            regex_template(format!(r"^{}(?<gap>\n\s*)(?=\S)", sketch.regex(breadth, Lines::One)?))
        }
        Frame::Tail => regex_template(format!("{}$", sketch.regex(breadth, Lines::One)?)),
        Frame::Rows(_) => regex_template(format!("^{}", sketch.regex(breadth, Lines::One)?)),
        Frame::Lines(_) => regex_template(format!("^{}$", sketch.regex(breadth, Lines::One)?)),
        _ => regex_template(sketch.regex(breadth, Lines::One)?),
    };
    let line = match frame {
        Frame::Rows(offset) | Frame::Lines(offset) if offset != 0 => {
            Template(format!("{{{{add {} {offset}}}}}", example.site.line()))
        }
        _ => Template(format!("{{{{{}}}}}", example.site.line())),
    };
    let column = match frame {
        Frame::Rows(_) | Frame::Lines(_) => Some("1".into()),
        _ if matches!(frame, Frame::Word | Frame::Gap | Frame::Above) || !example.has_column => None,
        _ => Some("{{column}}".into()),
    };
    let to = matches!(frame, Frame::Quoted | Frame::Span)
        .then(|| AnchorEnd { line: "{{end_line}}".into(), column: "{{end_column}}".into() });
    let pieces = match (frame, breadth) {
        (Frame::Insert, Breadth::Wide) => inserted(sketch)?,
        (Frame::Gap | Frame::Above, _) => [&sketch.pieces[..], &[Piece::Value("gap".to_owned())]].concat(),
        _ => sketch.pieces.clone(),
    };
    Some(TextEdit {
        files: vec![example.site.file(&example.path)?],
        search,
        replace: template(&pieces)?,
        occurrences: if frame == Frame::Word { Occurrences::All } else { Occurrences::One },
        at: Some(Anchor { line, column, within: 0, to }),
    })
}

/// Bars the mark that a replacement begins with and the pattern does not: so it leaves alone what it made.
fn unopened(sketch: &Sketch) -> String {
    let mark = match sketch.pieces.first() {
        Some(Piece::Literal(text)) => text.chars().next().filter(|&first| !is_word(first)),
        _ => None,
    };
    mark.map_or_else(String::new, |mark| format!("(?!{})", regex::escape(&mark.to_string())))
}

/// What is put in before the next character, whatever that is.
fn inserted(sketch: &Sketch) -> Option<Vec<Piece>> {
    let mut pieces = sketch.pieces.clone();
    match (pieces.last_mut()?, sketch.is_literal()) {
        (Piece::Literal(text), true) => {
            text.pop();
        }
        (Piece::Value(_), _) => {
            pieces.pop();
        }
        (Piece::Literal(_), false) => return None,
    }
    pieces.push(Piece::Value("a".to_owned()));
    Some(pieces)
}

fn regex_template(source: String) -> PatternTemplate {
    PatternTemplate { source: Template(source), kind: PatternKind::Regex }
}
