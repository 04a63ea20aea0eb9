use regex_automata::meta::BuildError;
use regex_syntax::ast::ErrorKind;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::ascii::{Boundary, ascii};
use crate::{DEEPEST, PatternError};

/// Reads a linear pattern in the form that holds for any text.
pub(crate) fn parse(source: &str, unicode: bool) -> Result<Hir, PatternError> {
    let wide = if unicode { source.to_owned() } else { ascii(source, Boundary::Flagged) };
    parser()
        .parse(&wide)
        .map_err(|error| locate(source).unwrap_or_else(|| unplaced(source, &error.to_string())))
}

/// Says what is wrong with a source that does not compile, and where.
pub(crate) fn explain(source: &str, error: &BuildError) -> PatternError {
    match error.size_limit() {
        Some(_) => PatternError::Large,
        None => locate(source).unwrap_or_else(|| unplaced(source, &error.to_string())),
    }
}

fn parser() -> regex_syntax::Parser {
    regex_syntax::ParserBuilder::new().utf8(false).multi_line(true).nest_limit(DEEPEST).build()
}

fn locate(source: &str) -> Option<PatternError> {
    let (message, span, unsupported) = match parser().parse(source).err()? {
        regex_syntax::Error::Parse(error) => {
            // An atomic group, `(?>…)`, looks like an unknown flag, and `\k<name>` like an unknown escape.
            let look = matches!(
                error.kind(),
                ErrorKind::UnsupportedLookAround
                    | ErrorKind::UnsupportedBackreference
                    | ErrorKind::FlagUnrecognized
                    | ErrorKind::EscapeUnrecognized
            );
            (error.kind().to_string(), *error.span(), look)
        }
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), *error.span(), false),
        _ => return None,
    };
    Some(PatternError::Syntax { message, span: span.start.offset..span.end.offset, unsupported })
}

fn unplaced(source: &str, message: &str) -> PatternError {
    PatternError::Syntax { message: message.to_owned(), span: 0..source.len(), unsupported: false }
}

/// The named captures of a parsed pattern, in order.
pub(crate) fn names(hir: &Hir) -> Vec<String> {
    match hir.kind() {
        HirKind::Capture(capture) => {
            let mut all: Vec<String> = capture.name.iter().map(ToString::to_string).collect();
            all.extend(names(&capture.sub));
            all
        }
        HirKind::Repetition(repetition) => names(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().flat_map(names).collect(),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => Vec::new(),
    }
}

/// A rough size in bytes of the program it compiles to, never far below the true one.
///
/// Compiling takes ten times as long as this, so only what comes near the limit is compiled to find out.
pub(crate) fn weight(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 32,
        HirKind::Literal(literal) => 32 * literal.0.len(),
        HirKind::Class(Class::Unicode(class)) => 64 + 256 * class.ranges().len(),
        HirKind::Class(Class::Bytes(class)) => 64 + 32 * class.ranges().len(),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1) as usize;
            weight(&repetition.sub).saturating_add(64).saturating_mul(times)
        }
        HirKind::Capture(capture) => weight(&capture.sub).saturating_add(96),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(weight).fold(64, usize::saturating_add)
        }
    }
}
